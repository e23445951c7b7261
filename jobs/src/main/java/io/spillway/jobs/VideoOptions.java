package io.spillway.jobs;

import static io.spillway.jobs.FlowOptions.required;
import static io.spillway.jobs.FlowOptions.topic;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.SamplingUnit;
import io.spillway.aggregation.WindowKind;
import io.spillway.aggregation.WindowOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.jobs.video.PlaybackSessions;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What only the video job can be told: when a session is over, and where results go.
 *
 * @param sessions how they are made
 * @param windows of results; tumbling
 * @param sessionsTopic empty for no record of each session
 */
public record VideoOptions(
    FlowOptions flow,
    PlaybackSessions sessions,
    WindowOptions windows,
    String alertsTopic,
    Delivery alertsDelivery,
    String qoeTopic,
    String sessionsTopic) {

  public static final ConfigOption<Duration> SESSION_LONGEST =
      ConfigOptions.key("session.longest")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "A session that goes on for longer than this is cut there, and what follows is one"
                  + " more session, without a start.");

  public static final ConfigOption<String> ALERTS_TOPIC =
      topic("alerts.topic", "video.alerts", "Where failed starts go, at once.");

  public static final ConfigOption<String> QOE_TOPIC =
      topic("qoe.topic", "video.qoe", "Where the results of windows go.");

  public static final ConfigOption<String> SESSIONS_TOPIC =
      topic("sessions.topic", "", "Where a record goes for each session seen. Empty: nowhere.");

  /** Topics that have to exist before the job starts. */
  public static final List<ConfigOption<String>> TOPICS =
      FlowOptions.topics(List.of(ALERTS_TOPIC, QOE_TOPIC, SESSIONS_TOPIC));

  private static final String SAMPLING_UNIT = "admission.sampling-unit";

  /** Every setting of the job, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      FlowOptions.around(
          List.of(
              WindowOptions.SIZE,
              WindowOptions.LATENESS,
              WindowOptions.GAP,
              SESSION_LONGEST,
              WindowOptions.MAX_PARTIALS,
              WindowOptions.MAX_PARTIAL_AGE),
          List.of(ALERTS_TOPIC, IotOptions.ALERTS_DELIVERY, QOE_TOPIC, SESSIONS_TOPIC),
          Map.of(
              KafkaOptions.INPUT_TOPIC.key(),
              "video.events",
              KafkaOptions.GROUP_ID.key(),
              "spillway-video",
              SAMPLING_UNIT,
              SamplingUnit.KEY,
              FlowOptions.PRIORITY_RULES.key(),
              "type=video.start-failure -> critical; type=video.rebuffer -> high;"
                  + " type=video.debug* -> bulk",
              FlowOptions.POLICY_JOB.key(),
              "video"));

  private static final Duration LONGEST_SESSION = Duration.ofDays(1);

  public VideoOptions {
    Duration longest = sessions.longest();
    if (longest.compareTo(sessions.gap()) < 0 || longest.compareTo(LONGEST_SESSION) > 0) {
      throw new InvalidSettings(
          SESSION_LONGEST.key(),
          longest.toMillis() + "ms",
          "write a time between window.gap (%dms) and 1d".formatted(sessions.gap().toMillis()));
    }
    required(ALERTS_TOPIC, alertsTopic);
    required(QOE_TOPIC, qoeTopic);
  }

  public static VideoOptions from(Settings settings) {
    requireWholeSessions(AdmissionOptions.from(settings));
    WindowOptions windows =
        new WindowOptions(
            WindowKind.TUMBLING,
            settings.get(WindowOptions.SIZE),
            settings.get(WindowOptions.SIZE),
            settings.get(WindowOptions.GAP),
            settings.get(WindowOptions.LATENESS),
            settings.get(WindowOptions.MAX_PARTIALS),
            settings.get(WindowOptions.MAX_PARTIAL_AGE));
    return new VideoOptions(
        FlowOptions.from(settings),
        new PlaybackSessions(
            windows.gap(), settings.get(SESSION_LONGEST), windows.lateness(), windows.size()),
        windows,
        settings.get(ALERTS_TOPIC),
        settings.get(IotOptions.ALERTS_DELIVERY),
        settings.get(QOE_TOPIC),
        settings.get(SESSIONS_TOPIC));
  }

  /**
   * A rebuffer ratio is taken from sessions whose heartbeats were kept, and would be too low where
   * their rebuffers were not: so sessions have to be kept as a whole, and nothing may keep
   * heartbeats for longer than rebuffers.
   */
  private static void requireWholeSessions(AdmissionOptions admission) {
    if (admission.enabled() && admission.samplingUnit() != SamplingUnit.KEY) {
      throw new InvalidSettings(
          SAMPLING_UNIT, "event", "sessions would have holes that nobody sees; write key");
    }
    if (admission.neverTurnedAway().contains(Priority.HIGH)) {
      return;
    }
    if (admission.neverTurnedAway().contains(Priority.NORMAL)) {
      throw new InvalidSettings(
          "admission.never-shed",
          "normal",
          "heartbeats would be kept where rebuffers are not; write high, too");
    }
    double floor = admission.floors().getOrDefault(Priority.NORMAL, 0.0);
    if (floor > 0) {
      throw new InvalidSettings(
          "admission.floor.normal",
          floor,
          "heartbeats would be kept where rebuffers are not; write 0, or never shed high");
    }
  }

  public boolean withSessions() {
    return !sessionsTopic.isEmpty();
  }
}
