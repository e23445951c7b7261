package io.spillway.jobs.replay;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What only a replay can be told.
 *
 * @param job whose deferred events are replayed: one replay of a job at a time
 * @param run what this replay is called in ledger and corrections
 * @param ratePerSecond events that are read again, over all subtasks; 0 for as many as can be
 */
public record ReplayOptions(String job, String run, double ratePerSecond, String correctionsTopic)
    implements Serializable {

  public static final ConfigOption<String> JOB =
      ConfigOptions.key("replay.job")
          .stringType()
          .defaultValue("iot")
          .withDescription("Name of the job whose deferred events are replayed, for the claim.");

  public static final ConfigOption<String> RUN =
      ConfigOptions.key("replay.run")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Name of this replay in ledger and corrections; no two may have the same. Empty: made"
                  + " from time and chance.");

  public static final ConfigOption<Double> RATE =
      ConfigOptions.key("replay.rate")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("Events per second to replay, over all subtasks; 0: no limit.");

  public static final ConfigOption<String> CORRECTIONS_TOPIC =
      ConfigOptions.key("corrections.topic")
          .stringType()
          .defaultValue("iot.corrections")
          .withDescription("Where corrections of the results of windows go, exactly once.");

  public static final List<ConfigOption<?>> OPTIONS = List.of(JOB, RUN, RATE, CORRECTIONS_TOPIC);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final int CHANCE = 8;

  public ReplayOptions {
    if (!job.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new InvalidSettings(JOB.key(), job, "write letters, digits, dots and dashes");
    }
    if (!run.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new InvalidSettings(RUN.key(), run, "write letters, digits, dots and dashes");
    }
    if (!(ratePerSecond >= 0 && ratePerSecond <= 1e9)) {
      throw new InvalidSettings(RATE.key(), ratePerSecond, "write a number from 0 to 1000000000");
    }
    if (correctionsTopic.isBlank()) {
      throw new InvalidSettings(
          CORRECTIONS_TOPIC.key(),
          correctionsTopic,
          "write the name of a topic, for example " + CORRECTIONS_TOPIC.defaultValue());
    }
  }

  /** Reads the options; where the run has no name it gets one, another one in each call. */
  public static ReplayOptions from(Settings settings) {
    String run = settings.get(RUN);
    return new ReplayOptions(
        settings.get(JOB),
        run.isEmpty() ? newRun() : run,
        settings.get(RATE),
        settings.get(CORRECTIONS_TOPIC));
  }

  private static String newRun() {
    return STAMP.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, CHANCE);
  }
}
