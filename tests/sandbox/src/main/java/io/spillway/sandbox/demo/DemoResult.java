package io.spillway.sandbox.demo;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.RunResult;
import java.util.Map;

/**
 * What the demo has measured.
 *
 * @param riskQuestions how often each variant, by its name, asked the risk service; empty where the
 *     job asks none
 */
public record DemoResult(
    double overloadFactor,
    double capacityPerSecond,
    RunResult plain,
    RunResult spillway,
    Map<String, Long> riskQuestions) {

  public DemoResult {
    riskQuestions = Map.copyOf(riskQuestions);
  }

  /** Short name of the job that was shown. */
  public String job() {
    return plain.variant().job();
  }

  /** Whether every event of both variants is accounted for and Spillway lost no CRITICAL one. */
  public boolean isSound() {
    return plain.isSound() && spillway.isSound();
  }

  /** What it comes to, in one sentence or two. */
  public String sentence() {
    double plainP99 = plain.of(Priority.CRITICAL, "overload").p99Millis();
    double spillwayP99 = spillway.of(Priority.CRITICAL, "overload").p99Millis();
    return "At %s times capacity, 99 of 100 critical events had their result within %s on plain Flink and within %s on Spillway%s. %s"
        .formatted(
            Figures.times(overloadFactor).replace(".0", ""),
            Figures.millis(plainP99),
            Figures.millis(spillwayP99),
            plainP99 > 2 * spillwayP99
                ? ", " + Figures.times(plainP99 / spillwayP99) + " times sooner"
                : "",
            lost());
  }

  private String lost() {
    long plainLost = plain.missingCriticalCount();
    long spillwayLost = spillway.missingCriticalCount();
    return plainLost + spillwayLost == 0
        ? "No critical event was lost."
        : "Critical events missing: %s on plain Flink, %s on Spillway."
            .formatted(Figures.count(plainLost), Figures.count(spillwayLost));
  }
}
