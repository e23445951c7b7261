package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Set;

/**
 * {@link Codel} in front of a lane: asks it for each event that came in a tick, one after the
 * other, and keeps as large a share of the next tick's as it did not drop. Knows no priorities.
 */
public final class CodelControl extends PeerControl {
  private static final double NANOS = 1e9;

  private final Codel codel = new Codel();
  private double nowSeconds;

  /**
   * @param options nothing of them matters to it
   */
  public CodelControl(AdmissionOptions options) {}

  @Override
  void decide(Tick tick) {
    long came = 0;
    for (long each : tick.arrived()) {
      came += each;
    }
    // Without events it has to see that nothing waits.
    long asked = Math.max(1, came);
    long waitedNanos = Math.round(waitedSeconds() * NANOS);
    long dropped = 0;
    for (long i = 1; i <= asked; i++) {
      double at = nowSeconds + tick.seconds() * i / asked;
      dropped += codel.drops(Math.round(at * NANOS), waitedNanos) ? 1 : 0;
    }
    nowSeconds += tick.seconds();
    keepAll(1 - dropped / (double) asked);
  }

  @Override
  public Set<Priority> neverTurnedAway(AdmissionOptions options) {
    return Set.of();
  }

  @Override
  public Map<Priority, Double> ceilings(AdmissionOptions options) {
    return bounded();
  }
}
