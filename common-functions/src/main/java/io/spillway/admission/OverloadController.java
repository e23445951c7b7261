package io.spillway.admission;

import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.Set;

/**
 * Decides how much of each priority to keep so that what is admitted is what the workers behind the
 * lanes can do. One per subtask, no shared state, no clock; not thread safe. Called every 10 to 50
 * ms with what happened since the last call.
 *
 * <p>The idea is feed-forward: offered load and capacity are both measured, so the keep
 * probabilities follow from a division and do not have to be found by trial, which is what makes
 * AIMD shedders (DAGOR, SoCC 2018; Breakwater, OSDI 2020) slow. A PI term on the fill of the lane
 * corrects the rest:
 *
 * <pre>
 *   capacity = mean of (admitted - growth of the queue) / dt    over ticks in which the workers were busy
 *              at least what was admitted in half a second            where nothing is turned away
 *              more and more, the longer they wait                    where workers wait and events are turned away
 *   budget   = capacity * (1 - KP * (fill - setpoint) - integral)
 * </pre>
 *
 * The budget is spent in order of priority: every priority gets its floor (a share of the capacity,
 * whatever the correction: a lane full of events that are never shed takes nothing from it), the
 * rest goes from the most important down, so that p = 1 until it runs out, a fraction for the
 * marginal priority, the floor below. A keep probability falls at once; it rises by at most a
 * quarter per tick, and only when those above it have risen, until the offered load is clearly
 * below capacity.
 *
 * <p>Nothing is shed until the workers have been busy for some ticks in a row: capacity is not
 * known before, and a burst that the lane can hold is no overload. The {@link LaneGate} covers
 * these ticks.
 */
public final class OverloadController implements AdmissionControl {
  /** What happened in one tick. Arrays are indexed by priority and not kept. */
  public record Tick(
      double seconds,
      long[] arrived,
      long[] admitted,
      double queued,
      double fill,
      double queueDelayMillis) {}

  private static final double OFFERED_GAIN = 0.3;
  private static final double CAPACITY_GAIN = 0.15;
  private static final double KP = 0.5;
  private static final double KI_PER_SECOND = 0.5;
  private static final double INTEGRAL_LIMIT = 0.3;
  private static final double DELAY_CUT = 0.3;

  /** Growth of the capacity per second when workers begin to wait, when they go on, and between. */
  private static final double FIRST_PROBE = 0.2;

  private static final double FASTEST_PROBE = 2.0;
  private static final double PROBE_DOUBLES_IN_SECONDS = 0.05;

  private static final double THROUGHPUT_SECONDS = 0.5;

  /** Events per second: workers that stood still have a capacity of 0, from which nothing grows. */
  private static final double LEAST_PROBED = 1.0;

  private static final double RISE = 1.25;
  private static final double RISE_FROM_ZERO = 0.03;
  private static final double FULL_ABOVE = 0.98;
  private static final double CLEAR_BELOW = 0.8;
  private static final int CLEAR_TICKS = 3;
  private static final int PATIENCE_TICKS = 4;

  private final double setpoint;
  private final double delayTargetMillis;
  private final double[] floors = new double[Priority.COUNT];
  private final boolean[] neverShed = new boolean[Priority.COUNT];

  private final double[] offered = new double[Priority.COUNT];
  private final double[] keep = new double[Priority.COUNT];
  private double capacity = Double.NaN;
  private double throughput;
  private double probe = FIRST_PROBE;
  private int busyTicks;
  private int clearTicks;
  private int busyTicksInARow;
  private double integral;
  private double lastQueued;
  private double lastDelayMillis;
  private boolean lastBusy;
  private boolean started;

  public OverloadController(AdmissionOptions options) {
    this.setpoint = options.fillSetpoint();
    this.delayTargetMillis = options.delayTarget().toMillis();
    Arrays.fill(keep, 1.0);
    follow(options);
  }

  /**
   * Goes by the floors of these options from now on, and by who is never turned away; what was
   * learnt of load and capacity stays.
   */
  @Override
  public void follow(AdmissionOptions options) {
    Set<Priority> waitedFor = options.neverTurnedAway();
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      floors[i] = options.floors().getOrDefault(priority, 0.0);
      neverShed[i] = waitedFor.contains(priority);
      keep[i] = neverShed[i] ? 1.0 : keep[i];
    }
  }

  /** Keep probability of this priority from now on. */
  @Override
  public double keep(Priority priority) {
    return keep[priority.ordinal()];
  }

  /** Offered load of this priority in events per second, smoothed over a few ticks. */
  @Override
  public double offered(Priority priority) {
    return offered[priority.ordinal()];
  }

  /** What the workers do per second when they are busy; NaN while that is not known. */
  @Override
  public double capacity() {
    return capacity;
  }

  /** Takes in one tick and sets the keep probabilities for the next. */
  @Override
  public void tick(Tick tick) {
    if (tick.seconds() <= 0) {
      return;
    }
    smoothOffered(tick);
    learnCapacity(tick);
    busyTicksInARow = busy(tick) ? busyTicksInARow + 1 : 0;
    if (shedding() || busyTicksInARow >= PATIENCE_TICKS) {
      spend(budget(tick));
    }
    lastQueued = tick.queued();
    lastDelayMillis = tick.queueDelayMillis();
    lastBusy = busy(tick);
    started = true;
  }

  private boolean busy(Tick tick) {
    return tick.fill() > setpoint / 2;
  }

  private boolean shedding() {
    for (double p : keep) {
      if (p < 1.0) {
        return true;
      }
    }
    return false;
  }

  private double totalOffered() {
    double total = 0;
    for (double rate : offered) {
      total += rate;
    }
    return total;
  }

  private void smoothOffered(Tick tick) {
    for (int i = 0; i < Priority.COUNT; i++) {
      double rate = tick.arrived()[i] / tick.seconds();
      offered[i] = started ? offered[i] + OFFERED_GAIN * (rate - offered[i]) : rate;
    }
  }

  private void learnCapacity(Tick tick) {
    double admitted = 0;
    for (long count : tick.admitted()) {
      admitted += count;
    }
    throughput +=
        Math.min(1, tick.seconds() / THROUGHPUT_SECONDS) * (admitted / tick.seconds() - throughput);
    double drained = Math.max(0, admitted - (tick.queued() - lastQueued)) / tick.seconds();
    if (busy(tick)) {
      probe = FIRST_PROBE;
      if (lastBusy) {
        busyTicks++;
        double gain = Math.max(CAPACITY_GAIN, 1.0 / busyTicks);
        capacity = busyTicks == 1 ? drained : capacity + gain * (drained - capacity);
      }
    } else if (!shedding()) {
      // Not by a single tick: its noise would lift the capacity above anything there is.
      capacity = Math.max(capacity, throughput);
    } else if (totalOffered() > capacity) {
      probe(tick.seconds());
    }
  }

  /**
   * Workers wait while events are turned away: there is more capacity than we believe. A moment of
   * that is noise, and buffers behind the lane that nobody sees fill meanwhile, so it begins
   * slowly.
   */
  private void probe(double seconds) {
    capacity += probe * seconds * Math.max(capacity, LEAST_PROBED);
    probe = Math.min(FASTEST_PROBE, probe * Math.pow(2, seconds / PROBE_DOUBLES_IN_SECONDS));
  }

  private double budget(Tick tick) {
    double error = tick.fill() - setpoint;
    boolean active = shedding() || error > 0;
    integral =
        active
            ? clamp(integral + KI_PER_SECOND * error * tick.seconds(), INTEGRAL_LIMIT)
            : integral * (1 - Math.min(1, tick.seconds()));
    double correction = KP * error + integral;
    if (!active) {
      correction = Math.min(0, correction);
    }
    // The log grows although the lane does not: the task itself is held up, so leave it more room.
    double late = tick.queueDelayMillis() - delayTargetMillis;
    if (late > 0 && tick.queueDelayMillis() >= lastDelayMillis) {
      correction += DELAY_CUT * Math.min(1, late / delayTargetMillis);
    }
    return Math.max(0, capacity * (1 - correction));
  }

  private void spend(double budget) {
    double rest = budget;
    double[] share = new double[Priority.COUNT];
    for (int i = 0; i < Priority.COUNT; i++) {
      share[i] = neverShed[i] ? offered[i] : Math.min(offered[i], floors[i] * capacity);
      rest -= share[i];
    }
    clearTicks = totalOffered() < CLEAR_BELOW * budget ? clearTicks + 1 : 0;
    boolean clear = clearTicks >= CLEAR_TICKS;
    boolean climbing = false;
    for (int i = 0; i < Priority.COUNT; i++) {
      double more = Math.max(0, Math.min(offered[i] - share[i], rest));
      rest -= more;
      double target = offered[i] > 0 ? (share[i] + more) / offered[i] : rest > 0 ? 1.0 : keep[i];
      if (target > FULL_ABOVE) {
        target = 1.0;
      }
      double highest = climbing ? keep[i] : keep[i] * RISE + RISE_FROM_ZERO;
      if (neverShed[i] || clear) {
        highest = 1.0;
      }
      keep[i] = Math.min(1.0, Math.min(target, highest));
      climbing |= keep[i] < target;
    }
  }

  private static double clamp(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }
}
