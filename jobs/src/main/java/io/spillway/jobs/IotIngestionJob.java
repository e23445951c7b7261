package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.admission.RejectionCounting;
import io.spillway.aggregation.EstimateWindows;
import io.spillway.aggregation.WindowOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.jobs.iot.Alert;
import io.spillway.jobs.iot.EventProcessing;
import io.spillway.jobs.iot.LateReadings;
import io.spillway.jobs.iot.SensorReading;
import io.spillway.jobs.iot.SiteMetric;
import io.spillway.jobs.iot.SiteMetricEstimate;
import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.Working;
import io.spillway.ledger.LedgerEntry;
import io.spillway.policy.Policy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
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
 * <p>Tasks: for admission and the sinks chained to it see {@link JobFrame}. Processing, the
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
    JobFrame frame = JobFrame.in(env, settings);
    Lanes lanes = frame.lanes(rejectionCounting(settings), first, "events", EVENTS_UID);
    Outputs outputs = wire(lanes, settings, env.getParallelism());
    AdmissionTopics.write(lanes, frame);
    frame.write(
        outputs.alerts(),
        new JsonRecords<>(options.alertsTopic(), Alert::kafkaKey, Alert::toJson),
        ALERTS_UID,
        "alerts",
        options.alertsDelivery());
    frame.write(
        outputs.aggregates(),
        new JsonRecords<>(
            options.aggregatesTopic(), SiteMetricEstimate::kafkaKey, SiteMetricEstimate::toJson),
        AGGREGATES_UID,
        "aggregates");
    frame.writeBeside(lanes, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  /** From lanes to results. */
  static Outputs wire(Lanes lanes, Settings settings, int parallelism) {
    FlowOptions options = FlowOptions.from(settings);
    Working<SensorReading> processing =
        new Working<>(
            new EventProcessing(),
            EventLimits.from(settings),
            AdmissionOptions.from(settings),
            options.work(),
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
        lanes.sideOutput(Working.RECEIPTS),
        lanes.deadLetters().union(lanes.sideOutput(Working.DEAD_LETTERS), late),
        lanes.ledger());
  }

  /** Events that are not admitted are counted by site and metric, as far as their headers show. */
  static RejectionCounting rejectionCounting(Settings settings) {
    WindowOptions windows = WindowOptions.from(settings);
    return new RejectionCounting(
        (event, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
        windows.spans(),
        windows.maxPartials());
  }
}
