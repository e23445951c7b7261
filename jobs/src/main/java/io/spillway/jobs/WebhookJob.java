package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
import io.spillway.config.OwnDefaults;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.event.RawEvent;
import io.spillway.output.CircuitBrokenOutput;
import io.spillway.output.HandedOver;
import io.spillway.output.OutputOptions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Results of another job, out of Kafka to whoever takes them by HTTP: one POST for each record.
 * While nobody does, they wait in Kafka, where they are safe, and the job that made them knows
 * nothing of it. Results that cannot wait get a second way out.
 *
 * <pre>
 *   results -> hand over -> refused -> dead letters
 * </pre>
 *
 * <p>At least once: the place of a record in Kafka is the id of its CloudEvent. Checkpoints and
 * state backend are the cluster's configuration; the state is the results under way.
 */
public final class WebhookJob {
  static final String NAME = "Spillway webhook";

  static final String RESULTS_UID = "results-v1";
  static final String REFUSED_UID = "refused-v1";

  /** Every setting of the job, in the order of the documentation. */
  static final List<ConfigOption<?>> OPTIONS =
      OwnDefaults.of(
          Stream.of(
                  KafkaOptions.OPTIONS,
                  OutputOptions.OPTIONS,
                  List.of(FlowOptions.DEAD_LETTERS_TOPIC))
              .<ConfigOption<?>>flatMap(Collection::stream)
              .toList(),
          Map.of(
              KafkaOptions.INPUT_TOPIC.key(),
              "iot.alerts",
              KafkaOptions.GROUP_ID.key(),
              "spillway-webhook"));

  private static final List<ConfigOption<String>> TOPICS =
      List.of(KafkaOptions.INPUT_TOPIC, FlowOptions.DEAD_LETTERS_TOPIC);

  private WebhookJob() {}

  /**
   * @throws InvalidSettings for a setting that cannot work, before anything is submitted
   */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    build(env, settings);
    KafkaTopics.check(settings, TOPICS);
    env.execute(NAME);
  }

  /** The whole job. Talks to nobody. */
  static void build(StreamExecutionEnvironment env, Settings settings) {
    OutputOptions options = OutputOptions.from(settings);
    JobFrame.requireStableState(env);
    DataStream<RawEvent> results =
        env.fromSource(
                KafkaTopics.source(settings, "all"),
                WatermarkStrategy.noWatermarks(),
                "results",
                TypeInformation.of(RawEvent.class))
            .uid(RESULTS_UID);
    wire(results, options)
        .sinkTo(
            KafkaTopics.sink(
                settings,
                new DeadLetterRecordSerializer(settings.get(FlowOptions.DEAD_LETTERS_TOPIC)),
                settings.get(KafkaOptions.DELIVERY),
                JobFrame.DEAD_LETTERS_UID))
        .uid(JobFrame.DEAD_LETTERS_UID)
        .name("dead letters");
  }

  /** From results to those that nobody will have. */
  static DataStream<DeadLetter> wire(DataStream<RawEvent> results, OutputOptions options) {
    return CircuitBrokenOutput.attach(results, options)
        .<DeadLetter>flatMap(
            (handedOver, out) -> {
              if (handedOver.way() == HandedOver.Way.REFUSED) {
                out.collect(
                    new DeadLetter(
                        handedOver.event(), DeadLetter.Reason.REFUSED, handedOver.detail()));
              }
            },
            TypeInformation.of(DeadLetter.class))
        .uid(REFUSED_UID)
        .name("refused");
  }
}
