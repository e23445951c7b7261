package io.spillway.sandbox.demo;

import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the demo runs.
 *
 * @param factor the overload, as a multiple of the measured capacity
 * @param overload how long the overload lasts
 */
public record DemoPlan(String job, double factor, Duration overload) {
  /**
   * Two workers that wait four milliseconds for each event process 500 events/s on any machine:
   * little enough that two cores carry the cluster, the broker and a generator of ten times as
   * much, so that the difference between the variants is one of order and not of CPU. With less
   * work per event the generator itself is late at ten times the capacity ({@code generator_lag_ms}
   * in the JSON), and the latency of critical events with it.
   */
  public static final int WORKERS = 2;

  public static final int WORK_MICROS = 4000;
  public static final String MIX = "critical=5,high=15,normal=40,bulk=40";

  private static final double WARM_UP_LOAD = 0.7;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration CALM = Duration.ofSeconds(20);
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  public DemoPlan {
    if (!(factor >= 1 && factor <= 50)) {
      throw SandboxException.wrongUse(
          "--factor %s: write a multiple of the capacity from 1 to 50".formatted(factor));
    }
    if (overload.toSeconds() < 5 || overload.toSeconds() > 600) {
      throw SandboxException.wrongUse(
          "--seconds %d: write a length of the overload from 5 to 600"
              .formatted(overload.toSeconds()));
    }
  }

  public Variant plain() {
    return Variant.plain(job, WORKERS, WORK_MICROS);
  }

  public Variant spillway() {
    return Variant.spillway(job, WORKERS, WORK_MICROS);
  }

  /** In the order in which they run. */
  public List<Variant> variants() {
    return List.of(plain(), spillway());
  }

  /** Settings of the load generator. */
  public Map<String, String> generator() {
    Map<String, String> settings = new TreeMap<>(DemoJob.of(job).generator());
    settings.put("mix", MIX);
    return settings;
  }

  public LoadPlan load(double capacityPerSecond) {
    LoadPlan plan =
        LoadPlan.surge(capacityPerSecond, factor, CALM, overload, RECOVERY)
            .warmedUp(WARM_UP_LOAD * capacityPerSecond, WARM_UP);
    for (Map.Entry<String, String> setting : generator().entrySet()) {
      plan = plan.with(setting.getKey(), setting.getValue());
    }
    return plan;
  }
}
