package io.spillway.jobs;

import io.spillway.config.Settings;
import io.spillway.jobs.load.LoadOptions;
import io.spillway.jobs.load.LoadSerializer;
import io.spillway.jobs.load.ScheduleSource;
import io.spillway.jobs.load.SendLag;
import io.spillway.jobs.load.SendLagOperator;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * An open-loop load: IoT events sent when a profile says they are due, however the receiver fares.
 * An event that is sent late still says when it was meant to be sent, so that latency measured from
 * that moment has no coordinated omission (Tene, "How not to measure latency").
 *
 * <p>Bounded: it ends with the profile, all events flushed, and prints one line of JSON about its
 * own lag. It does not restart after a failure unless checkpoints are on: events would be sent
 * again from the first.
 */
public final class LoadGeneratorJob {
  public static final String NAME = "Spillway load generator";

  static final String SOURCE_UID = "schedule-v1";
  static final String SINK_UID = "load-sink-v1";

  private static final String LOOPBACK = "127.0.0.1";

  private LoadGeneratorJob() {}

  public static void main(String[] args) throws Exception {
    Settings settings = Settings.fromArgs(args, LoadOptions.OPTIONS);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(withoutOpenPorts());
    LoadOptions options = build(env, settings);
    KafkaTopics.check(settings, Map.of(LoadOptions.TOPIC.key(), options.topics()));
    JobExecutionResult result = env.execute(NAME);
    if (result.isJobExecutionResult()) {
      SendLag lag = result.getAccumulatorResult(SendLagOperator.RESULT);
      System.out.println(lag.json());
    }
  }

  /** For a run without a cluster: the small one inside this process is nobody else's. */
  private static Configuration withoutOpenPorts() {
    return new Configuration()
        .set(RestOptions.BIND_ADDRESS, LOOPBACK)
        .set(JobManagerOptions.BIND_HOST, LOOPBACK)
        .set(TaskManagerOptions.BIND_HOST, LOOPBACK);
  }

  /** The whole job. Talks to no broker. */
  static LoadOptions build(StreamExecutionEnvironment env, Settings settings) {
    LoadOptions options = LoadOptions.from(settings);
    configure(env, options);
    wire(env, options, KafkaTopics.throughputSink(settings, new LoadSerializer(options)));
    return options;
  }

  /** Event numbers, when they are due, to this sink. */
  static void wire(StreamExecutionEnvironment env, LoadOptions options, Sink<Long> sink) {
    DataStream<Long> due =
        env.fromSource(
                new ScheduleSource(options),
                WatermarkStrategy.noWatermarks(),
                "events when due",
                Types.LONG)
            .uid(SOURCE_UID);
    SendLagOperator.attach(due).sinkTo(sink).uid(SINK_UID).name("send");
  }

  static void configure(StreamExecutionEnvironment env, LoadOptions options) {
    Configuration own = new Configuration();
    own.set(PipelineOptions.OBJECT_REUSE, true);
    own.set(PipelineOptions.GENERIC_TYPES, false);
    own.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      own.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    }
    env.configure(own);
    env.setParallelism(options.parallelism());
  }
}
