package io.spillway.jobs.load;

import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes Kafka records of event numbers, in the sink's own thread: nothing bigger travels to it.
 * Opening it, before the schedule starts, asks the broker for the topics and makes some records for
 * nobody, so that the first events are not late for the loading of classes.
 */
public final class LoadSerializer implements KafkaRecordSerializationSchema<Long> {
  private static final long serialVersionUID = 1L;

  private static final int WARM_UP = 10_000;

  private final LoadOptions options;
  private transient LoadEvents events;

  public LoadSerializer(LoadOptions options) {
    this.options = options;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    options.topics().forEach(sink::getPartitionsForTopic);
    events = new LoadEvents(options);
    for (int i = 0; i < WARM_UP; i++) {
      events.record(i, 0);
    }
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Long event, KafkaSinkContext context, Long dueMillis) {
    return events.record(event, dueMillis);
  }
}
