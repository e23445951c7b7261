package io.spillway.admission;

import io.spillway.event.DeadLetter;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.policy.PolicyEvent;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.Priority;
import io.spillway.quota.NamedQuotas;
import io.spillway.quota.Quota;
import io.spillway.quota.Rejections;
import io.spillway.quota.TokenBucket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Quotas that hold whatever partitions and subtasks the events of a source come on: a stage keyed
 * by its name, with the {@link TokenBucket} in state, so that a restart or another parallelism
 * gives nobody more. Costs a shuffle and a look at state for each event; {@link
 * io.spillway.quota.LocalQuotas} in admission costs neither. Where it stands on two lanes, a source
 * has a quota on each.
 *
 * <p>What it turns away is told as admission tells it, in problem records and in the counts of
 * windows, but it is a dead letter and not in the ledger. An entry of the ledger speaks for a whole
 * range of offsets, and a later one corrects it; behind the shuffle a subtask sees some offsets of
 * a range, and after a failure with another parallelism none is there to correct what it said. A
 * dead letter speaks for one event.
 *
 * <p>Follows policies as admission does; what was used stays used. A bucket is forgotten by a timer
 * when it is full again, for a full one is the same as none: however long that takes under the
 * policy in force. Time is the processing time of the operator.
 */
final class ExactQuotaOperator extends AbstractStreamOperator<AdmittedEvent>
    implements OneInputStreamOperator<AdmittedEvent, AdmittedEvent>,
        OperatorEventHandler,
        Triggerable<String, VoidNamespace> {
  /** Stage uid, without lane and version. */
  static final String UID = "exact-quota";

  static final String NAME = "Hold quotas";

  private static final long serialVersionUID = 1L;
  private static final long MILLI = 1_000_000;
  private static final long TELL_EVERY_MILLIS = 1_000;
  private static final long SHORTEST_MEMORY_MILLIS = 1_000;
  private static final long LONGEST_MEMORY_MILLIS = 86_400_000;

  private final AdmissionOptions own;
  private final EventLimits limits;
  private final RejectionCounting counting;
  private final PolicyFeed policies;

  private transient FollowedPolicy followed;
  private transient NamedQuotas quotas;
  private transient Set<Priority> free;
  private transient ValueState<TokenBucket.Saved> saved;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient Rejections overQuota;
  private transient RejectionCounts counts;
  private transient Counter letters;

  /**
   * @param own the job's options
   * @param counting by what to count the events that are over a quota; null for not at all
   * @param policies those to follow; null for none
   */
  ExactQuotaOperator(
      AdmissionOptions own, EventLimits limits, RejectionCounting counting, PolicyFeed policies) {
    this.own = own;
    this.limits = limits;
    this.counting = counting;
    this.policies = policies;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    followed = new FollowedPolicy(own, policies);
    followed.initialize(context.getOperatorStateStore());
    saved =
        context
            .getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>("saved", TypeInformation.of(TokenBucket.Saved.class)));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    followed.snapshot();
  }

  @Override
  public void open() throws Exception {
    super.open();
    SpillwayMetrics metrics = new SpillwayMetrics(getMetricGroup());
    letters = metrics.deadLetters(DeadLetter.Reason.OVER_QUOTA);
    if (counting != null) {
      counts = new RejectionCounts(counting, metrics.partialsOverflowed());
    }
    timers = getInternalTimerService("full-again", VoidNamespaceSerializer.INSTANCE, this);
    overQuota = new Rejections(nowMillis());
    goByThePolicy();
    getProcessingTimeService()
        .scheduleWithFixedDelay(time -> tellRejections(), TELL_EVERY_MILLIS, TELL_EVERY_MILLIS);
  }

  @Override
  public void processElement(StreamRecord<AdmittedEvent> element) throws Exception {
    AdmittedEvent event = element.getValue();
    String name = (String) getCurrentKey();
    Quota quota = free.contains(event.priority()) ? null : quotas.of(name);
    if (quota == null) {
      output.collect(element);
      return;
    }
    long now = nowMillis() * MILLI;
    TokenBucket.Saved last = saved.value();
    TokenBucket bucket = last == null ? new TokenBucket(quota, now) : last.bucket();
    boolean passes = bucket.take(quota, 1, now) == 1;
    saved.update(bucket.saved());
    if (last == null) {
      lookAgainWhenFull(bucket, quota, now);
    }
    if (passes) {
      output.collect(element);
    } else {
      turnAway(event, name, quota, bucket.nanosUntilOne(quota, now));
    }
  }

  private void turnAway(AdmittedEvent event, String name, Quota quota, long retryAfterNanos) {
    letters.inc();
    overQuota.add(
        name.getBytes(StandardCharsets.UTF_8),
        event.raw(),
        event.priority(),
        quota.ratePerSecond(),
        Math.min(retryAfterNanos, AdmissionOperator.LONGEST_RETRY_NANOS) / MILLI);
    if (counts != null) {
      EventAttributes attributes = EventAttributes.read(event.raw(), limits);
      // Admission may have kept only some events like this one: it stands for those it did not.
      double chance = attributes.sampledRate() / event.weight();
      counts.add(event.raw(), attributes, Strata.of(event.priority(), chance), this::emitRejected);
    }
    output.collect(
        AdmissionOperator.DEAD_LETTERS,
        new StreamRecord<>(
            new DeadLetter(
                event.raw(),
                DeadLetter.Reason.OVER_QUOTA,
                "'%s' is over its quota of %s events a second"
                    .formatted(name, quota.ratePerSecond()))));
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    TokenBucket.Saved last = saved.value();
    Quota quota = quotas.of(timer.getKey());
    long now = nowMillis() * MILLI;
    if (last == null || quota == null || last.bucket().nanosUntilFull(quota, now) == 0) {
      saved.clear();
    } else {
      lookAgainWhenFull(last.bucket(), quota, now);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("a bucket fills in processing time");
  }

  private void lookAgainWhenFull(TokenBucket bucket, Quota quota, long now) {
    long millis = bucket.nanosUntilFull(quota, now) / MILLI + 1;
    timers.registerProcessingTimeTimer(
        VoidNamespace.INSTANCE,
        nowMillis() + Math.max(SHORTEST_MEMORY_MILLIS, Math.min(LONGEST_MEMORY_MILLIS, millis)));
  }

  /** Called in the task's thread, between two events. */
  @Override
  public void handleOperatorEvent(OperatorEvent event) {
    if (event instanceof PolicyEvent.Changed changed
        && !changed.policy().equals(followed.policy())) {
      followed.follow(changed.policy());
      goByThePolicy();
    }
  }

  private void goByThePolicy() {
    quotas = new NamedQuotas(followed.options().quotas());
    free = followed.options().neverTurnedAway();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (counts != null) {
      counts.close(mark.getTimestamp(), this::emitRejected);
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    tellAll();
  }

  @Override
  public void finish() throws Exception {
    tellAll();
    super.finish();
  }

  private void tellAll() {
    tellRejections();
    if (counts != null) {
      counts.closeAll(this::emitRejected);
    }
  }

  private void tellRejections() {
    overQuota.close(
        nowMillis(),
        rejection -> output.collect(AdmissionOperator.OVER_QUOTA, new StreamRecord<>(rejection)));
  }

  private void emitRejected(RejectedEvents events) {
    output.collect(AdmissionOperator.REJECTED, new StreamRecord<>(events, events.toMillis() - 1));
  }

  private long nowMillis() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }
}
