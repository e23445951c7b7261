package io.spillway.benchmarks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measured figure.
 *
 * @param baselines what the figure is to be held against, measured in the same run; in order
 */
public record GoalResult(Goal goal, Spread measured, Map<String, Double> baselines) {
  public GoalResult {
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
  }

  /** How it came out. A figure that could not be measured is below its floor. */
  public Standing standing() {
    if (Double.isNaN(measured.median()) || !goal.meetsFloor(measured.median())) {
      return Standing.BELOW_FLOOR;
    }
    if (Double.isNaN(goal.target())) {
      return Standing.NO_TARGET;
    }
    return goal.meetsTarget(measured.median()) ? Standing.TARGET : Standing.FLOOR;
  }

  boolean isBelowFloor() {
    return standing() == Standing.BELOW_FLOOR;
  }

  /** Where a figure stands, in the words of the table. */
  public enum Standing {
    TARGET("reaches the target"),
    FLOOR("above the floor"),
    NO_TARGET("no target yet"),
    BELOW_FLOOR("BELOW FLOOR");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}
