package io.spillway.benchmarks;

import io.spillway.benchmarks.BenchRun.Machine;
import io.spillway.benchmarks.BenchRun.Versions;
import java.time.Instant;
import java.util.Map;

/** Results as if they had been measured. */
final class Recorded {
  private Recorded() {}

  static BenchRun run(String at, String commit) {
    return new BenchRun(
        Instant.parse(at),
        commit,
        new Machine("Some CPU", 2, 24105, "Linux 6.1"),
        new Versions("OpenJDK 17.0.9", "2.3.0", "4.3.1", "4.2.0"),
        0.12);
  }

  static RecordedResult result(Goal goal, double measured, BenchRun run, boolean quick) {
    Spread spread = new Spread(measured, measured - 0.25, measured + 0.25);
    return new RecordedResult(
        new GoalResult(goal, spread, Map.of("plain", 0.5)), run, "./spillway bench", quick);
  }
}
