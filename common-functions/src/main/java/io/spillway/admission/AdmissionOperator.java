package io.spillway.admission;

import io.spillway.edge.AdmissionReport;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LedgerBook;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Terms;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyEvent;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import io.spillway.quota.LocalQuotas;
import io.spillway.quota.Rejection;
import io.spillway.quota.Rejections;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.clock.Clock;

/**
 * Classifies each raw event, decides on it and puts it on its lane; what is turned away goes to the
 * ledger, what cannot be read to the dead letters. Chained to the source, so an event that is
 * turned away has cost its fetch and one look at its headers.
 *
 * <p>State is the policy in force and nothing else: ledger entries leave before the barrier of the
 * checkpoint that covers them, and the controller learns the capacity anew within some ticks of a
 * restart. When the policy changes, the open ranges of the ledger are closed first, so that each
 * entry was decided under one policy.
 */
class AdmissionOperator extends AbstractStreamOperator<AdmittedEvent>
    implements OneInputStreamOperator<RawEvent, AdmittedEvent>, OperatorEventHandler {

  static final OutputTag<LedgerEntry> LEDGER =
      new OutputTag<>("ledger", TypeInformation.of(LedgerEntry.class));
  static final OutputTag<RejectedEvents> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(RejectedEvents.class));
  static final OutputTag<Rejection> OVER_QUOTA =
      new OutputTag<>("over-quota", TypeInformation.of(Rejection.class));
  static final OutputTag<AdmissionReport> REPORTS =
      new OutputTag<>("reports", TypeInformation.of(AdmissionReport.class));
  static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

  /** Nobody is told to come again later than this: quotas change. */
  static final long LONGEST_RETRY_NANOS = 60_000_000_000L;

  private static final long serialVersionUID = 1L;
  private static final double NANOS = 1e9;
  private static final long LEDGER_EVERY_NANOS = 1_000_000_000L;
  private static final int SIZE_SAMPLE_MASK = 15;
  private static final double SIZE_GAIN = 0.05;

  private final AdmissionOptions options;
  private final EventLimits limits;
  private final PriorityRules rules;
  private final String ledgerLane;
  private final List<Lane> lanes;
  private final RejectionCounting counting;
  private final PolicyFeed policies;

  private transient FollowedPolicy followed;
  private transient RulesInForce inForce;
  private transient boolean finished;
  private transient Clock clock;
  private transient EventHash hash;
  private transient LocalQuotas quotas;
  private transient Rejections overQuota;
  private transient AdmissionReports reports;
  private transient KeepThresholds thresholds;
  private transient KeepChances chances;
  private transient AdmissionControl controller;
  private transient QueueDelay queueDelay;
  private transient LedgerBook book;
  private transient RejectionCounts counts;
  private transient int[] stratumOf;
  private transient boolean wholeKeys;
  private transient double chance;
  private transient int[] laneOf;
  private transient int express;
  private transient OutputTag<AdmittedEvent>[] tags;
  private transient LaneBuffers[] buffers;
  private transient AdmissionCounters counters;
  private transient Consumer<RejectedEvents> rejected;
  private transient JobID job;
  private transient long[] arrivedInTick;
  private transient long[] admittedInTick;
  private transient long lastTickNanos;
  private transient long lastLedgerNanos;
  private transient long newestTimestampMillis;
  private transient long admittedCount;
  private transient double meanBytes;

  /**
   * @param lanes the lanes this operator serves, the more important first; events of other lanes
   *     are somebody else's and pass unseen
   * @param counting by what to count the events that are not admitted; null for not at all
   * @param policies those to follow; null for none
   */
  AdmissionOperator(
      AdmissionOptions options,
      EventLimits limits,
      PriorityRules rules,
      String ledgerLane,
      List<Lane> lanes,
      RejectionCounting counting,
      PolicyFeed policies) {
    this.options = options;
    this.limits = limits;
    this.rules = rules;
    this.ledgerLane = ledgerLane;
    this.lanes = List.copyOf(lanes);
    this.counting = counting;
    this.policies = policies;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    followed = new FollowedPolicy(options, policies);
    followed.initialize(context.getOperatorStateStore());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    followed.snapshot();
  }

  @Override
  public void open() throws Exception {
    super.open();
    clock = getProcessingTimeService().getClock();
    hash = new EventHash(options.seed());
    wholeKeys = options.samplingUnit() == SamplingUnit.KEY;
    thresholds = new KeepThresholds();
    // A share that changes with what a source sends would cut its keys to pieces.
    chances = new KeepChances(thresholds, options.fairSources() && !wholeKeys);
    controller = options.control().create(followed.options());
    inForce = new RulesInForce(followed.options(), controller);
    queueDelay = new QueueDelay();
    book = new LedgerBook(ledgerLane);
    stratumOf = new int[Priority.COUNT];
    keepAsTheControllerSays();
    arrivedInTick = new long[Priority.COUNT];
    admittedInTick = new long[Priority.COUNT];
    lastTickNanos = clock.relativeTimeNanos();
    lastLedgerNanos = lastTickNanos;
    if (options.quotas().local()) {
      quotas = new LocalQuotas(followed.options().quotas(), lastTickNanos);
      overQuota = new Rejections(clock.absoluteTimeMillis());
    }
    if (options.publishes()) {
      reports =
          new AdmissionReports(
              getRuntimeContext().getJobInfo().getJobName(),
              ledgerLane + "-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
              followed.options());
    }
    job = getRuntimeContext().getJobInfo().getJobId();
    openLanes();
    openMetrics();
    if (options.enabled()) {
      long tickMillis = options.tick().toMillis();
      getProcessingTimeService().scheduleWithFixedDelay(t -> tick(), tickMillis, tickMillis);
    }
  }

  @Override
  public void processElement(StreamRecord<RawEvent> element) {
    RawEvent raw = element.getValue();
    EventAttributes attributes = EventAttributes.read(raw, limits);
    boolean readable = attributes.problem() == null;
    Priority priority = readable ? rules.classify(attributes) : Priority.NORMAL;
    int lane = laneOf[priority.ordinal()];
    if (options.enabled() && (lane < 0 || !readable)) {
      book.passOver(raw);
    }
    if (lane < 0) {
      return;
    }
    if (!readable) {
      counters.deadLetter(attributes.problem());
      DeadLetter letter = new DeadLetter(raw, attributes.problem(), attributes.detail());
      output.collect(DEAD_LETTERS, new StreamRecord<>(letter));
      return;
    }
    newestTimestampMillis = raw.timestampMillis();
    arrivedInTick[priority.ordinal()]++;
    counters.seen(priority);
    chance = 1;
    Outcome outcome = options.enabled() ? decide(raw, attributes, priority, lane) : Outcome.ADMIT;
    if (options.enabled()) {
      book.record(raw, priority, outcome);
    }
    if (reports != null && outcome != Outcome.EXPIRED && outcome != Outcome.THROTTLED) {
      reports.seen(raw, priority);
    }
    if (outcome != Outcome.ADMIT) {
      counters.rejected(priority, outcome);
      if (counts != null) {
        counts.add(raw, attributes, stratum(priority), rejected);
      }
      return;
    }
    admittedInTick[priority.ordinal()]++;
    counters.admitted(priority);
    if ((admittedCount++ & SIZE_SAMPLE_MASK) == 0) {
      meanBytes = meanBytes == 0 ? raw.size() : meanBytes + SIZE_GAIN * (raw.size() - meanBytes);
    }
    double weight = attributes.sampledRate() / chance;
    AdmittedEvent event = new AdmittedEvent(raw, priority, attributes.eventTimeMillis(), weight);
    output.collect(tags[lane], element.replace(event));
    if (lane == express) {
      buffers[lane].sendNow();
    }
  }

  /** Decides, and leaves in {@link #chance} how probable it was that an event like this stays. */
  private Outcome decide(RawEvent raw, EventAttributes attributes, Priority priority, int lane) {
    chance = thresholds.probability(priority);
    long expiryMillis = attributes.expiryMillis();
    if (inForce.deadlines().apply(priority, expiryMillis)
        && inForce
            .deadlines()
            .passed(priority, expiryMillis, raw.timestampMillis(), clock.absoluteTimeMillis())) {
      return Outcome.EXPIRED;
    }
    if (inForce.waitsFor(priority)) {
      // Whatever the controller says of it.
      chance = 1;
      return Outcome.ADMIT;
    }
    if (quotas != null && isOverQuota(raw, attributes, priority)) {
      return Outcome.THROTTLED;
    }
    chance = chances.of(priority, raw, attributes);
    double above = lane == 0 ? 0 : buffers[0].fill();
    if (wholeKeys) {
      return decideByKey(raw, attributes, priority, buffers[lane].fill(), above);
    }
    if (!chances.keeps(priority, chance, hash.of(raw, attributes.id()))) {
      return noRoom(priority, Outcome.SHED);
    }
    if (!inForce.gate().admits(priority, buffers[lane].fill(), above)) {
      return noRoom(priority, Outcome.LANE_FULL);
    }
    chances.admitted();
    return Outcome.ADMIT;
  }

  private boolean isOverQuota(RawEvent raw, EventAttributes attributes, Priority priority) {
    long now = clock.relativeTimeNanos();
    byte[] name = quotas.nameOf(raw, attributes);
    if (quotas.admits(name, now)) {
      return false;
    }
    // Nobody waits for it, so it is no load that the workers or more of them could take.
    arrivedInTick[priority.ordinal()]--;
    long retryAfterMillis = quotas.retryAfterNanos(now, LONGEST_RETRY_NANOS) / 1_000_000;
    overQuota.add(name, raw, priority, quotas.lastRatePerSecond(), retryAfterMillis);
    return true;
  }

  private Outcome decideByKey(
      RawEvent raw, EventAttributes attributes, Priority priority, double fill, double above) {
    long keyHash = hash.ofKey(raw, attributes.id());
    boolean kept = KeepThresholds.keeps(chance, keyHash);
    chance *= inForce.gate().share(priority, fill, above);
    if (!kept) {
      return noRoom(priority, Outcome.SHED);
    }
    return KeepThresholds.keeps(chance, keyHash)
        ? Outcome.ADMIT
        : noRoom(priority, Outcome.LANE_FULL);
  }

  private Outcome noRoom(Priority priority, Outcome otherwise) {
    return inForce.defers(priority) ? Outcome.DEFERRED : otherwise;
  }

  private int stratum(Priority priority) {
    return chance == thresholds.probability(priority)
        ? stratumOf[priority.ordinal()]
        : Strata.of(priority, chance);
  }

  private void tick() {
    long now = clock.relativeTimeNanos();
    double seconds = (now - lastTickNanos) / NANOS;
    double fill = 0;
    double queuedBytes = 0;
    for (int i = 0; i < buffers.length; i++) {
      LaneBuffers lane = buffers[i];
      lane.refresh(DownstreamBuffers.fill(job, lanes.get(i).name()));
      fill = Math.max(fill, lane.fill());
      queuedBytes += lane.queuedBytes();
    }
    if (newestTimestampMillis > 0) {
      queueDelay.observe(clock.absoluteTimeMillis(), newestTimestampMillis);
      newestTimestampMillis = 0;
    }
    controller.tick(
        new OverloadController.Tick(
            seconds,
            arrivedInTick,
            admittedInTick,
            queuedBytes / Math.max(1, meanBytes),
            fill,
            queueDelay.millis()));
    lastTickNanos = now;
    for (Priority priority : Priority.values()) {
      arrivedInTick[priority.ordinal()] = 0;
      admittedInTick[priority.ordinal()] = 0;
    }
    keepAsTheControllerSays();
    chances.tick(seconds);
    if (reports != null) {
      reports.tick(controller);
    }
    if (now - lastLedgerNanos >= LEDGER_EVERY_NANOS) {
      book.closeUnlessQuiet(terms(), this::emitEntry);
      closeCounts();
      closeRejections();
      if (reports != null) {
        reports.report(
            (now - lastLedgerNanos) / NANOS,
            followed.policy().version(),
            clock.absoluteTimeMillis(),
            report -> output.collect(REPORTS, new StreamRecord<>(report)));
      }
      lastLedgerNanos = now;
    }
  }

  private void keepAsTheControllerSays() {
    for (Priority priority : Priority.values()) {
      thresholds.set(priority, controller.keep(priority));
      stratumOf[priority.ordinal()] = Strata.of(priority, thresholds.probability(priority));
    }
  }

  /** Called in the task's thread, between two events. */
  @Override
  public void handleOperatorEvent(OperatorEvent event) {
    if (finished) {
      return;
    }
    if (event instanceof PolicyEvent.Changed changed) {
      follow(changed.policy());
    } else if (event instanceof PolicyEvent.Refused refused) {
      counters.deadLetter(refused.letter().reason());
      output.collect(DEAD_LETTERS, new StreamRecord<>(refused.letter()));
    }
  }

  private void follow(Policy policy) {
    if (policy.equals(followed.policy())) {
      return;
    }
    closeLedger();
    followed.follow(policy);
    inForce = new RulesInForce(followed.options(), controller);
    controller.follow(followed.options());
    if (quotas != null) {
      quotas.follow(followed.options().quotas());
    }
    if (reports != null) {
      reports.follow(followed.options());
    }
    keepAsTheControllerSays();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (counts != null) {
      counts.close(mark.getTimestamp(), rejected);
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    closeLedger();
  }

  @Override
  public void finish() throws Exception {
    closeLedger();
    finished = true;
    super.finish();
  }

  /** Sends the record of what was not admitted on: by offset, and by key and time. */
  private void closeLedger() {
    book.close(terms(), this::emitEntry);
    closeCounts();
    closeRejections();
  }

  private void closeCounts() {
    if (counts != null) {
      counts.closeAll(rejected);
    }
  }

  private void closeRejections() {
    if (overQuota != null) {
      overQuota.close(
          clock.absoluteTimeMillis(),
          rejection -> output.collect(OVER_QUOTA, new StreamRecord<>(rejection)));
    }
  }

  private Terms terms() {
    double[] keep = new double[Priority.COUNT];
    for (Priority priority : Priority.values()) {
      keep[priority.ordinal()] = thresholds.probability(priority);
    }
    return new Terms(followed.policy().version(), keep, clock.absoluteTimeMillis());
  }

  private void emitEntry(LedgerEntry entry) {
    output.collect(LEDGER, new StreamRecord<>(entry));
  }

  private void emitRejected(RejectedEvents events) {
    output.collect(REJECTED, new StreamRecord<>(events, events.toMillis() - 1));
  }

  private void openLanes() {
    Map<OutputTag<?>, LaneBuffers> found = laneBuffers();
    laneOf = new int[Priority.COUNT];
    tags = newTags(lanes.size());
    buffers = new LaneBuffers[lanes.size()];
    Arrays.fill(laneOf, -1);
    express = -1;
    for (int i = 0; i < lanes.size(); i++) {
      express = lanes.get(i).name().equals(Lane.EXPRESS) ? i : express;
      tags[i] = lanes.get(i).tag();
      buffers[i] = found.getOrDefault(tags[i], new LaneBuffers());
      for (Priority priority : lanes.get(i).priorities()) {
        laneOf[priority.ordinal()] = i;
      }
    }
  }

  /** A test says here how full lanes are. */
  Map<OutputTag<?>, LaneBuffers> laneBuffers() {
    return LaneBuffers.of(getContainingTask(), getUserCodeClassloader());
  }

  private void openMetrics() {
    SpillwayMetrics metrics = new SpillwayMetrics(getMetricGroup());
    Set<Priority> served = EnumSet.noneOf(Priority.class);
    lanes.forEach(lane -> served.addAll(lane.priorities()));
    counters =
        new AdmissionCounters(metrics, served, EnumSet.complementOf(EnumSet.of(Outcome.ADMIT)));
    for (Priority priority : served) {
      metrics.keepProbability(priority, () -> thresholds.probability(priority));
      metrics.offeredPerSecond(priority, () -> controller.offered(priority));
    }
    for (int i = 0; i < buffers.length; i++) {
      metrics.laneFill(lanes.get(i).name(), buffers[i]::fill);
    }
    if (counting != null) {
      counts = new RejectionCounts(counting, metrics.partialsOverflowed());
      rejected = this::emitRejected;
    }
    metrics.policyVersion(() -> followed.policy().version());
    metrics.queueDelayMillis(queueDelay::millis);
    metrics.capacityPerSecond(controller::capacity);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static OutputTag<AdmittedEvent>[] newTags(int count) {
    return new OutputTag[count];
  }
}
