package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.admission.RejectionCounting;
import io.spillway.aggregation.EstimateWindows;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.jobs.video.LatePlayback;
import io.spillway.jobs.video.PlaybackDecoding;
import io.spillway.jobs.video.PlaybackEvent;
import io.spillway.jobs.video.PlaybackSession;
import io.spillway.jobs.video.QoeEstimate;
import io.spillway.jobs.video.QoeKey;
import io.spillway.jobs.video.SessionMeasure;
import io.spillway.jobs.video.StartFailure;
import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.Working;
import io.spillway.ledger.LedgerEntry;
import io.spillway.policy.Policy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * How well videos play: failed starts out at once, everything else as sessions of viewers and
 * results per network and provider that say how much of the truth they have seen.
 *
 * <pre>
 *   events -> classify and admit -> [lanes] -> decode -> partial windows -> window estimates --+
 *                    |    |                    |  |  |          |                 ^            |
 *                    |    |   start failures --+  |  |     late events           |            +-> qoe
 *                    |    |   receipts -----------+  |                            |            |
 *                    |    +-- counts of what was not admitted --------------------+            |
 *              ledger, dead letters                 +-> [by viewer] sessions -> measures -> windows
 *                                                             | if asked for: sessions
 * </pre>
 *
 * <p>Two kinds of results come out side by side. Those of events are of the moments at which events
 * happened, and their number is exact, because admission counts what it turns away. Those of
 * sessions are of the sessions that were over in the window: admission keeps or turns away whole
 * viewers, so a session that was kept is whole, and what is not known of the others is estimated
 * from how likely the kept ones were to be kept. See {@link io.spillway.jobs.video.SessionFigures}
 * for why less important heartbeats that were shed do not make ratios wrong.
 *
 * <p>An event that is too late is a dead letter; it may have counted in its session all the same,
 * where that was still open. Alerts are at least once unless it is asked otherwise: they do not
 * wait for a checkpoint. State backend and checkpoints are the cluster's configuration.
 */
public final class VideoQoeJob {
  static final String NAME = "Spillway video QoE";

  static final String EVENTS_UID = "events-v1";
  static final String ALERTS_UID = "alerts-sink-v1";
  static final String QOE_UID = "qoe-sink-v1";
  static final String SESSIONS_UID = "sessions-sink-v1";

  /** What uids and names of the windows of sessions begin with. */
  private static final String OF_SESSIONS = "session";

  private VideoQoeJob() {}

  /** What comes out of the job, before it is written anywhere. */
  record Outputs(
      DataStream<StartFailure> alerts,
      DataStream<QoeEstimate> qoe,
      DataStream<PlaybackSession> sessions,
      DataStream<Receipt> receipts,
      DataStream<DeadLetter> deadLetters,
      DataStream<LedgerEntry> ledger) {}

  /**
   * @throws InvalidSettings for a setting that cannot work, before anything is submitted
   */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, VideoOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    KafkaTopics.check(settings, VideoOptions.TOPICS);
    build(env, settings, KafkaPolicyTopic.inForce(settings));
    env.execute(NAME);
  }

  /**
   * The whole job: Kafka in, {@link #wire}, Kafka out. Talks to no broker.
   *
   * @param first the policy to begin with
   */
  static void build(StreamExecutionEnvironment env, Settings settings, Policy first) {
    VideoOptions options = VideoOptions.from(settings);
    JobFrame frame = JobFrame.in(env, settings);
    Lanes lanes = frame.lanes(rejectionCounting(options), first, "events", EVENTS_UID);
    Outputs outputs = wire(lanes, settings, env.getParallelism());
    AdmissionTopics.write(lanes, frame);
    frame.write(
        outputs.alerts(),
        new JsonRecords<>(options.alertsTopic(), StartFailure::kafkaKey, StartFailure::toJson),
        ALERTS_UID,
        "start failures",
        options.alertsDelivery());
    frame.write(
        outputs.qoe(),
        new JsonRecords<>(options.qoeTopic(), QoeEstimate::kafkaKey, QoeEstimate::toJson),
        QOE_UID,
        "qoe");
    if (options.withSessions()) {
      frame.write(
          outputs.sessions(),
          new JsonRecords<>(
              options.sessionsTopic(), PlaybackSession::kafkaKey, PlaybackSession::toJson),
          SESSIONS_UID,
          "sessions seen");
    }
    frame.writeBeside(lanes, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  /** From lanes to results. */
  static Outputs wire(Lanes lanes, Settings settings, int parallelism) {
    VideoOptions options = VideoOptions.from(settings);
    DataStream<PlaybackEvent> events =
        lanes.process(
            new Working<>(
                new PlaybackDecoding(),
                EventLimits.from(settings),
                AdmissionOptions.from(settings),
                options.flow().work(),
                options.flow().withReceipts()),
            TypeInformation.of(PlaybackEvent.class),
            PlaybackDecoding.UID,
            PlaybackDecoding.NAME,
            parallelism);
    SingleOutputStreamOperator<PlaybackSession> sessions =
        options.sessions().attach(lanes.sideOutput(PlaybackDecoding.POINTS));
    TypeInformation<QoeKey> keys = TypeInformation.of(QoeKey.class);
    TypeInformation<QoeEstimate> results = TypeInformation.of(QoeEstimate.class);
    EstimateWindows.Results<PlaybackEvent, QoeEstimate> ofEvents =
        new EstimateWindows<>(
                options.windows(), PlaybackEvent::key, keys, QoeKey::ofSubject, LatePlayback.TAG)
            .attach(events, lanes.rejected(), QoeEstimate::new, results);
    EstimateWindows.Results<SessionMeasure, QoeEstimate> ofSessions =
        new EstimateWindows<>(
                options.windows(), SessionMeasure::key, keys, QoeKey::ofSubject, LatePlayback.NEVER)
            .attachFurther(
                OF_SESSIONS, options.sessions().measures(sessions), QoeEstimate::new, results);
    DataStream<DeadLetter> late =
        ofEvents.late().map(new LatePlayback()).uid(LatePlayback.UID).name(LatePlayback.NAME);
    return new Outputs(
        lanes.sideOutput(PlaybackDecoding.ALERTS),
        ofEvents.estimates().union(ofSessions.estimates()),
        sessions,
        lanes.sideOutput(Working.RECEIPTS),
        lanes.deadLetters().union(lanes.sideOutput(Working.DEAD_LETTERS), late),
        lanes.ledger());
  }

  /** Events that are not admitted are counted by network and provider, as their headers show. */
  static RejectionCounting rejectionCounting(VideoOptions options) {
    return new RejectionCounting(
        (event, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
        options.windows().spans(),
        options.windows().maxPartials());
  }
}
