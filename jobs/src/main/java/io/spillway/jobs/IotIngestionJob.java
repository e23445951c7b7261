package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.admission.OnwardRecordSerializer;
import io.spillway.admission.RejectionCounting;
import io.spillway.aggregation.EstimateWindows;
import io.spillway.aggregation.WindowOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.iot.Alert;
import io.spillway.jobs.iot.EventProcessing;
import io.spillway.jobs.iot.LateReadings;
import io.spillway.jobs.iot.SensorReading;
import io.spillway.jobs.iot.SiteMetric;
import io.spillway.jobs.iot.SiteMetricEstimate;
import io.spillway.jobs.retention.DeferredWatchOperator;
import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerRecordSerializer;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import io.spillway.priority.PriorityRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Readings of many sensors at many sites: fire alarms out at once, everything else as windows per
 * site and metric that say how much of the truth they have seen.
 *
 * <pre>
 *   events -> classify and admit -> [lanes] -> process events -> partial windows -> window estimates
 *                    |       |                      |                  |                  ^    |
 *                    |       |                alerts, receipts    late readings           | aggregates
 *                    |       +---- counts of what was not admitted -----------------------+
 *        ledger, dead letters, onward           dead letters      (dead letters)
 * </pre>
 *
 * <p>Tasks: admission is chained to the source, and to admission the sinks of the ledger and of
 * events onward, if they are asked for; on the way to the ledger is an operator whose coordinator
 * watches, beside the JobManager, how long Kafka still keeps what was deferred. Processing, the
 * expensive stage, has the parallelism of the environment and is never chained to admission; the
 * sinks of alerts and receipts are chained to it, so an alert leaves in the task that made it, and
 * so are partial windows (not where isolated lanes have to be brought together first). The windows
 * follow behind a shuffle by site and metric, their sink chained to them. Dead letters of all
 * stages meet in one sink. Receipts are at least once, and alerts unless it is asked otherwise:
 * they do not wait for a checkpoint. State backend and checkpoints are the cluster's configuration.
 */
public final class IotIngestionJob {
  static final String NAME = "Spillway IoT ingestion";

  static final String EVENTS_UID = "events-v1";
  static final String ALERTS_UID = "alerts-sink-v1";
  static final String AGGREGATES_UID = "aggregates-sink-v1";
  static final String RECEIPTS_UID = "receipts-sink-v1";
  static final String ONWARD_UID = "onward-%s-sink-v1";
  static final String LEDGER_UID = "ledger-sink-v1";
  static final String DEAD_LETTERS_UID = "dead-letters-sink-v1";

  private IotIngestionJob() {}

  /** What comes out of the job, before it is written anywhere. */
  record Outputs(
      DataStream<Alert> alerts,
      DataStream<SiteMetricEstimate> aggregates,
      DataStream<Receipt> receipts,
      DataStream<DeadLetter> deadLetters,
      DataStream<LedgerEntry> ledger) {}

  /**
   * @throws InvalidSettings for a setting that cannot work, before anything is submitted
   */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, IotOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    KafkaTopics.check(settings, IotOptions.TOPICS);
    build(env, settings, KafkaPolicyTopic.inForce(settings));
    env.execute(NAME);
  }

  /**
   * The whole job: Kafka in, {@link #wire}, Kafka out. Talks to no broker.
   *
   * @param first the policy to begin with
   */
  static void build(StreamExecutionEnvironment env, Settings settings, Policy first) {
    IotOptions options = IotOptions.from(settings);
    Delivery delivery = settings.get(KafkaOptions.DELIVERY);
    requireStableState(env);
    Lanes lanes = lanes(env, settings, options, first);
    Outputs outputs = wire(lanes, settings, env.getParallelism());
    AdmissionTopics.write(lanes, settings);
    write(
        outputs.alerts(),
        new JsonRecords<>(options.alertsTopic(), Alert::kafkaKey, Alert::toJson),
        ALERTS_UID,
        "alerts",
        options.alertsDelivery(),
        settings);
    write(
        outputs.aggregates(),
        new JsonRecords<>(
            options.aggregatesTopic(), SiteMetricEstimate::kafkaKey, SiteMetricEstimate::toJson),
        AGGREGATES_UID,
        "aggregates",
        delivery,
        settings);
    if (options.withReceipts()) {
      write(
          outputs.receipts(),
          new JsonRecords<>(options.receiptsTopic(), receipt -> null, Receipt::toJson),
          RECEIPTS_UID,
          "receipts",
          Delivery.AT_LEAST_ONCE,
          settings);
    }
    if (options.withEventsOnward()) {
      writeOnward(lanes, options.onwardTopic(), settings);
    }
    write(
        outputs.deadLetters(),
        new DeadLetterRecordSerializer(options.deadLettersTopic()),
        DEAD_LETTERS_UID,
        "dead letters",
        delivery,
        settings);
    write(
        DeferredWatchOperator.attach(outputs.ledger(), watched(settings, options)),
        new LedgerRecordSerializer(options.ledgerTopic()),
        LEDGER_UID,
        "ledger",
        delivery,
        settings);
  }

  private static DeferredWatchOperator.Watched watched(Settings settings, IotOptions options) {
    Map<String, String> clients = new HashMap<>(settings.get(KafkaOptions.PROPERTIES));
    clients.put("bootstrap.servers", settings.get(KafkaOptions.BOOTSTRAP_SERVERS));
    String input = settings.get(KafkaOptions.INPUT_TOPIC);
    return new DeferredWatchOperator.Watched(
        clients,
        options.ledgerTopic(),
        Set.copyOf(settings.get(KafkaOptions.INPUT_MODE).topics(input)),
        options.deferredWatch());
  }

  /** From lanes to results. */
  static Outputs wire(Lanes lanes, Settings settings, int parallelism) {
    IotOptions options = IotOptions.from(settings);
    EventProcessing processing =
        new EventProcessing(
            EventLimits.from(settings),
            AdmissionOptions.from(settings),
            new SimulatedWork(options.workMicros()),
            options.withReceipts());
    DataStream<SensorReading> readings =
        lanes.process(
            processing,
            TypeInformation.of(SensorReading.class),
            EventProcessing.UID,
            EventProcessing.NAME,
            parallelism);
    EstimateWindows.Results<SensorReading, SiteMetricEstimate> windows =
        new EstimateWindows<>(
                WindowOptions.from(settings),
                SensorReading::key,
                TypeInformation.of(SiteMetric.class),
                SiteMetric::ofSubject,
                LateReadings.TAG)
            .attach(
                readings,
                lanes.rejected(),
                SiteMetricEstimate::new,
                TypeInformation.of(SiteMetricEstimate.class));
    DataStream<DeadLetter> late =
        windows.late().map(new LateReadings()).uid(LateReadings.UID).name(LateReadings.NAME);
    return new Outputs(
        lanes.sideOutput(EventProcessing.ALERTS),
        windows.estimates(),
        lanes.sideOutput(EventProcessing.RECEIPTS),
        lanes.deadLetters().union(lanes.sideOutput(EventProcessing.DEAD_LETTERS), late),
        lanes.ledger());
  }

  private static Lanes lanes(
      StreamExecutionEnvironment env, Settings settings, IotOptions options, Policy first) {
    PolicyFeed policies =
        options.followsPolicies()
            ? new PolicyFeed(options.policyJob(), KafkaPolicyTopic.of(settings), first)
            : null;
    return Lanes.admit(
        AdmissionOptions.from(settings),
        EventLimits.from(settings),
        PriorityRules.parse(options.priorityRules()),
        rejectionCounting(settings),
        policies,
        lane -> events(env, settings, lane));
  }

  /** Events that are not admitted are counted by site and metric, as far as their headers show. */
  static RejectionCounting rejectionCounting(Settings settings) {
    WindowOptions windows = WindowOptions.from(settings);
    return new RejectionCounting(
        (event, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
        windows.spans(),
        windows.maxPartials());
  }

  private static SingleOutputStreamOperator<RawEvent> events(
      StreamExecutionEnvironment env, Settings settings, String lane) {
    boolean shared = lane.equals("all");
    return env.fromSource(
            KafkaTopics.source(settings, lane),
            EventTime.from(settings),
            shared ? "events" : "events (" + lane + ")",
            TypeInformation.of(RawEvent.class))
        .uid(shared ? EVENTS_UID : lane + "-" + EVENTS_UID);
  }

  /** State must find its operator and its serializer again after the next deployment. */
  static void requireStableState(StreamExecutionEnvironment env) {
    env.configure(
        new Configuration()
            .set(PipelineOptions.AUTO_GENERATE_UIDS, false)
            .set(PipelineOptions.GENERIC_TYPES, false)
            .set(PipelineOptions.OBJECT_REUSE, true));
  }

  /**
   * What was admitted, for a next job. Before the expensive stage and beside it: the next job sees
   * what this one let in, at once, also what this one then cannot read or has not come to yet. A
   * sink for each lane, chained to admission, so that lanes stay apart and the buffers of a lane
   * hold what its stage has to do and nothing else.
   */
  private static void writeOnward(Lanes lanes, String topic, Settings settings) {
    long seed = AdmissionOptions.from(settings).seed();
    lanes.admitted(
        (lane, events) ->
            write(
                events,
                new OnwardRecordSerializer(topic, seed),
                ONWARD_UID.formatted(lane),
                "events onward (" + lane + ")",
                settings.get(KafkaOptions.DELIVERY),
                settings));
  }

  static <T> void write(
      DataStream<T> results,
      KafkaRecordSerializationSchema<T> records,
      String uid,
      String name,
      Delivery delivery,
      Settings settings) {
    results.sinkTo(KafkaTopics.sink(settings, records, delivery, uid)).uid(uid).name(name);
  }
}
