package io.spillway.jobs;

import io.spillway.admission.Lanes;
import io.spillway.admission.Reread;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.iot.Alert;
import io.spillway.jobs.replay.ReplayOptions;
import io.spillway.jobs.replay.ReplaySource;
import io.spillway.jobs.replay.Written;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.LedgerRecordSerializer;
import io.spillway.priority.PriorityRules;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Reads the events again that the IoT job deferred, puts them through the same processing, and
 * writes what they add to the results of their windows. Bounded: what is open in the ledger at the
 * start.
 *
 * <pre>
 *   ledger -> deferred events -> classify and admit again -> [the IoT job's stages] -> corrections --+
 *                                         |      |                    ^                              | one transaction
 *                                         |      +-- counted back ----+                              |
 *                                         +-- what was replayed, what is gone -----------> ledger ---+
 * </pre>
 *
 * <p>There is no watermark before the end, so each window comes out once and whole, and only then
 * is it on record that its events were replayed: both in the one transaction of one sink. A run
 * that fails goes on from its last checkpoint; one that is killed for good has corrected nothing
 * and settled nothing, and the next one does all of it. Dead letters, and alerts and receipts if
 * there are any, leave on the way.
 */
public final class ReplayJob {
  static final String NAME = "Spillway replay";

  static final String SOURCE_UID = "deferred-events-v1";
  static final String CORRECTIONS_UID = "corrections-v1";
  static final String SETTLEMENTS_UID = "settlements-v1";
  static final String RESULTS_UID = "replay-results-sink-v1";

  /** Every setting of the job: those of the job that deferred, and its own. */
  static final List<ConfigOption<?>> OPTIONS =
      Stream.of(IotOptions.OPTIONS, ReplayOptions.OPTIONS)
          .<ConfigOption<?>>flatMap(Collection::stream)
          .toList();

  /** Topics that have to exist before the job starts; its input may have been deleted. */
  private static final List<ConfigOption<String>> TOPICS =
      List.of(
          IotOptions.ALERTS_TOPIC,
          FlowOptions.RECEIPTS_TOPIC,
          FlowOptions.LEDGER_TOPIC,
          FlowOptions.DEAD_LETTERS_TOPIC,
          ReplayOptions.CORRECTIONS_TOPIC);

  private ReplayJob() {}

  /**
   * @throws InvalidSettings for a setting that cannot work, before anything is submitted
   */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ReplayOptions replay = build(env, settings);
    KafkaTopics.check(settings, TOPICS);
    env.execute(NAME + " of " + replay.job());
  }

  /** The whole job. Talks to no broker. */
  static ReplayOptions build(StreamExecutionEnvironment env, Settings settings) {
    IotOptions options = IotOptions.from(settings);
    ReplayOptions replay = ReplayOptions.from(settings);
    JobFrame frame = JobFrame.in(env, settings);
    Lanes lanes =
        Lanes.readmit(
            EventLimits.from(settings),
            PriorityRules.parse(options.flow().priorityRules()),
            IotIngestionJob.rejectionCounting(settings),
            replay.run(),
            events(env, settings, options, replay));
    IotIngestionJob.Outputs outputs = IotIngestionJob.wire(lanes, settings, env.getParallelism());
    results(outputs, lanes, options, replay)
        .sinkTo(
            KafkaTopics.sink(
                settings,
                new Written.Serializer(
                    List.of(replay.correctionsTopic(), options.flow().ledgerTopic())),
                Delivery.EXACTLY_ONCE,
                transactionName(replay) + "-" + RESULTS_UID))
        .uid(RESULTS_UID)
        .name("corrections and ledger")
        .setParallelism(1);
    frame.writeDeadLetters(outputs.deadLetters(), Delivery.AT_LEAST_ONCE);
    frame.write(
        outputs.alerts(),
        new JsonRecords<>(options.alertsTopic(), Alert::kafkaKey, Alert::toJson),
        IotIngestionJob.ALERTS_UID,
        "alerts",
        Delivery.AT_LEAST_ONCE);
    frame.writeReceipts(outputs.receipts());
    return replay;
  }

  /** Corrections and what was settled, as records for the one sink. */
  private static DataStream<Written> results(
      IotIngestionJob.Outputs outputs, Lanes lanes, IotOptions options, ReplayOptions replay) {
    TypeInformation<Written> type = TypeInformation.of(Written.class);
    String corrections = replay.correctionsTopic();
    String ledger = options.flow().ledgerTopic();
    String run = replay.run();
    DataStream<Written> settlements =
        lanes
            .settlements()
            .map(
                settlement ->
                    new Written(
                        ledger,
                        LedgerRecordSerializer.key(settlement.topic(), settlement.partition()),
                        LedgerJson.write(settlement)),
                type)
            .uid(SETTLEMENTS_UID)
            .name("what was replayed");
    return outputs
        .aggregates()
        .map(
            estimate -> new Written(corrections, estimate.kafkaKey(), estimate.correctionJson(run)),
            type)
        .uid(CORRECTIONS_UID)
        .name("corrections")
        .union(settlements);
  }

  private static SingleOutputStreamOperator<Reread> events(
      StreamExecutionEnvironment env, Settings settings, IotOptions options, ReplayOptions replay) {
    WatermarkStrategy<RawEvent> eventTime = EventTime.from(settings);
    ReplaySource source =
        ReplaySource.of(
            replay,
            KafkaTopics.clients(settings),
            options.flow().ledgerTopic(),
            KafkaTopics.input(settings),
            KafkaTopics.transactionalIdPrefix(settings) + "-" + transactionName(replay));
    return env.fromSource(
            source,
            WatermarkStrategy.<Reread>noWatermarks()
                .withTimestampAssigner(
                    context -> {
                      TimestampAssigner<RawEvent> times =
                          eventTime.createTimestampAssigner(context);
                      return (reread, timestamp) ->
                          reread.event() == null
                              ? timestamp
                              : times.extractTimestamp(reread.event(), timestamp);
                    }),
            "deferred events",
            TypeInformation.of(Reread.class))
        .uid(SOURCE_UID);
  }

  private static String transactionName(ReplayOptions replay) {
    return "replay-" + replay.job();
  }
}
