package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LedgerEntry;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.RoaringBitmap;

/** Lanes on a running cluster, read as fast as they can be: a backlog hits a slow stage. */
class LanesTest {
  private static final int EVENTS = 60_000;

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(3)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  private record Run(JobID job, List<Long> offsets, List<LedgerEntry> ledger) {}

  @ParameterizedTest
  @EnumSource(LaneMode.class)
  void deliversEveryCriticalEventAndAccountsForEveryOther(LaneMode mode) throws Exception {
    Run run = run(mode, Map.of());

    List<Long> offsets = run.offsets();
    assertThat(offsets).doesNotHaveDuplicates();
    assertThat(offsets.stream().filter(offset -> priority(offset) == Priority.CRITICAL))
        .hasSize(EVENTS / 20);
    boolean[] accounted = new boolean[EVENTS];
    offsets.forEach(offset -> accounted[offset.intValue()] = true);
    long rejected = 0;
    for (LedgerEntry entry : run.ledger()) {
      for (var bitmap : entry.rejected().values()) {
        rejected += bitmap.getCardinality();
        bitmap.forEach((int offset) -> accounted[(int) entry.fromOffset() + offset] = true);
      }
    }
    assertThat(rejected).as("a backlog is shed").isPositive();
    assertThat(offsets.size() + rejected).isEqualTo(EVENTS);
    for (int i = 0; i < EVENTS; i++) {
      assertThat(accounted[i]).as("offset %d", i).isTrue();
    }
  }

  /** The backlog hits the gate first and then the controller: both defer. */
  @Test
  void whatAPriorityThatDefersHasNoRoomForIsDeferredInLedgerAndMetrics() throws Exception {
    Run run =
        run(
            LaneMode.MERGED,
            Map.of("admission.overload.normal", "defer", "admission.overload.bulk", "defer"));

    for (Priority priority : List.of(Priority.NORMAL, Priority.BULK)) {
      long deferred = inLedger(run, Outcome.DEFERRED, priority);
      assertThat(deferred).isPositive();
      assertThat(inMetrics(run, Outcome.DEFERRED, priority)).isEqualTo(deferred);
      assertThat(inLedger(run, Outcome.SHED, priority)).isZero();
      assertThat(inLedger(run, Outcome.LANE_FULL, priority)).isZero();
    }
    assertThat(inLedger(run, Outcome.DEFERRED, Priority.HIGH)).isZero();
    long listed =
        run.ledger().stream()
            .map(entry -> entry.rejected().getOrDefault(Outcome.DEFERRED, new RoaringBitmap()))
            .mapToLong(RoaringBitmap::getLongCardinality)
            .sum();
    assertThat(listed)
        .isEqualTo(
            inLedger(run, Outcome.DEFERRED, Priority.NORMAL)
                + inLedger(run, Outcome.DEFERRED, Priority.BULK));
  }

  private static long inLedger(Run run, Outcome outcome, Priority priority) {
    return run.ledger().stream()
        .mapToLong(entry -> entry.rejectedCounts()[outcome.ordinal()][priority.ordinal()])
        .sum();
  }

  private static long inMetrics(Run run, Outcome outcome, Priority priority) {
    return METRICS.getMetricsByGroup().entrySet().stream()
        .filter(
            group -> {
              Map<String, String> labels = group.getKey().getAllVariables();
              return run.job().toString().equals(labels.get("<job_id>"))
                  && outcome.wireName().equals(labels.get("<reason>"))
                  && priority.wireName().equals(labels.get("<priority>"));
            })
        .map(group -> group.getValue().get(SpillwayMetrics.EVENTS_REJECTED))
        .filter(Objects::nonNull)
        .mapToLong(metric -> ((Counter) metric).getCount())
        .sum();
  }

  private static Run run(LaneMode mode, Map<String, String> more) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    env.setParallelism(2);
    env.setBufferTimeout(5);
    env.getConfig().enableObjectReuse();
    Map<String, String> settings = new HashMap<>(more);
    settings.put("lanes", mode.name().toLowerCase(Locale.ROOT));
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS)),
            EventLimits.defaults(),
            PriorityRules.none(),
            lane ->
                env.fromSource(
                        new NumberSequenceSource(0, EVENTS - 1),
                        WatermarkStrategy.noWatermarks(),
                        "Numbers " + lane)
                    .map(LanesTest::event)
                    .returns(TypeInformation.of(RawEvent.class)));
    DataStream<Long> delivered =
        lanes.process(
            new SlowStage(), Types.LONG, "slow", "Slow stage", mode == LaneMode.ISOLATED ? 1 : 2);

    List<Long> offsets = new ArrayList<>();
    List<LedgerEntry> entries = new ArrayList<>();
    CloseableIterator<Long> results = delivered.collectAsync();
    CloseableIterator<LedgerEntry> ledger = lanes.ledger().collectAsync();
    try (results;
        ledger) {
      JobID job = env.executeAsync().getJobID();
      results.forEachRemaining(offsets::add);
      ledger.forEachRemaining(entries::add);
      return new Run(job, offsets, entries);
    }
  }

  private static Priority priority(long number) {
    int share = (int) (number % 20);
    return share == 0
        ? Priority.CRITICAL
        : share < 4 ? Priority.HIGH : share < 12 ? Priority.NORMAL : Priority.BULK;
  }

  private static RawEvent event(long number) {
    return new RawEvent(
        "numbers",
        (int) (number * 2 / EVENTS),
        number,
        System.currentTimeMillis(),
        null,
        new byte[200],
        EventHeaders.of(
            new String[] {CloudEventHeaders.ID, CloudEventHeaders.PRIORITY},
            new byte[][] {
              ("n" + number).getBytes(StandardCharsets.US_ASCII),
              priority(number).wireName().getBytes(StandardCharsets.US_ASCII)
            }));
  }

  private static final class SlowStage extends ProcessFunction<AdmittedEvent, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Long> out) {
      LockSupport.parkNanos(100_000);
      out.collect(event.raw().offset());
    }
  }
}
