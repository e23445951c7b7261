package io.spillway.metrics;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter;
import io.spillway.priority.Priority;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.apache.flink.events.Event;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Every metric that Spillway exports, with its unit. Each method registers what it names on an
 * operator's metric group; the labels are groups with a key, so a Prometheus reporter prints for
 * example {@code ..._spillway_events_seen{priority="bulk"}}. Labels are few: lane, priority,
 * reason.
 */
public final class SpillwayMetrics {
  public static final String EVENTS_SEEN = "spillway_events_seen";
  public static final String EVENTS_ADMITTED = "spillway_events_admitted";
  public static final String EVENTS_REJECTED = "spillway_events_rejected";
  public static final String KEEP_PROBABILITY = "spillway_keep_probability";
  public static final String LANE_FILL = "spillway_lane_fill";
  public static final String QUEUE_DELAY_MS = "spillway_queue_delay_ms";
  public static final String CAPACITY_PER_SECOND = "spillway_capacity_per_second";
  public static final String OFFERED_PER_SECOND = "spillway_offered_per_second";
  public static final String END_TO_END_LATENCY_MS = "spillway_end_to_end_latency_ms";
  public static final String DEAD_LETTERS = "spillway_dead_letters";
  public static final String PARTIALS_OVERFLOWED = "spillway_partials_overflowed";
  public static final String POLICY_VERSION = "spillway_policy_version";

  public static final String DUPLICATES = "spillway_duplicates";
  public static final String DECISIONS = "spillway_decisions";

  public static final String DEFERRED_EVENTS = "spillway_deferred_events";
  public static final String DEFERRED_OLDEST_SECONDS = "spillway_deferred_oldest_seconds";
  public static final String DEFERRED_RETENTION_SECONDS = "spillway_deferred_retention_seconds";
  public static final String DEFERRED_RETENTION_LEFT = "spillway_deferred_retention_left";
  public static final String DEFERRED_EVENTS_GONE = "spillway_deferred_events_gone";

  public static final String OUTPUT_HANDED_OVER = "spillway_output_handed_over";
  public static final String OUTPUT_FAILURES = "spillway_output_failures";
  public static final String OUTPUT_CIRCUIT_OPEN = "spillway_output_circuit_open";

  public static final String BREAKER_STATE = "spillway_breaker_state";
  public static final String BREAKER_TRANSITIONS = "spillway_breaker_transitions";
  public static final String FALLBACKS = "spillway_fallbacks";
  public static final String ENRICHMENT_CALLS = "spillway_enrichment_calls";
  public static final String ENRICHMENT_RETRIES = "spillway_enrichment_retries";
  public static final String ENRICHMENT_LATENCY_MS = "spillway_enrichment_latency_ms";

  private static final String CIRCUIT_EVENT = "SpillwayCircuitChanged";
  private static final int LATENCY_SAMPLES = 1000;

  private final MetricGroup group;

  public SpillwayMetrics(MetricGroup operatorGroup) {
    this.group = operatorGroup;
  }

  /** Events that reached admission, by priority. */
  public Counter eventsSeen(Priority priority) {
    return of(priority).counter(EVENTS_SEEN);
  }

  /** Events that were let in, by priority. */
  public Counter eventsAdmitted(Priority priority) {
    return of(priority).counter(EVENTS_ADMITTED);
  }

  /** Events that were turned away, by priority and reason. */
  public Counter eventsRejected(Priority priority, Outcome reason) {
    return of(priority).addGroup("reason", reason.wireName()).counter(EVENTS_REJECTED);
  }

  /** Share of a priority that is kept, 0 to 1. */
  public void keepProbability(Priority priority, DoubleSupplier value) {
    of(priority).gauge(KEEP_PROBABILITY, gauge(value));
  }

  /** Share of a lane's network buffers in use, 0 to 1. */
  public void laneFill(String lane, DoubleSupplier value) {
    ofLane(lane).gauge(LANE_FILL, gauge(value));
  }

  /** How long the newest record waited in Kafka, clock skew taken out, in milliseconds. */
  public void queueDelayMillis(DoubleSupplier value) {
    group.gauge(QUEUE_DELAY_MS, gauge(value));
  }

  /** What the workers behind this subtask do per second when busy; NaN until known. */
  public void capacityPerSecond(DoubleSupplier value) {
    group.gauge(CAPACITY_PER_SECOND, gauge(value));
  }

  /** Events per second that arrive at this subtask, by priority. */
  public void offeredPerSecond(Priority priority, DoubleSupplier value) {
    of(priority).gauge(OFFERED_PER_SECOND, gauge(value));
  }

  /** Milliseconds from the intended send time to the end of processing, by priority. */
  public Histogram endToEndLatencyMillis(Priority priority) {
    return of(priority)
        .histogram(END_TO_END_LATENCY_MS, new DescriptiveStatisticsHistogram(LATENCY_SAMPLES));
  }

  /** Records that went to the dead letters, by reason. */
  public Counter deadLetters(DeadLetter.Reason reason) {
    return group.addGroup("reason", reason.wireName()).counter(DEAD_LETTERS);
  }

  /** How often partial results were sent on early because there was no room for more of them. */
  public Counter partialsOverflowed() {
    return group.counter(PARTIALS_OVERFLOWED);
  }

  /** Version of the policy in force at admission; 0 for the job's own options. */
  public void policyVersion(LongSupplier value) {
    group.gauge(POLICY_VERSION, (Gauge<Long>) value::getAsLong);
  }

  /** Events that came a second time and were left out. */
  public Counter duplicates() {
    return group.counter(DUPLICATES);
  }

  /** Decisions of a job that decides, by what they say. */
  public Counter decisions(String verdict) {
    return group.addGroup("verdict", verdict).counter(DECISIONS);
  }

  /** Deferred events that wait to be replayed; NaN until known. */
  public void deferredEvents(DoubleSupplier value) {
    group.gauge(DEFERRED_EVENTS, gauge(value));
  }

  /** Age of the oldest of them in seconds; NaN without one. */
  public void deferredOldestSeconds(DoubleSupplier value) {
    group.gauge(DEFERRED_OLDEST_SECONDS, gauge(value));
  }

  /** Seconds until retention may delete the first of them; NaN where nothing deletes one. */
  public void deferredRetentionSeconds(DoubleSupplier value) {
    group.gauge(DEFERRED_RETENTION_SECONDS, gauge(value));
  }

  /** What is left of the retention for the first of them, 0 to 1; NaN as above. */
  public void deferredRetentionLeft(DoubleSupplier value) {
    group.gauge(DEFERRED_RETENTION_LEFT, gauge(value));
  }

  /** Deferred events that Kafka no longer has and nobody has replayed. */
  public void deferredEventsGone(DoubleSupplier value) {
    group.gauge(DEFERRED_EVENTS_GONE, gauge(value));
  }

  /** Results handed over, by way out (first, second), and refused by a target. Thread safe. */
  public Counter outputHandedOver(String way) {
    return of(way).counter(OUTPUT_HANDED_OVER, new ThreadSafeSimpleCounter());
  }

  /** Requests to a way out that failed. Thread safe. */
  public Counter outputFailures(String way) {
    return of(way).counter(OUTPUT_FAILURES, new ThreadSafeSimpleCounter());
  }

  /** 1 while the circuit of a way out is open or tries again, 0 while it is closed. */
  public void outputCircuitOpen(String way, DoubleSupplier value) {
    of(way).gauge(OUTPUT_CIRCUIT_OPEN, gauge(value));
  }

  /** Circuit breaker of an enrichment, by lane: 0 closed, 1 trying again, 2 open. */
  public void breakerState(String lane, IntSupplier value) {
    ofLane(lane).gauge(BREAKER_STATE, (Gauge<Integer>) value::getAsInt);
  }

  /** Changes of a circuit breaker, by lane and the state it went to. Thread safe. */
  public Counter breakerTransitions(String lane, String state) {
    return ofLane(lane)
        .addGroup("state", state)
        .counter(BREAKER_TRANSITIONS, new ThreadSafeSimpleCounter());
  }

  /**
   * Tells the event reporters of the cluster (FLIP-481) that a circuit breaker has changed: event
   * {@value #CIRCUIT_EVENT}, severity WARN, attributes {@code lane} and {@code state}. Thread safe.
   */
  public void circuitChanged(String lane, String state) {
    group.addEvent(
        Event.builder(SpillwayMetrics.class, CIRCUIT_EVENT)
            .setSeverity("WARN")
            .setBody("circuit of enrichment, lane " + lane + ": " + state)
            .setAttribute("lane", lane)
            .setAttribute("state", state));
  }

  /** Values that went on with an old answer or none, by lane and reason. Thread safe. */
  public Counter fallbacks(String lane, String reason) {
    return ofLane(lane)
        .addGroup("reason", reason)
        .counter(FALLBACKS, new ThreadSafeSimpleCounter());
  }

  /** Attempts to get an answer from another system, by lane. Thread safe. */
  public Counter enrichmentCalls(String lane) {
    return ofLane(lane).counter(ENRICHMENT_CALLS, new ThreadSafeSimpleCounter());
  }

  /** Those of them that were not the first for their question. Thread safe. */
  public Counter enrichmentRetries(String lane) {
    return ofLane(lane).counter(ENRICHMENT_RETRIES, new ThreadSafeSimpleCounter());
  }

  /**
   * Milliseconds from an attempt to its answer or failure, or until nobody waited for it any more,
   * by lane. Thread safe.
   */
  public Histogram enrichmentLatencyMillis(String lane) {
    return ofLane(lane)
        .histogram(ENRICHMENT_LATENCY_MS, new DescriptiveStatisticsHistogram(LATENCY_SAMPLES));
  }

  private MetricGroup ofLane(String lane) {
    return group.addGroup("lane", lane);
  }

  private MetricGroup of(String way) {
    return group.addGroup("way", way);
  }

  private MetricGroup of(Priority priority) {
    return group.addGroup("priority", priority.wireName());
  }

  private static Gauge<Double> gauge(DoubleSupplier value) {
    return value::getAsDouble;
  }
}
