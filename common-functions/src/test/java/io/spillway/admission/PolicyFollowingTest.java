package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LedgerEntry;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyFeed;
import io.spillway.policy.PolicyTopic;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import io.spillway.quota.Rejection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job with checkpoints that follows policies, through a failure and a stop with savepoint. */
@Timeout(400)
class PolicyFollowingTest {
  private static final int PARALLELISM = 2;
  private static final Policy EXPIRE = new Policy(4, Map.of("admission.max-age.bulk", "1s"));

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2 * PARALLELISM)
              .build());

  @TempDir private Path savepoints;

  private record Described(LedgerEntry entry, int attempt) {}

  private static final Queue<Described> LEDGER = new ConcurrentLinkedQueue<>();
  private static final Queue<DeadLetter> LETTERS = new ConcurrentLinkedQueue<>();
  private static final Queue<Rejection> REJECTIONS = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger BULK_ADMITTED = new AtomicInteger();
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();
  private static final AtomicBoolean FAIL = new AtomicBoolean();

  @BeforeEach
  void forget() {
    LEDGER.clear();
    LETTERS.clear();
    REJECTIONS.clear();
    BULK_ADMITTED.set(0);
    Log.RECORDS.clear();
  }

  @ParameterizedTest
  @EnumSource(names = "MERGED")
  void thePolicyOutlivesAFailureAndASavepointAndABadOneIsReportedOnce(LaneMode lanes)
      throws Exception {
    JobClient job = start(lanes, "");
    await(() -> describes(0, "admitted"));
    Log.add("iot", EXPIRE.toJson());
    await(() -> describes(4, "expired"));
    Log.add("iot", "now!".getBytes(StandardCharsets.UTF_8));
    await(() -> !LETTERS.isEmpty());
    awaitCheckpoints();

    FAIL.set(true);
    await(() -> LEDGER.stream().filter(d -> d.attempt() > 0).count() > 4 * PARALLELISM);
    assertThat(LEDGER)
        .filteredOn(described -> described.attempt() > 0)
        .allSatisfy(described -> assertThat(described.entry().terms().policy()).isEqualTo(4));
    awaitCheckpoints();

    String savepoint =
        job.stopWithSavepoint(false, savepoints.toString(), SavepointFormatType.CANONICAL).get();
    LEDGER.clear();
    JobClient next = start(lanes, savepoint);
    await(() -> LEDGER.size() > 4 * PARALLELISM);
    next.cancel().get();
    assertThat(LEDGER)
        .allSatisfy(described -> assertThat(described.entry().terms().policy()).isEqualTo(4));
    assertThat(LETTERS)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_POLICY);
              assertThat(letter.event().offset()).isEqualTo(1);
            });
  }

  @Test
  void exactQuotasFollowThePolicyThroughAFailureAndASavepointAndGiveNobodyMore() throws Exception {
    Map<String, String> settings =
        Map.of("admission.quota.by", "source", "admission.quota.exact", "true");
    JobClient job = start(settings, "");
    await(() -> BULK_ADMITTED.get() > 20);
    assertThat(LETTERS).isEmpty();
    Log.add("iot", new Policy(4, Map.of("admission.quota.rate", "0.0001")).toJson());
    await(() -> !LETTERS.isEmpty());
    awaitCheckpoints();
    BULK_ADMITTED.set(0);

    FAIL.set(true);
    await(() -> !FAIL.get());
    awaitMoreLetters();
    awaitCheckpoints();
    String savepoint =
        job.stopWithSavepoint(false, savepoints.toString(), SavepointFormatType.CANONICAL).get();
    JobClient next = start(settings, savepoint);
    awaitMoreLetters();
    next.cancel().get();

    assertThat(BULK_ADMITTED).as("the one permit was used before").hasValue(0);
    assertThat(LETTERS)
        .allSatisfy(letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.OVER_QUOTA));
    assertThat(REJECTIONS)
        .isNotEmpty()
        .allSatisfy(rejection -> assertThat(rejection.ratePerSecond()).isEqualTo(0.0001));
  }

  private static void awaitMoreLetters() throws InterruptedException {
    int enough = LETTERS.size() + 200;
    await(() -> LETTERS.size() > enough);
  }

  /** Whether each lane has said so of every partition. */
  private static boolean describes(long policy, String outcome) {
    return LEDGER.stream()
                .map(Described::entry)
                .filter(
                    entry ->
                        entry.terms().policy() == policy
                            && (entry.lane().equals(Lane.EXPRESS)
                                || entry.rejected().containsKey(Outcome.EXPIRED)
                                    == outcome.equals("expired")))
                .map(entry -> entry.lane() + entry.partition())
                .distinct()
                .count()
            >= LEDGER.stream()
                .map(described -> described.entry().lane() + described.entry().partition())
                .distinct()
                .count()
        && !LEDGER.isEmpty();
  }

  private static JobClient start(LaneMode lanes, String savepoint) throws Exception {
    return start(Map.of("lanes", lanes.name()), savepoint);
  }

  private static JobClient start(Map<String, String> settings, String savepoint) throws Exception {
    Configuration configuration =
        new Configuration()
            .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100))
            .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3)
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    if (!savepoint.isEmpty()) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(PARALLELISM);
    Lanes admitted =
        Lanes.admit(
            AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS)),
            EventLimits.defaults(),
            PriorityRules.none(),
            null,
            new PolicyFeed("iot", new Log(), Policy.OWN),
            lane -> events(env, lane));
    admitted
        .process(new Nothing(), Types.VOID, "nothing", "nothing", PARALLELISM)
        .sinkTo(new DiscardingSink<>())
        .uid("nowhere");
    admitted
        .ledger()
        .map(new Describing())
        .uid("ledger")
        .setParallelism(1)
        .sinkTo(new DiscardingSink<>())
        .uid("ledger-sink");
    admitted
        .deadLetters()
        .map(
            letter -> {
              LETTERS.add(letter);
              return letter;
            })
        .returns(TypeInformation.of(DeadLetter.class))
        .uid("letters")
        .sinkTo(new DiscardingSink<>())
        .uid("letters-sink");
    admitted
        .rejections()
        .map(
            rejection -> {
              REJECTIONS.add(rejection);
              return rejection;
            })
        .returns(TypeInformation.of(Rejection.class))
        .uid("rejections")
        .sinkTo(new DiscardingSink<>())
        .uid("rejections-sink");
    return env.executeAsync();
  }

  /** Two partitions of critical and bulk events by turns, all of them old. */
  private static SingleOutputStreamOperator<RawEvent> events(
      StreamExecutionEnvironment env, String lane) {
    return env.fromSource(
            new NumberSequenceSource(0, Long.MAX_VALUE), WatermarkStrategy.noWatermarks(), lane)
        .uid("numbers-" + lane)
        .map(
            number -> {
              if (FAIL.compareAndSet(true, false)) {
                throw new IllegalStateException("as the test wants it");
              }
              LockSupport.parkNanos(5_000_000);
              return event(number);
            })
        .returns(TypeInformation.of(RawEvent.class))
        .uid("events-" + lane);
  }

  private static RawEvent event(long number) {
    long half = 1L << 62;
    return new RawEvent(
        "events",
        number < half ? 0 : 1,
        number % half,
        0,
        null,
        "{}".getBytes(StandardCharsets.UTF_8),
        EventHeaders.empty()
            .with(CloudEventHeaders.ID, Long.toString(number).getBytes(StandardCharsets.UTF_8))
            .with(
                CloudEventHeaders.PRIORITY,
                (number % 2 == 0 ? "critical" : "bulk").getBytes(StandardCharsets.UTF_8)));
  }

  private static void awaitCheckpoints() throws InterruptedException {
    int enough = CHECKPOINTS.get() + 2;
    await(() -> CHECKPOINTS.get() >= enough);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  /** A topic in this process. */
  private static final class Log implements PolicyTopic {
    static final List<RawEvent> RECORDS = new CopyOnWriteArrayList<>();

    private static final long serialVersionUID = 1L;

    static void add(String key, byte[] value) {
      RECORDS.add(
          new RawEvent(
              "spillway.policy",
              0,
              RECORDS.size(),
              0,
              key.getBytes(StandardCharsets.UTF_8),
              value,
              EventHeaders.empty()));
    }

    @Override
    public Reader open(long offset) {
      return new Reader() {
        private final CountDownLatch never = new CountDownLatch(1);
        private long next = offset;

        @Override
        public List<RawEvent> poll() throws InterruptedException {
          List<RawEvent> all = List.copyOf(RECORDS);
          List<RawEvent> news = all.subList((int) Math.min(next, all.size()), all.size());
          next += news.size();
          if (news.isEmpty()) {
            never.await(10, TimeUnit.MILLISECONDS);
          }
          return news;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static final class Nothing extends ProcessFunction<AdmittedEvent, Void> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Void> out) {
      if (event.priority() == Priority.BULK) {
        BULK_ADMITTED.incrementAndGet();
      }
    }
  }

  private static final class Describing extends RichMapFunction<LedgerEntry, LedgerEntry>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;

    @Override
    public LedgerEntry map(LedgerEntry entry) {
      LEDGER.add(new Described(entry, getRuntimeContext().getTaskInfo().getAttemptNumber()));
      return entry;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      CHECKPOINTS.incrementAndGet();
    }
  }
}
