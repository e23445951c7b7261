package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.RawEvent;
import io.spillway.jobs.InputMode;
import io.spillway.jobs.KafkaOptions;
import io.spillway.jobs.KafkaTopics;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Topic per priority on a real broker: what comes last into a backlog and matters comes first. */
@Timeout(180)
class PrioritySourceITCase {
  private static final int PARTITIONS = 2;
  private static final int FLOOR = 20;
  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  @TempDir static Path dir;
  static LocalCluster cluster;

  // Seen from the tasks too, which run in this JVM.
  private static final BlockingQueue<String> ARRIVALS = new LinkedBlockingQueue<>();
  private static final CountDownLatch GATE = new CountDownLatch(1);
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @BeforeAll
  static void startKafka() {
    cluster = LocalCluster.up(new ClusterSpec(dir, 1, 1, 24000, Map.of()), Progress.SILENT);
  }

  @AfterAll
  static void stopKafka() {
    if (cluster != null) {
      cluster.down();
    }
  }

  @Test
  void readsCriticalEventsAheadOfABacklogThatWasThereFirst() throws Exception {
    createTopics("order");
    produce("order.bulk", 20_000);
    StreamExecutionEnvironment env = environment(1);
    events(env, "order").map(new HoldAfter(500)).sinkTo(new DiscardingSink<>());
    JobClient job = env.executeAsync();

    await(() -> ARRIVALS.size() == 500);
    produce("order.critical", 200);
    await(() -> metric(job.getJobID(), "critical", "records-consumed-total") == 200);
    // What one poll of the consumer gave is handed over when the next one fetches.
    long fetches = metric(job.getJobID(), "critical", "fetch-total");
    await(() -> metric(job.getJobID(), "critical", "fetch-total") >= fetches + 2);
    ARRIVALS.clear();
    GATE.countDown();
    await(() -> ARRIVALS.size() == 20_000 + 200 - 500);
    job.cancel().get();

    // 200 records and the floor among them; a few more for the fetch that was not handed over yet.
    assertThat(ARRIVALS.stream().limit(200 + 200 / (FLOOR - 1) + 20))
        .filteredOn("order.critical"::equals)
        .hasSize(200);
    assertThat(ARRIVALS.stream().limit(2 * FLOOR)).contains("order.bulk");
  }

  @Test
  void losesAndRepeatsNothingAcrossAFailure() throws Exception {
    createTopics("failover");
    Map<String, Integer> expected = new HashMap<>();
    StreamExecutionEnvironment env = environment(2);
    CloseableIterator<String> results = events(env, "failover").map(new FailOnce()).collectAsync();
    JobClient job = env.executeAsync();

    for (String topic : InputMode.PER_PRIORITY.topics("failover")) {
      produce(topic, 2_000).forEach(place -> expected.merge(place, 1, Integer::sum));
    }
    Map<String, Integer> actual = new HashMap<>();
    // The iterator blocks until a checkpoint makes more results final.
    for (int i = 0; i < 4 * 2_000; i++) {
      actual.merge(results.next(), 1, Integer::sum);
      if (i == 0) {
        for (String topic : InputMode.PER_PRIORITY.topics("failover")) {
          produce(topic, 500).forEach(place -> expected.merge(place, 1, Integer::sum));
        }
      }
    }
    for (int i = 0; i < 4 * 500; i++) {
      actual.merge(results.next(), 1, Integer::sum);
    }
    job.cancel().get();

    assertThat(FAILURES).hasValue(1);
    assertThat(actual).isEqualTo(expected);
  }

  private static void createTopics(String name) {
    InputMode.PER_PRIORITY
        .topics(name)
        .forEach(topic -> cluster.createTopic(topic, PARTITIONS, Map.of()));
  }

  private static DataStream<RawEvent> events(StreamExecutionEnvironment env, String topic) {
    Settings settings =
        Settings.of(
            Map.of(
                "kafka.bootstrap.servers",
                cluster.bootstrapServers(),
                "kafka.group.id",
                topic,
                "input.topic",
                topic,
                "input.mode",
                "per_priority",
                "input.floor",
                String.valueOf(FLOOR)),
            KafkaOptions.OPTIONS);
    KafkaTopics.check(settings, List.of(KafkaOptions.INPUT_TOPIC));
    return env.fromSource(
        KafkaTopics.source(settings, "all"), WatermarkStrategy.noWatermarks(), "events");
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            Configuration.fromMap(
                Map.of(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), "200ms",
                    RestartStrategyOptions.RESTART_STRATEGY.key(), "fixed-delay",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS.key(), "1",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY.key(), "0ms")));
    env.setParallelism(parallelism);
    return env;
  }

  /** Sends records, spread over the partitions, and returns their places once they are stored. */
  private static List<String> produce(String topic, int count) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "value")));
      }
    }
    List<String> places = new ArrayList<>();
    for (Future<RecordMetadata> one : sent) {
      RecordMetadata place = one.get();
      places.add(place.topic() + "-" + place.partition() + "@" + place.offset());
    }
    return places;
  }

  /** A metric of the consumer of this level, in its own group; 0 before there is one. */
  private static long metric(JobID job, String priority, String name) {
    return METRICS
        .findMetric(job, "priority\\." + priority + "\\..*KafkaConsumer\\." + name)
        .map(metric -> ((Number) ((Gauge<?>) metric).getValue()).longValue())
        .orElse(0L);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Lets some records pass and holds the next until the gate opens; notes the topics. */
  private static final class HoldAfter extends RichMapFunction<RawEvent, String> {
    private static final long serialVersionUID = 1L;

    private final int free;
    private int passed;

    HoldAfter(int free) {
      this.free = free;
    }

    @Override
    public String map(RawEvent event) throws InterruptedException {
      if (passed++ == free) {
        GATE.await();
      }
      ARRIVALS.add(event.topic());
      return event.topic();
    }
  }

  /** Fails the first attempt at the tenth record after a checkpoint that had records. */
  private static final class FailOnce extends RichMapFunction<RawEvent, String>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;

    private int seen;
    private int seenAtCheckpoint = Integer.MAX_VALUE;

    @Override
    public String map(RawEvent event) {
      boolean first = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
      if (first && ++seen > 10L + seenAtCheckpoint && FAILURES.compareAndSet(0, 1)) {
        throw new IllegalStateException("as the test wants it");
      }
      return event.topic() + "-" + event.partition() + "@" + event.offset();
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      if (seen > 0) {
        seenAtCheckpoint = Math.min(seen, seenAtCheckpoint);
      }
    }
  }
}
