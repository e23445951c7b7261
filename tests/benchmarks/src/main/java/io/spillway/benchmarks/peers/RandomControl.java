package io.spillway.benchmarks.peers;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.OverloadController.Tick;
import io.spillway.config.InvalidSettings;
import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Set;

/**
 * {@link RandomRate}; its capacity, that of the workers behind one subtask of admission, is the
 * argument. Knows no priorities.
 */
public final class RandomControl extends PeerControl {
  private final RandomRate rate;

  public RandomControl(AdmissionOptions options) {
    String argument = options.control().argument();
    try {
      rate = new RandomRate(Double.parseDouble(argument));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettings(
          "admission.control-argument",
          argument,
          "write the capacity behind one subtask in events per second, for example 250");
    }
  }

  @Override
  void decide(Tick tick) {
    double total = 0;
    for (double each : offered()) {
      total += each;
    }
    keepAll(rate.keep(total));
  }

  @Override
  public double capacity() {
    return rate.capacityPerSecond();
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
