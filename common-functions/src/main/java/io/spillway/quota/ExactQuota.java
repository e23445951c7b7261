package io.spillway.quota;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Set;
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
 * <p>It stands behind admission, where offsets no longer come in order, so what it turns away is
 * not in the ledger: it is a dead letter, whole. Goes by the options it was made with; no policy
 * reaches it. Where it stands on two lanes, a source has a quota on each.
 *
 * <p>State is forgotten when a bucket has had time to fill up twice: a full one is the same as
 * none. Time is the processing time of the operator.
 */
public final class ExactQuota extends KeyedProcessFunction<String, AdmittedEvent, AdmittedEvent> {
  /** Stage uid, without lane and version. */
  public static final String UID = "exact-quota";

  public static final String NAME = "Hold quotas";

  /** Events over the quota of their source. */
  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("over-quota", TypeInformation.of(DeadLetter.class));

  private static final long serialVersionUID = 1L;
  private static final long MILLI = 1_000_000;
  private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(1);

  private final QuotaOptions options;
  private final Set<Priority> free;
  private transient ValueState<Saved> saved;
  private transient Counter overQuota;

  /** A bucket in state. */
  public record Saved(double permits, long atNanos) {}

  /**
   * @param options rates and burst; by what events are keyed is {@link QuotaName}
   * @param free priorities that nobody has a quota for
   */
  public ExactQuota(QuotaOptions options, Set<Priority> free) {
    this.options = options;
    this.free = Set.copyOf(free);
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
    overQuota =
        new SpillwayMetrics(getRuntimeContext().getMetricGroup())
            .deadLetters(DeadLetter.Reason.OVER_QUOTA);
  }

  @Override
  public void processElement(AdmittedEvent event, Context context, Collector<AdmittedEvent> out)
      throws Exception {
    Quota quota = free.contains(event.priority()) ? null : options.quotaOf(context.getCurrentKey());
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
      overQuota.inc();
      context.output(
          DEAD_LETTERS,
          new DeadLetter(
              event.raw(),
              DeadLetter.Reason.OVER_QUOTA,
              "'%s' is over its quota of %s events a second"
                  .formatted(context.getCurrentKey(), quota.ratePerSecond())));
    }
  }
}
