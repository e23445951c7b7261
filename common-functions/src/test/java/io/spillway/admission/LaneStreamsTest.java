package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stages on every lane, and the lanes brought together by key, on a cluster in this process. */
class LaneStreamsTest {
  private static final int EVENTS = 400;
  private static final int KEYS = 10;
  private static final OutputTag<Long> SIDE = new OutputTag<>("every offset", Types.LONG);

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(4)
              .build());

  private record Built(
      StreamExecutionEnvironment env, DataStream<String> counts, DataStream<Long> side) {}

  /** Each event once through the stage of its lane, and the count of a key over both lanes. */
  @ParameterizedTest
  @EnumSource
  void countsAKeyOverAllLanesInOneState(LaneMode mode) throws Exception {
    Built built = build(mode);
    List<String> counts = new ArrayList<>();
    List<Long> side = new ArrayList<>();
    CloseableIterator<String> countResults = built.counts().collectAsync();
    CloseableIterator<Long> sideResults = built.side().collectAsync();
    try (countResults;
        sideResults) {
      built.env().executeAsync();
      countResults.forEachRemaining(counts::add);
      sideResults.forEachRemaining(side::add);
    }

    List<String> expected = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      expected.add(key + ": " + EVENTS / KEYS);
    }
    assertThat(counts).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(side)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, EVENTS).boxed().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "MERGED, first-express-v1 first-express-fill-v1 first-bulk-v1 first-bulk-fill-v1 meet-v1,"
        + " default default default default default",
    "ISOLATED, first-express-v1 first-express-fill-v1 first-bulk-v1 first-bulk-fill-v1 meet-v1,"
        + " express express default default default",
    "SINGLE, first-v1 first-fill-v1 meet-v1, default default default",
  })
  void namesEachStageByItsLane(LaneMode mode, String uids, String slots) {
    List<StreamNode> stages =
        build(mode).env().getStreamGraph().getStreamNodes().stream()
            .filter(
                node ->
                    Stream.of("first", "meet")
                        .anyMatch(("" + node.getTransformationUID())::startsWith))
            .toList();
    assertThat(stages)
        .extracting(StreamNode::getTransformationUID)
        .containsExactlyInAnyOrder(uids.split(" "));
    assertThat(stages)
        .extracting(StreamNode::getSlotSharingGroup)
        .containsExactlyInAnyOrder(slots.split(" "));
  }

  /** No buffer gets full here, and none is sent for its age. */
  @ParameterizedTest
  @EnumSource(names = {"MERGED", "ISOLATED"})
  @Timeout(60)
  void anExpressEventIsHandedOverAtOnceByEveryStage(LaneMode mode) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    env.setParallelism(1);
    env.setBufferTimeout(ExecutionOptions.DISABLED_NETWORK_BUFFER_TIMEOUT);
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.from(
                Settings.of(
                    Map.of("lanes", mode.name().toLowerCase(Locale.ROOT)),
                    AdmissionOptions.OPTIONS)),
            EventLimits.defaults(),
            PriorityRules.none(),
            lane ->
                env.fromSource(
                        new NumberSequenceSource(0, 1), WatermarkStrategy.noWatermarks(), "numbers")
                    .map(new OneOnly())
                    .returns(TypeInformation.of(RawEvent.class)));
    Arrived.ONE.drainPermits();
    lanes
        .streams()
        .then("first", "first", 1, (lane, name) -> lane.process(new First(), Types.LONG))
        .meet(offset -> offset % KEYS, Types.LONG, new Arrived(), Types.STRING, "meet", "meet", 1)
        .sinkTo(new DiscardingSink<>());
    JobClient job = env.executeAsync();

    try {
      Arrived.ONE.acquire();
    } finally {
      job.cancel().get();
    }
  }

  @Test
  void hasNoSideOutputBeforeItsFirstStage() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    LaneStreams<AdmittedEvent> streams = lanes(env, LaneMode.MERGED).streams();
    assertThatThrownBy(() -> streams.sideOutput(SIDE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no stage has been put on the lanes yet");
  }

  private static Built build(LaneMode mode) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    env.setParallelism(2);
    env.getConfig().enableObjectReuse();
    LaneStreams<Long> first =
        lanes(env, mode)
            .streams()
            .then("first", "first", 2, (lane, name) -> lane.process(new First(), Types.LONG));
    SingleOutputStreamOperator<String> counts =
        first.meet(
            offset -> offset % KEYS,
            Types.LONG,
            new CountAtTheEnd(),
            Types.STRING,
            "meet",
            "meet",
            2);
    return new Built(env, counts, first.sideOutput(SIDE));
  }

  private static Lanes lanes(StreamExecutionEnvironment env, LaneMode mode) {
    return Lanes.admit(
        AdmissionOptions.from(
            Settings.of(
                Map.of("lanes", mode.name().toLowerCase(Locale.ROOT)), AdmissionOptions.OPTIONS)),
        EventLimits.defaults(),
        PriorityRules.none(),
        lane ->
            env.fromData(
                    TypeInformation.of(RawEvent.class),
                    LongStream.range(0, EVENTS)
                        .mapToObj(LaneStreamsTest::event)
                        .toArray(RawEvent[]::new))
                .assignTimestampsAndWatermarks(
                    WatermarkStrategy.<RawEvent>noWatermarks()
                        .withTimestampAssigner((event, time) -> event.timestampMillis())));
  }

  private static RawEvent event(long number) {
    Priority priority = Priority.values()[(int) (number / KEYS % Priority.COUNT)];
    return new RawEvent(
        "numbers",
        0,
        number,
        number,
        null,
        new byte[10],
        EventHeaders.of(
            new String[] {CloudEventHeaders.ID, CloudEventHeaders.PRIORITY},
            new byte[][] {
              ("n" + number).getBytes(StandardCharsets.US_ASCII),
              priority.wireName().getBytes(StandardCharsets.US_ASCII)
            }));
  }

  private static final class First extends ProcessFunction<AdmittedEvent, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Long> out) {
      out.collect(event.raw().offset());
      context.output(SIDE, event.raw().offset());
    }
  }

  /** A source that goes quiet after its first event, and does not end. */
  private static final class OneOnly implements MapFunction<Long, RawEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public RawEvent map(Long number) throws InterruptedException {
      if (number > 0) {
        new CountDownLatch(1).await();
      }
      return event(number);
    }
  }

  private static final class Arrived extends KeyedProcessFunction<Long, Long, String> {
    static final Semaphore ONE = new Semaphore(0);

    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Long offset, Context context, Collector<String> out) {
      ONE.release();
    }
  }

  /** Counts in keyed state, and says the count of a key when its timer at the end fires. */
  private static final class CountAtTheEnd extends KeyedProcessFunction<Long, Long, String> {
    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> count;

    @Override
    public void open(OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    }

    @Override
    public void processElement(Long offset, Context context, Collector<String> out)
        throws Exception {
      long before = count.value() == null ? 0 : count.value();
      count.update(before + 1);
      context.timerService().registerEventTimeTimer(EVENTS + 1);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<String> out) throws Exception {
      out.collect(context.getCurrentKey() + ": " + count.value());
    }
  }
}
