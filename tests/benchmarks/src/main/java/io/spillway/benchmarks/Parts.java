package io.spillway.benchmarks;

import io.spillway.benchmarks.Measurement.Findings;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.Progress;
import java.util.List;

/**
 * Measurements one after the other. One that throws all of its runs out, because its load was late,
 * leaves the others; what it says of it comes before all figures.
 */
record Parts(List<Measurement> measurements) {
  /** How many seconds they will take, about. */
  double seconds() {
    return measurements.stream().mapToDouble(Measurement::seconds).sum();
  }

  /**
   * Measures; blocks until it is done.
   *
   * @param findings gets what came out, also of those before one that breaks
   * @return whether all of them gave figures
   */
  boolean measure(Findings findings, Progress progress) {
    double all = seconds();
    double done = 0;
    int measured = 0;
    for (int i = 0; i < measurements.size(); i++) {
      Measurement measurement = measurements.get(i);
      if (measurements.size() > 1) {
        progress.say(
            "part %d of %d: %s, about %s of %s left"
                .formatted(
                    i + 1,
                    measurements.size(),
                    minutes(measurement.seconds()),
                    minutes(all - done),
                    minutes(all)));
      }
      try {
        findings.add(measurement.measure(progress));
        measured++;
      } catch (OnTime.ThrownOut e) {
        findings.first().add(e.getMessage());
        progress.say(e.getMessage());
      }
      done += measurement.seconds();
    }
    return measured == measurements.size();
  }

  static String minutes(double seconds) {
    return Math.max(1, Math.round(seconds / 60)) + " min";
  }
}
