package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionControl;
import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.KeepThresholds;
import io.spillway.admission.LaneGate;
import io.spillway.admission.OverloadController;
import io.spillway.benchmarks.overload.Reaction;
import io.spillway.priority.Priority;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * A job as a queueing model: events come evenly spaced into a log, admission reads them from there
 * and turns them away or puts them into one bounded lane, workers take them from it. When the lane
 * is full and the next event is one to wait for, it stays in the log and so do those behind it. The
 * same seed gives the same run.
 */
final class SimulatedJob {
  static final double CAPACITY = 500;

  private static final double TICK_SECONDS = 0.02;
  private static final double STEP_SECONDS = 0.001;
  private static final int LANE_EVENTS = 40;
  private static final double[] MIX = {0.05, 0.15, 0.40, 0.40};
  private static final int NEVER = -1;

  private record Event(double at, Priority priority, long hash) {}

  final AdmissionControl control;
  final long[] produced = new long[Priority.COUNT];
  final long[] delivered = new long[Priority.COUNT];

  /** Results by when they came out, those within a second of their events; in steps of 100 ms. */
  private final long[] inTime;

  /** Events that were let in, and those that have no result at the end of the step. */
  private final long[] letIn;

  private final long[] waiting;
  private final boolean[] waitsFor = new boolean[Priority.COUNT];
  private final LaneGate gate;
  private final KeepThresholds thresholds = new KeepThresholds();
  private final SplittableRandom random = new SplittableRandom(7);
  private final Deque<Event> log = new ArrayDeque<>();
  private final Deque<Event> lane = new ArrayDeque<>();
  private final long[] arrived = new long[Priority.COUNT];
  private final long[] admitted = new long[Priority.COUNT];
  private double due;
  private double work;
  private long steps;

  SimulatedJob(AdmissionControl control, AdmissionOptions options, int maxSeconds) {
    this.control = control;
    gate = new LaneGate(control.ceilings(options), options.floors());
    control.neverTurnedAway(options).forEach(p -> waitsFor[p.ordinal()] = true);
    int slots = maxSeconds * 1000 / Reaction.STEP_MILLIS;
    inTime = new long[slots];
    letIn = new long[slots];
    waiting = new long[slots];
  }

  /** So many seconds of a load that is a multiple of the capacity. */
  void run(double seconds, double factor) {
    long end = steps + Math.round(seconds / STEP_SECONDS);
    while (steps < end) {
      step(factor * CAPACITY);
      steps++;
      if (steps % Math.round(TICK_SECONDS / STEP_SECONDS) == 0) {
        tick();
      }
    }
  }

  /** Seconds from this time until it has settled, NaN if it does not before the end. */
  double settleSeconds(int fromSecond, int toSecond) {
    int from = fromSecond * 1000 / Reaction.STEP_MILLIS;
    int to = toSecond * 1000 / Reaction.STEP_MILLIS;
    return Reaction.settleSeconds(letIn, waiting, from, to, CAPACITY);
  }

  /** Results within a second of their events, per second of this time. */
  double inTime(int fromSecond, int toSecond) {
    int each = 1000 / Reaction.STEP_MILLIS;
    return Arrays.stream(inTime, fromSecond * each, toSecond * each).sum()
        / (double) (toSecond - fromSecond);
  }

  private double now() {
    return steps * STEP_SECONDS;
  }

  private void step(double perSecond) {
    due += perSecond * STEP_SECONDS;
    for (; due >= 1; due--) {
      Event event = new Event(now(), priority(), random.nextLong() >>> 1);
      produced[event.priority().ordinal()]++;
      log.add(event);
    }
    while (!log.isEmpty() && !blocks(log.peek())) {
      admit(log.poll());
    }
    work = Math.min(1, work + CAPACITY * STEP_SECONDS);
    if (work >= 1 && !lane.isEmpty()) {
      work--;
      Event done = lane.poll();
      delivered[done.priority().ordinal()]++;
      inTime[slot(now())] += now() - done.at() <= 1 ? 1 : 0;
    }
    waiting[slot(now())] = lane.size() + log.size();
  }

  /** Whether the task has to wait with this event in its hands. */
  private boolean blocks(Event event) {
    return lane.size() >= LANE_EVENTS && outcome(event) != NEVER;
  }

  /** Index of the priority of an event that goes on, {@link #NEVER} for one that is dropped. */
  private int outcome(Event event) {
    int i = event.priority().ordinal();
    if (waitsFor[i]) {
      return i;
    }
    boolean goesOn =
        thresholds.keeps(event.priority(), event.hash())
            && gate.admits(event.priority(), lane.size() / (double) LANE_EVENTS, 0);
    return goesOn ? i : NEVER;
  }

  private void admit(Event event) {
    arrived[event.priority().ordinal()]++;
    int i = outcome(event);
    if (i != NEVER) {
      admitted[i]++;
      lane.add(event);
      letIn[slot(event.at())]++;
    }
  }

  private void tick() {
    control.tick(
        new OverloadController.Tick(
            TICK_SECONDS, arrived, admitted, lane.size(), lane.size() / (double) LANE_EVENTS, 0));
    Arrays.fill(arrived, 0);
    Arrays.fill(admitted, 0);
    for (Priority priority : Priority.values()) {
      thresholds.set(priority, control.keep(priority));
    }
  }

  private Priority priority() {
    double x = random.nextDouble();
    int i = 0;
    while (i < Priority.COUNT - 1 && x >= MIX[i]) {
      x -= MIX[i++];
    }
    return Priority.of(i);
  }

  private static int slot(double seconds) {
    return (int) (seconds * 1000 / Reaction.STEP_MILLIS);
  }
}
