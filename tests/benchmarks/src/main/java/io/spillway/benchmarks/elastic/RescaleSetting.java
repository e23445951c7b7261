package io.spillway.benchmarks.elastic;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flink options that decide how long a change of scale takes, laid over those of {@code
 * flink-conf/config.yaml} and {@code local.yaml}; what they mean: FLIP-160, FLIP-461 and Flink's
 * configuration reference.
 *
 * @param name what differs from {@code flink-conf}, as the table says it
 * @param concerns the changes that are measured with it
 */
public record RescaleSetting(String name, Map<String, String> options, Set<Kind> concerns) {
  /** A change of scale by one TaskManager. */
  enum Kind {
    OUT,
    KILL,
    IN
  }

  private static final String SCHEDULER = "jobmanager.adaptive-scheduler.";
  private static final String AT_START = SCHEDULER + "submission.resource-stabilization-timeout";
  private static final String MEANWHILE = SCHEDULER + "executing.resource-stabilization-timeout";
  private static final String COOLDOWN = SCHEDULER + "executing.cooldown-after-rescaling";

  /** The first one is the choice; each of the others differs from it in one respect. */
  static final List<RescaleSetting> ALL =
      List.of(
          new RescaleSetting("`flink-conf` with `local.yaml`", Map.of(), EnumSet.allOf(Kind.class)),
          new RescaleSetting(
              "no waiting: both stabilization timeouts and the cooldown 0 s",
              Map.of(AT_START, "0s", MEANWHILE, "0s", COOLDOWN, "0s"),
              EnumSet.allOf(Kind.class)),
          new RescaleSetting(
              "`submission.resource-stabilization-timeout` 10 s",
              Map.of(AT_START, "10s"),
              EnumSet.of(Kind.KILL)),
          new RescaleSetting(
              "`heartbeat.interval` 10 s, `heartbeat.timeout` 50 s",
              Map.of("heartbeat.interval", "10s", "heartbeat.timeout", "50s"),
              EnumSet.of(Kind.KILL)),
          new RescaleSetting(
              "`execution.checkpointing.interval` 2 s, pause 500 ms",
              Map.of(
                  "execution.checkpointing.interval",
                  "2s",
                  "execution.checkpointing.min-pause",
                  "500ms"),
              EnumSet.of(Kind.OUT)),
          new RescaleSetting(
              "`executing.resource-stabilization-timeout` 10 s",
              Map.of(MEANWHILE, "10s"),
              EnumSet.of(Kind.OUT)));

  public RescaleSetting {
    options = Map.copyOf(options);
    concerns = Set.copyOf(concerns);
  }
}
