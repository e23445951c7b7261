package io.spillway.benchmarks.truth;

import io.spillway.admission.RejectedEvents;
import io.spillway.admission.Strata;
import io.spillway.aggregation.EstimateWindows;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowKind;
import io.spillway.aggregation.WindowOptions;
import io.spillway.aggregation.WindowSample;
import io.spillway.aggregation.WindowSampleSerializer;
import io.spillway.config.SerializerTypeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The windows of a job on Flink in this process, as fast as they go: a source that makes events of
 * numbers, two subtasks, RocksDB, windows of 10 s of a million events each, all estimates thrown
 * away.
 */
public final class AggregationJob {
  private static final int PARALLELISM = 2;
  private static final long EVENTS_PER_MILLI = 100;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final OutputTag<SequenceEvent> LATE =
      new OutputTag<>("late", TypeInformation.of(SequenceEvent.class));

  /** How windows come to their results. */
  public enum Variant {
    /** As in the jobs: partial results before the shuffle. */
    LOCAL_FIRST,
    /** Plain Flink: every event through the shuffle and into the state. */
    KEYED_ONLY
  }

  private AggregationJob() {}

  /** Events per second, start of the job included. */
  public static double eventsPerSecond(Variant variant, long events, long keys) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            PARALLELISM,
            new Configuration()
                // A machine that stands still for a minute is no failure.
                .set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofMinutes(15))
                .set(StateBackendOptions.STATE_BACKEND, "rocksdb")
                // These two as in flink-conf.
                .set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true)
                .set(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, true)
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512))
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(PipelineOptions.OBJECT_REUSE, true));
    DataStream<SequenceEvent> readings =
        env.fromSequence(0, events - 1)
            .map(number -> SequenceEvent.of(number, keys), TypeInformation.of(SequenceEvent.class))
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<SequenceEvent>forMonotonousTimestamps()
                    .withTimestampAssigner((event, t) -> event.number() / EVENTS_PER_MILLI));
    DataStream<WindowEstimate> estimates =
        switch (variant) {
          case LOCAL_FIRST -> localFirst(env, readings);
          case KEYED_ONLY -> keyedOnly(readings);
        };
    estimates.sinkTo(new DiscardingSink<>());
    try {
      return events * 1e3 / env.execute().getNetRuntime(TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the windows did not run: " + e.getMessage(), e);
    }
  }

  private static DataStream<WindowEstimate> localFirst(
      StreamExecutionEnvironment env, DataStream<SequenceEvent> readings) {
    WindowOptions options =
        new WindowOptions(
            WindowKind.TUMBLING,
            WINDOW,
            WINDOW,
            WINDOW,
            Duration.ZERO,
            WindowOptions.MAX_PARTIALS.defaultValue(),
            WindowOptions.MAX_PARTIAL_AGE.defaultValue());
    RejectedEvents nothing = new RejectedEvents(new byte[0], 0, 1, new long[Strata.COUNT]);
    return new EstimateWindows<>(
            options,
            SequenceEvent::key,
            Types.STRING,
            bytes -> new String(bytes, StandardCharsets.UTF_8),
            LATE)
        .attach(
            readings,
            env.fromData(nothing)
                .assignTimestampsAndWatermarks(
                    WatermarkStrategy.<RejectedEvents>forMonotonousTimestamps()
                        .withTimestampAssigner((rejected, t) -> rejected.toMillis() - 1)),
            (key, estimate) -> estimate,
            TypeInformation.of(WindowEstimate.class))
        .estimates();
  }

  private static DataStream<WindowEstimate> keyedOnly(DataStream<SequenceEvent> readings) {
    SerializerTypeInfo<WindowSample> samples =
        new SerializerTypeInfo<>(WindowSample.class, WindowSampleSerializer.INSTANCE);
    return readings
        .keyBy(SequenceEvent::key)
        .window(TumblingEventTimeWindows.of(WINDOW))
        .aggregate(
            new Summing(),
            new Estimating(),
            samples,
            samples,
            TypeInformation.of(WindowEstimate.class));
  }

  private static final class Summing
      implements AggregateFunction<SequenceEvent, WindowSample, WindowSample> {
    private static final long serialVersionUID = 1L;

    @Override
    public WindowSample createAccumulator() {
      return new WindowSample();
    }

    @Override
    public WindowSample add(SequenceEvent event, WindowSample sample) {
      sample.add(event);
      return sample;
    }

    @Override
    public WindowSample getResult(WindowSample sample) {
      return sample;
    }

    @Override
    public WindowSample merge(WindowSample one, WindowSample other) {
      return one.mergedWith(other);
    }
  }

  private static final class Estimating
      extends ProcessWindowFunction<WindowSample, WindowEstimate, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void process(
        String key,
        Context context,
        Iterable<WindowSample> samples,
        Collector<WindowEstimate> out) {
      TimeWindow window = context.window();
      out.collect(WindowEstimate.of(window.getStart(), window.getEnd(), samples.iterator().next()));
    }
  }
}
