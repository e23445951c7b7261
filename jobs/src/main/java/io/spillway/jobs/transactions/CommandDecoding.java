package io.spillway.jobs.transactions;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventData;
import io.spillway.event.EventLimits;
import io.spillway.jobs.work.BadPayload;
import io.spillway.jobs.work.Receipt;
import io.spillway.metrics.SpillwayMetrics;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Makes a command of an event. What cannot be one is a dead letter with its bytes: a payload that
 * cannot be read, and an event without the id and source by which a second copy of it would be
 * known. Stateless.
 */
public final class CommandDecoding extends ProcessFunction<AdmittedEvent, Command> {
  public static final String UID = "decode";
  public static final String NAME = "decode commands";

  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("unreadable commands", TypeInformation.of(DeadLetter.class));

  private static final long serialVersionUID = 1L;

  /** Ids and sources are kept in state for a long time. */
  private static final int MAX_IDENTITY_BYTES = 512;

  private final EventLimits limits;

  private transient Counter badPayloads;
  private transient Counter badHeaders;

  public CommandDecoding(EventLimits limits) {
    this.limits = limits;
  }

  @Override
  public void open(OpenContext context) {
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    badPayloads = metrics.deadLetters(DeadLetter.Reason.BAD_PAYLOAD);
    badHeaders = metrics.deadLetters(DeadLetter.Reason.BAD_HEADER);
  }

  @Override
  public void processElement(AdmittedEvent event, Context context, Collector<Command> out) {
    EventAttributes attributes = EventAttributes.read(event.raw(), limits);
    String missing = missing(attributes);
    if (missing != null) {
      badHeaders.inc();
      context.output(
          DEAD_LETTERS, new DeadLetter(event.raw(), DeadLetter.Reason.BAD_HEADER, missing));
      return;
    }
    Command command;
    try {
      command = command(event, attributes);
    } catch (BadPayload e) {
      badPayloads.inc();
      context.output(
          DEAD_LETTERS, new DeadLetter(event.raw(), DeadLetter.Reason.BAD_PAYLOAD, e.getMessage()));
      return;
    }
    out.collect(command);
  }

  private static Command command(AdmittedEvent event, EventAttributes attributes)
      throws BadPayload {
    CommandType type = CommandType.of(attributes.type());
    CommandPayload payload = CommandPayload.read(type, EventData.of(event.raw()));
    return new Command(
        new String(attributes.id(), StandardCharsets.UTF_8),
        type,
        payload.account(),
        payload.merchant(),
        payload.amountMinor(),
        payload.currency(),
        event.eventTimeMillis(),
        Receipt.of(event, attributes));
  }

  private static String missing(EventAttributes attributes) {
    if (attributes.type() == null) {
      return CloudEventHeaders.TYPE + " is missing";
    }
    String id = missing(CloudEventHeaders.ID, attributes.id());
    return id == null ? missing(CloudEventHeaders.SOURCE, attributes.sourceBytes()) : id;
  }

  private static String missing(String header, byte[] value) {
    if (value == null) {
      return header + " is missing: a second copy of the command could not be told";
    }
    return value.length <= MAX_IDENTITY_BYTES
        ? null
        : header + " is longer than " + MAX_IDENTITY_BYTES + " bytes";
  }
}
