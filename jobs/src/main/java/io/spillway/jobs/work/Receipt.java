package io.spillway.jobs.work;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;

/**
 * Says that one event was fully processed: its place in the input and what is needed to measure
 * latency and loss from outside the job.
 *
 * @param source empty where the event has none
 * @param sequence 0 where the event has none
 * @param sentMillis when it was meant to be sent, in milliseconds since the epoch
 * @param weight how many events it stands for
 */
public record Receipt(
    String topic,
    int partition,
    long offset,
    String source,
    long sequence,
    Priority priority,
    long sentMillis,
    double weight) {

  /** The receipt of this event. */
  public static Receipt of(AdmittedEvent event, EventAttributes attributes) {
    RawEvent raw = event.raw();
    String source = attributes.source();
    return new Receipt(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        source == null ? "" : source,
        attributes.sequence(),
        event.priority(),
        attributes.sentMillis(),
        event.weight());
  }

  /** This receipt as it is written to Kafka. */
  public byte[] toJson() {
    return new JsonObject()
        .with("topic", topic)
        .with("partition", partition)
        .with("offset", offset)
        .with("source", source)
        .with("sequence", sequence)
        .with("priority", priority.wireName())
        .with("sent", sentMillis)
        .with("weight", weight)
        .utf8();
  }
}
