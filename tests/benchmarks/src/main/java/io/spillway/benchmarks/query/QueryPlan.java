package io.spillway.benchmarks.query;

import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The load under which a question is asked: five times the capacity all the time, so that nothing
 * but the query changes. Without it, while it starts, with it, while it ends, without it again:
 * what drifts over a run does so on both sides of the query.
 */
final class QueryPlan {
  static final String BEFORE = "before the query";
  static final String STARTING = "query starting";
  static final String WITH = "with the query";
  static final String ENDING = "query ending";
  static final String AFTER = "after the query";

  private static final double FACTOR = 5;
  private static final int START_SECONDS = 60;
  private static final int END_SECONDS = 8;

  private final double capacityPerSecond;
  private final int seconds;

  QueryPlan(double capacityPerSecond, boolean quick) {
    this.capacityPerSecond = capacityPerSecond;
    this.seconds = quick ? 15 : 30;
  }

  LoadPlan load() {
    List<Stage> stages = new ArrayList<>();
    stages.add(stage(LoadPlan.WARM_UP, 0.7, 15));
    stages.add(stage("first overload", FACTOR, 10));
    stages.add(stage(BEFORE, FACTOR, seconds));
    stages.add(stage(STARTING, FACTOR, START_SECONDS));
    stages.add(stage(WITH, FACTOR, seconds));
    stages.add(stage(ENDING, FACTOR, END_SECONDS));
    stages.add(stage(AFTER, FACTOR, seconds));
    return new LoadPlan(stages, Map.of("mix", DemoPlan.MIX));
  }

  private Stage stage(String name, double factor, int seconds) {
    return new Stage(name, factor * capacityPerSecond, Duration.ofSeconds(seconds));
  }
}
