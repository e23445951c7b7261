package io.spillway.sandbox.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The load of one run: stages of constant rate, one after the other, and settings for the generator
 * (mix, sources, ..) beyond its profile.
 */
public record LoadPlan(List<Stage> stages, Map<String, String> generator) {
  /**
   * A stage of this name is run but not judged: in its first seconds a job loads its classes and is
   * compiled, which says something of the JVM and nothing of the job.
   */
  public static final String WARM_UP = "warm-up";

  /**
   * One stage.
   *
   * @param name what reports call it; unique in a plan
   */
  public record Stage(String name, double ratePerSecond, Duration duration) {
    public Stage {
      if (!(ratePerSecond >= 1) || duration.toMillis() < 1) {
        throw new IllegalArgumentException(
            "stage %s: %s events/s for %s".formatted(name, ratePerSecond, duration));
      }
    }

    public long events() {
      return Math.round(ratePerSecond * duration.toMillis() / 1000);
    }
  }

  public LoadPlan {
    stages = List.copyOf(stages);
    generator = Map.copyOf(generator);
    if (stages.isEmpty() || stages.stream().map(Stage::name).distinct().count() != stages.size()) {
      throw new IllegalArgumentException("a plan needs stages with different names: " + stages);
    }
  }

  /** One stage. */
  public static LoadPlan steady(String name, double ratePerSecond, Duration duration) {
    return new LoadPlan(List.of(new Stage(name, ratePerSecond, duration)), Map.of());
  }

  /** Calm at half of the capacity, overload at a multiple of it, recovery at half again. */
  public static LoadPlan surge(
      double capacityPerSecond,
      double factor,
      Duration calm,
      Duration overload,
      Duration recovery) {
    return new LoadPlan(
        List.of(
            new Stage("calm", 0.5 * capacityPerSecond, calm),
            new Stage("overload", factor * capacityPerSecond, overload),
            new Stage("recovery", 0.5 * capacityPerSecond, recovery)),
        Map.of());
  }

  /** This plan with a stage before it that is not judged. */
  public LoadPlan warmedUp(double ratePerSecond, Duration duration) {
    List<Stage> more = new ArrayList<>();
    more.add(new Stage(WARM_UP, ratePerSecond, duration));
    more.addAll(stages);
    return new LoadPlan(more, generator);
  }

  /** This plan with one more setting for the generator. */
  public LoadPlan with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(generator);
    more.put(key, value);
    return new LoadPlan(stages, more);
  }

  /** The stages in the generator's words: {@code 500:10s,5000:30s}. */
  public String profile() {
    List<String> steps = new ArrayList<>();
    for (Stage stage : stages) {
      steps.add(Math.round(stage.ratePerSecond()) + ":" + stage.duration().toMillis() + "ms");
    }
    return String.join(",", steps);
  }

  public Duration duration() {
    return stages.stream().map(Stage::duration).reduce(Duration.ZERO, Duration::plus);
  }

  public long events() {
    return stages.stream().mapToLong(Stage::events).sum();
  }

  /** Events that a worker of this capacity has not finished when the load ends. */
  public double backlogAtEnd(double capacityPerSecond) {
    double backlog = 0;
    for (Stage stage : stages) {
      double seconds = stage.duration().toMillis() / 1000.0;
      backlog = Math.max(0, backlog + (stage.ratePerSecond() - capacityPerSecond) * seconds);
    }
    return backlog;
  }

  /** Index of the stage at this time since the start; the first before, the last after. */
  public int stageAt(long millisSinceStart) {
    long end = 0;
    for (int i = 0; i < stages.size() - 1; i++) {
      end += stages.get(i).duration().toMillis();
      if (millisSinceStart < end) {
        return i;
      }
    }
    return stages.size() - 1;
  }
}
