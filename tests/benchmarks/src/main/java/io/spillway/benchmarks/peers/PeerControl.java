package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionControl;
import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A method of others in the place of ours: looks at the same ticks and says what to keep. How long
 * events wait in the lane follows from its length by Little's law. Not thread safe.
 */
abstract class PeerControl implements AdmissionControl {
  private static final double OFFERED_GAIN = 0.3;
  private static final double RATE_GAIN_PER_SECOND = 5;

  /** A little below 1: a lane that is quite full blocks its task. */
  private static final double FULL = 0.9;

  private final double[] keep = new double[Priority.COUNT];
  private final double[] offered = new double[Priority.COUNT];
  private boolean started;
  private double passed;
  private double left;
  private double leavingPerSecond;
  private double queued;

  PeerControl() {
    Arrays.fill(keep, 1);
  }

  /** Sets what is kept after a tick. */
  abstract void decide(Tick tick);

  @Override
  public final void tick(Tick tick) {
    if (tick.seconds() <= 0) {
      return;
    }
    double admitted = 0;
    passed = 0;
    for (int i = 0; i < Priority.COUNT; i++) {
      double rate = tick.arrived()[i] / tick.seconds();
      offered[i] += (started ? OFFERED_GAIN : 1) * (rate - offered[i]);
      admitted += tick.admitted()[i];
      passed += tick.arrived()[i] * keep[i];
    }
    left = Math.max(0, admitted - (tick.queued() - queued));
    double gain = started ? Math.min(1, RATE_GAIN_PER_SECOND * tick.seconds()) : 1;
    leavingPerSecond += gain * (left / tick.seconds() - leavingPerSecond);
    queued = tick.queued();
    started = true;
    decide(tick);
  }

  final void keep(int priority, double share) {
    keep[priority] = share;
  }

  final void keepAll(double share) {
    Arrays.fill(keep, share);
  }

  /** Events of this tick that it let pass, whether or not the lane had room. */
  final double passed() {
    return passed;
  }

  /** Events that left the lane in this tick. */
  final double left() {
    return left;
  }

  /** How long an event that leaves the lane has been in it. */
  final double waitedSeconds() {
    return queued < 1 || leavingPerSecond <= 0 ? 0 : queued / leavingPerSecond;
  }

  /** Nothing of it can be changed while the job runs. */
  @Override
  public final void follow(AdmissionOptions options) {}

  @Override
  public final double keep(Priority priority) {
    return keep[priority.ordinal()];
  }

  @Override
  public final double offered(Priority priority) {
    return offered[priority.ordinal()];
  }

  final double[] offered() {
    return offered;
  }

  @Override
  public double capacity() {
    return Double.NaN;
  }

  /** A bounded queue: what does not fit in is dropped, whoever sent it. */
  static Map<Priority, Double> bounded() {
    Map<Priority, Double> ceilings = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      ceilings.put(priority, FULL);
    }
    return ceilings;
  }
}
