package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.config.InvalidSettings;
import io.spillway.priority.Priority;
import java.util.Map;

/**
 * {@link Dagor} with our priorities for business priorities. The hash that decides who is kept
 * stands for the user: it is uniform, so the events of a priority spread evenly over its user
 * priorities. CRITICAL is waited for, as it is with us.
 *
 * <p>As in the paper the level alone turns events away: what it admits waits, in the lane and then
 * in Kafka, and it is told of both. With the argument {@value #BOUNDED} the lane is a bounded queue
 * besides, by our {@link io.spillway.admission.LaneGate}; that is more than the paper has, and far
 * better here.
 */
public final class DagorControl extends PeerControl {
  static final String BOUNDED = "bounded";

  /** What a record waits in the log for a producer's linger and the next fetch. */
  static final double NO_QUEUE_MILLIS = 30;

  private final boolean bounded;
  private final Dagor dagor = new Dagor(Priority.COUNT);

  public DagorControl(AdmissionOptions options) {
    String argument = options.control().argument();
    if (!argument.isEmpty() && !argument.equals(BOUNDED)) {
      throw new InvalidSettings(
          "admission.control-argument", argument, "write %s or nothing".formatted(BOUNDED));
    }
    bounded = !argument.isEmpty();
  }

  @Override
  void decide(Tick tick) {
    for (int i = 0; i < Priority.COUNT; i++) {
      double each = tick.arrived()[i] / (double) Dagor.SUB_LEVELS;
      for (int user = 0; user < Dagor.SUB_LEVELS; user++) {
        dagor.arrived(i, user, each);
      }
    }
    double inTheLog = Math.max(0, tick.queueDelayMillis() - NO_QUEUE_MILLIS);
    dagor.waited(left(), waitedSeconds() * 1000 + inTheLog);
    dagor.passed(tick.seconds());
    for (int i = 0; i < Priority.COUNT; i++) {
      keep(i, dagor.admitted(i));
    }
  }

  @Override
  public Map<Priority, Double> ceilings(AdmissionOptions options) {
    return bounded ? bounded() : Map.of();
  }
}
