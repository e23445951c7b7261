package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which a real task takes events from two lanes that never run empty. */
class LaneProcessOperatorTest {
  private static final double BULK_SHARE = 0.1;
  private static final AdmissionOptions OPTIONS =
      AdmissionOptions.defaults().with(Map.of("admission.floor.bulk", "" + BULK_SHARE));
  private static final int LOOK_AT = 5_000;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @BeforeEach
  void forget() {
    Counting.SERVED.set(Priority.CRITICAL.ordinal(), 0);
    Counting.SERVED.set(Priority.BULK.ordinal(), 0);
    Counting.LOOKED_AT.set(0);
    Counting.CHECKPOINTS.set(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void servesExpressFirstAndLeavesBulkItsShare(boolean keyed) throws Exception {
    JobClient job = start(new Configuration(), keyed);

    while (Counting.LOOKED_AT.get() < LOOK_AT) {
      Thread.sleep(10);
    }
    job.cancel().get();

    double share = Counting.SERVED.get(Priority.BULK.ordinal()) / (double) LOOK_AT;
    assertThat(share).isCloseTo(BULK_SHARE, within(0.01));
  }

  /** The barrier of one lane blocks it until that of the other has come: neither may starve. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void takesAlignedCheckpoints(boolean keyed) throws Exception {
    JobClient job =
        start(
            new Configuration()
                .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50))
                .set(CheckpointingOptions.ENABLE_UNALIGNED, false),
            keyed);

    while (Counting.CHECKPOINTS.get() < 3) {
      Thread.sleep(10);
    }
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    job.cancel().get();
  }

  /** Also where the express lane was empty when that event was begun. */
  @Test
  @Timeout(60)
  void anExpressEventWaitsForTheOneBulkEventThatWasBegun() throws Exception {
    StreamExecutionEnvironment env = environment(new Configuration());
    env.setBufferTimeout(0);
    lane(env, Priority.CRITICAL, new OneWhenAsked())
        .connect(lane(env, Priority.BULK, number -> number))
        .transform(
            "stage",
            Types.VOID,
            new LaneStageFactory<>(
                new LaneProcessOperator<>(new AskingForExpress(), OPTIONS, Policy.OWN)))
        .sinkTo(new DiscardingSink<>());
    JobClient job = env.executeAsync();

    AskingForExpress.SERVED.await();
    job.cancel().get();

    assertThat(AskingForExpress.BULK_BETWEEN).hasValue(0);
  }

  private static StreamExecutionEnvironment environment(Configuration configuration) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    return env;
  }

  private static JobClient start(Configuration configuration, boolean keyed) throws Exception {
    StreamExecutionEnvironment env = environment(configuration);
    DataStream<AdmittedEvent> express = lane(env, Priority.CRITICAL, number -> number);
    DataStream<AdmittedEvent> bulk = lane(env, Priority.BULK, number -> number);
    SingleOutputStreamOperator<Void> stage =
        keyed
            ? express
                .keyBy(LaneProcessOperatorTest::key, Types.LONG)
                .connect(bulk.keyBy(LaneProcessOperatorTest::key, Types.LONG))
                .transform(
                    "stage",
                    Types.VOID,
                    new LaneStageFactory<>(
                        new KeyedLaneOperator<>(new CountingByKey(), OPTIONS, Policy.OWN)))
            : express
                .connect(bulk)
                .transform(
                    "stage",
                    Types.VOID,
                    new LaneStageFactory<>(
                        new LaneProcessOperator<>(new Counting(), OPTIONS, Policy.OWN)));
    stage.sinkTo(new DiscardingSink<>());
    return env.executeAsync();
  }

  private static DataStream<AdmittedEvent> lane(
      StreamExecutionEnvironment env, Priority priority, MapFunction<Long, Long> pace) {
    return env.fromSource(
            new NumberSequenceSource(0, Long.MAX_VALUE),
            WatermarkStrategy.noWatermarks(),
            priority.wireName())
        .map(pace)
        .returns(Types.LONG)
        .map(number -> event(number, priority))
        .returns(TypeInformation.of(AdmittedEvent.class))
        .rebalance();
  }

  private static long key(AdmittedEvent event) {
    return event.raw().offset() % 10;
  }

  private static AdmittedEvent event(long number, Priority priority) {
    RawEvent raw = new RawEvent("topic", 0, number, 0, null, new byte[100], EventHeaders.empty());
    return new AdmittedEvent(raw, priority, 0, 1.0);
  }

  /** Lets one event pass when that is asked for, says when it has been sent, and stops there. */
  private static final class OneWhenAsked implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long map(Long number) throws InterruptedException {
      if (number == 0) {
        AskingForExpress.ASKED.await();
      } else {
        AskingForExpress.SENT.countDown();
        new CountDownLatch(1).await();
      }
      return number;
    }
  }

  /** Asks for an express event within an event of bulk, and counts what is served before it. */
  private static final class AskingForExpress extends ProcessFunction<AdmittedEvent, Void> {
    static final CountDownLatch ASKED = new CountDownLatch(1);
    static final CountDownLatch SENT = new CountDownLatch(1);
    static final CountDownLatch SERVED = new CountDownLatch(1);
    static final AtomicInteger BULK_BETWEEN = new AtomicInteger();

    private static final long serialVersionUID = 1L;
    private static final int BEFORE = 100;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Void> out)
        throws InterruptedException {
      if (event.priority() == Priority.CRITICAL) {
        SERVED.countDown();
      } else if (SENT.getCount() == 0) {
        BULK_BETWEEN.addAndGet((int) SERVED.getCount());
      } else if (event.raw().offset() >= BEFORE) {
        ASKED.countDown();
        SENT.await();
      }
    }
  }

  /** Counts by priority from the moment on at which both lanes have come. */
  private static final class Counting extends ProcessFunction<AdmittedEvent, Void>
      implements CheckpointListener {
    static final AtomicLongArray SERVED = new AtomicLongArray(Priority.COUNT);
    static final AtomicInteger LOOKED_AT = new AtomicInteger();
    static final AtomicInteger CHECKPOINTS = new AtomicInteger();

    private static final long serialVersionUID = 1L;
    private static final int WARM_UP = 1_000;

    private final int[] seen = new int[Priority.COUNT];

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Void> out) {
      count(event);
    }

    void count(AdmittedEvent event) {
      int priority = event.priority().ordinal();
      seen[priority]++;
      LockSupport.parkNanos(20_000);
      boolean bothFlow =
          seen[Priority.CRITICAL.ordinal()] > WARM_UP && seen[Priority.BULK.ordinal()] > 0;
      if (bothFlow && LOOKED_AT.get() < LOOK_AT) {
        SERVED.incrementAndGet(priority);
        LOOKED_AT.incrementAndGet();
      }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      CHECKPOINTS.incrementAndGet();
    }
  }

  /** The same by key. */
  private static final class CountingByKey extends KeyedProcessFunction<Long, AdmittedEvent, Void>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;

    private final Counting counting = new Counting();

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Void> out) {
      assertThat(context.getCurrentKey()).isEqualTo(key(event));
      counting.count(event);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      counting.notifyCheckpointComplete(checkpointId);
    }
  }
}
