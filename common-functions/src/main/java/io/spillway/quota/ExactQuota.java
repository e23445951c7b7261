package io.spillway.quota;

import io.spillway.admission.Outcome;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Quotas that hold whatever partitions and subtasks the events of a source come on: a stage keyed
 * by its name, with the {@link TokenBucket} in state, so that a restart or another parallelism
 * gives nobody more. Costs a shuffle and a look at state for each event; {@link LocalQuotas} in
 * admission costs neither.
 *
 * <p>It stands behind admission, where offsets no longer come in order, so what it throttles is not
 * in the ledger: it is in the metrics and, itself, in the side output, and the job decides where it
 * goes. Goes by the options it was made with; no policy reaches it.
 *
 * <p>State is forgotten when a bucket has had time to fill up twice: a full one is the same as
 * none. Time is the processing time of the operator.
 *
 * @param <T> type of the events
 */
public final class ExactQuota<T> extends KeyedProcessFunction<String, T, T> {
  private static final long serialVersionUID = 1L;
  private static final long MILLI = 1_000_000;
  private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(1);

  private final QuotaOptions options;
  private final PriorityOf<T> priorityOf;
  private final OutputTag<T> throttled;
  private transient ValueState<Saved> saved;
  private transient Counter[] counters;

  /** Where an event's priority is. */
  @FunctionalInterface
  public interface PriorityOf<T> extends Serializable {
    /** The priority of this event. */
    Priority of(T event);
  }

  /** A bucket in state. */
  public record Saved(double permits, long atNanos) {}

  /**
   * @param options rates and burst; by what events are keyed is for the stream to say
   * @param throttled where events go that are over the quota of their key
   */
  public ExactQuota(QuotaOptions options, PriorityOf<T> priorityOf, OutputTag<T> throttled) {
    this.options = options;
    this.priorityOf = priorityOf;
    this.throttled = throttled;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<Saved> descriptor =
        new ValueStateDescriptor<>("bucket", TypeInformation.of(Saved.class));
    Duration fill = options.burst().multipliedBy(2);
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(fill.compareTo(SHORTEST_MEMORY) > 0 ? fill : SHORTEST_MEMORY)
            .build());
    saved = getRuntimeContext().getState(descriptor);
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    counters = new Counter[Priority.COUNT];
    for (Priority priority : Priority.values()) {
      counters[priority.ordinal()] = metrics.eventsRejected(priority, Outcome.THROTTLED);
    }
  }

  @Override
  public void processElement(T event, Context context, Collector<T> out) throws Exception {
    Quota quota = options.quotaOf(context.getCurrentKey());
    if (quota == null) {
      out.collect(event);
      return;
    }
    long now = context.timerService().currentProcessingTime() * MILLI;
    Saved last = saved.value();
    TokenBucket bucket =
        last == null
            ? new TokenBucket(quota, now)
            : new TokenBucket(last.permits(), last.atNanos());
    boolean passes = bucket.take(quota, 1, now) == 1;
    saved.update(new Saved(bucket.permits(), bucket.atNanos()));
    if (passes) {
      out.collect(event);
    } else {
      counters[priorityOf.of(event).ordinal()].inc();
      context.output(throttled, event);
    }
  }
}
