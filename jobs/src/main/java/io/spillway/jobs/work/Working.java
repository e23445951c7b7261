package io.spillway.jobs.work;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.UnitHash;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventData;
import io.spillway.event.EventLimits;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.clock.Clock;
import org.apache.flink.util.clock.SystemClock;

/**
 * The expensive stage of a job: decodes an event, works on it for as long as {@link SimulatedWork}
 * says, and passes its result on. A payload that cannot be read is a dead letter, before any work
 * is spent on it. Stateless.
 */
public final class Working<R> extends ProcessFunction<AdmittedEvent, R> {
  /** One for each event fully processed; empty unless receipts are asked for. */
  public static final OutputTag<Receipt> RECEIPTS =
      new OutputTag<>("receipts", TypeInformation.of(Receipt.class));

  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("unreadable payloads", TypeInformation.of(DeadLetter.class));

  private static final long serialVersionUID = 1L;

  private final EventWork<R> events;
  private final EventLimits limits;
  private final AdmissionOptions admission;
  private final SimulatedWork work;
  private final boolean withReceipts;

  private transient Clock clock;
  private transient UnitHash units;
  private transient Histogram[] latencyMillis;
  private transient Counter badPayloads;

  /**
   * @param events what the job makes of an event
   * @param admission how events were drawn that come to it
   */
  public Working(
      EventWork<R> events,
      EventLimits limits,
      AdmissionOptions admission,
      SimulatedWork work,
      boolean withReceipts) {
    this.events = events;
    this.limits = limits;
    this.admission = admission;
    this.work = work;
    this.withReceipts = withReceipts;
  }

  @Override
  public void open(OpenContext context) {
    clock = SystemClock.getInstance();
    units = new UnitHash(admission);
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    latencyMillis = new Histogram[Priority.COUNT];
    for (Priority priority : Priority.values()) {
      latencyMillis[priority.ordinal()] = metrics.endToEndLatencyMillis(priority);
    }
    badPayloads = metrics.deadLetters(DeadLetter.Reason.BAD_PAYLOAD);
  }

  @Override
  public void processElement(AdmittedEvent event, Context context, Collector<R> out)
      throws InterruptedException {
    EventAttributes attributes = EventAttributes.read(event.raw(), limits);
    R result;
    try {
      long unit = units.of(event.raw(), attributes.id());
      result = events.read(event, attributes, unit, EventData.of(event.raw()));
    } catch (BadPayload e) {
      badPayloads.inc();
      context.output(
          DEAD_LETTERS, new DeadLetter(event.raw(), DeadLetter.Reason.BAD_PAYLOAD, e.getMessage()));
      return;
    }
    work.perform();
    events.beside(result, attributes, context);
    out.collect(result);
    if (withReceipts) {
      context.output(RECEIPTS, Receipt.of(event, attributes));
    }
    latencyMillis[event.priority().ordinal()].update(
        clock.absoluteTimeMillis() - attributes.sentMillis());
  }
}
