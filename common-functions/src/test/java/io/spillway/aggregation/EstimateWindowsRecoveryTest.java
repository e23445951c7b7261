package io.spillway.aggregation;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.HeldNumbers;
import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.Lanes;
import io.spillway.admission.RejectionCounting;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Admission, partial windows, known counts and windows in one job that fails between two
 * checkpoints, with windows open, partials held and counts not yet sent on: what comes out is what
 * plain Java makes of the same events. A fifth of them is expired and so not admitted.
 */
class EstimateWindowsRecoveryTest {
  private static final int EVENTS = 4_000;
  private static final int PER_SUBTASK = EVENTS / 2;
  private static final int HOLD_AFTER = PER_SUBTASK / 4;

  /** Reached only after the checkpoint that the source waits for. */
  private static final int FAILS_AT = HOLD_AFTER + 300;

  private static final int KEYS = 7;
  private static final long SIZE = 10_000;
  private static final long SLIDE = 5_000;
  private static final long GAP = 3_000;
  private static final OutputTag<Event> LATE =
      new OutputTag<>("late", TypeInformation.of(Event.class));

  /** Seen from the tasks too, which run in this JVM. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  /** One window of one key; the sum in thousandths, as it is estimated. */
  public record Result(String key, long start, long end, long kept, long count, long milliSum) {}

  @SuppressWarnings("try") // an iterator over results that a test may wait for
  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndNothingCountsTwiceWhenTheJobFails(WindowKind kind) throws Exception {
    FAILURES.set(0);
    List<Result> results = new ArrayList<>();
    try (CloseableIterator<Result> rows = job(kind).executeAndCollect()) {
      rows.forEachRemaining(results::add);
    }
    assertThat(FAILURES).hasValue(1);
    assertThat(results).containsExactlyInAnyOrderElementsOf(recomputed(kind));
  }

  private static DataStream<Result> job(WindowKind kind) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            Configuration.fromMap(
                Map.of(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), "50ms",
                    RestartStrategyOptions.RESTART_STRATEGY.key(), "fixed-delay",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS.key(), "1",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY.key(), "0ms")));
    env.setParallelism(2);
    env.getConfig().enableObjectReuse().setAutoWatermarkInterval(5);
    WindowOptions windows =
        WindowOptions.from(
            Settings.of(
                Map.of(
                    "window.kind", kind.name().toLowerCase(Locale.ROOT),
                    "window.size", SIZE + "ms",
                    "window.slide", SLIDE + "ms",
                    "window.gap", GAP + "ms",
                    "window.partials.max-age", "1h"),
                WindowOptions.OPTIONS));
    WatermarkStrategy<Long> inOrder =
        WatermarkStrategy.<Long>forBoundedOutOfOrderness(Duration.ZERO)
            .withTimestampAssigner((number, before) -> timeOf(number));
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.defaults(),
            EventLimits.defaults(),
            PriorityRules.none(),
            new RejectionCounting(
                (raw, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
                windows.spans(),
                windows.maxPartials()),
            lane ->
                env.fromSource(new HeldNumbers(EVENTS, HOLD_AFTER), inOrder, "numbers")
                    .map(EstimateWindowsRecoveryTest::rawEvent)
                    .returns(RawEvent.class));
    DataStream<Event> events =
        lanes
            .process(new Measure(), TypeInformation.of(Event.class), "measure", "measure", 2)
            .map(new FailOnce());
    return new EstimateWindows<>(
            windows,
            Event::key,
            Types.STRING,
            bytes -> new String(bytes, StandardCharsets.UTF_8),
            LATE)
        .attach(
            events,
            lanes.rejected(),
            (key, e) ->
                new Result(
                    key,
                    e.startMillis(),
                    e.endMillis(),
                    e.kept(),
                    Math.round(e.count()),
                    Math.round(1_000 * e.sum().value())),
            TypeInformation.of(Result.class))
        .estimates();
  }

  /** Both subtasks go through the same time; every 300 events there is a pause. */
  private static long timeOf(long number) {
    long i = number % PER_SUBTASK;
    return 100 * i + i / 300 * 7_777;
  }

  private static String keyOf(long number) {
    return "key-" + number % KEYS;
  }

  private static boolean isExpired(long number) {
    return number % 5 == 2;
  }

  private static double valueOf(long number) {
    return number % 100;
  }

  private static RawEvent rawEvent(long number) {
    EventHeaders headers =
        EventHeaders.empty()
            .with(CloudEventHeaders.ID, utf8("id-" + number))
            .with(CloudEventHeaders.SUBJECT, utf8(keyOf(number)));
    if (isExpired(number)) {
      headers = headers.with(CloudEventHeaders.EXPIRY_TIME, utf8("2001-01-01T00:00:00Z"));
    }
    return new RawEvent(
        "t", (int) (number / PER_SUBTASK), number, timeOf(number), null, utf8("{}"), headers);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Measure extends ProcessFunction<AdmittedEvent, Event> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(AdmittedEvent event, Context context, Collector<Event> out) {
      long number = event.raw().offset();
      out.collect(
          new Event(
              keyOf(number), valueOf(number), event.weight(), number, event.priority(), true));
    }
  }

  /** Carries the number in the sample rate up to here, and puts 1 there. */
  private static final class FailOnce extends RichMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    @Override
    public Event map(Event event) {
      if (event.sampledRate() == FAILS_AT
          && getRuntimeContext().getTaskInfo().getAttemptNumber() == 0) {
        FAILURES.incrementAndGet();
        throw new IllegalStateException("as the test wants it");
      }
      return new Event(event.key(), event.value(), event.weight(), 1, event.priority(), true);
    }
  }

  private static List<Result> recomputed(WindowKind kind) {
    List<Result> results = new ArrayList<>();
    LongStream.range(0, EVENTS)
        .boxed()
        .collect(groupingBy(EstimateWindowsRecoveryTest::keyOf))
        .forEach(
            (key, numbers) -> {
              switch (kind) {
                case TUMBLING -> aligned(key, numbers, SIZE, results);
                case SLIDING -> aligned(key, numbers, SLIDE, results);
                case SESSION -> sessions(key, numbers, results);
              }
            });
    return results;
  }

  private static void aligned(String key, List<Long> numbers, long slide, List<Result> results) {
    long last = timeOf(PER_SUBTASK - 1);
    for (long start = slide - SIZE; start <= last; start += slide) {
      long from = start;
      add(key, from, from + SIZE, numbers, results);
    }
  }

  private static void sessions(String key, List<Long> numbers, List<Result> results) {
    List<Long> times =
        numbers.stream()
            .map(EstimateWindowsRecoveryTest::timeOf)
            .sorted(Comparator.naturalOrder())
            .toList();
    long start = times.get(0);
    for (int i = 1; i <= times.size(); i++) {
      long end = times.get(i - 1) + GAP;
      if (i == times.size() || times.get(i) > end) {
        add(key, start, end, numbers, results);
        start = i == times.size() ? 0 : times.get(i);
      }
    }
  }

  private static void add(
      String key, long from, long to, List<Long> numbers, List<Result> results) {
    List<Long> in = numbers.stream().filter(n -> from <= timeOf(n) && timeOf(n) < to).toList();
    List<Long> kept = in.stream().filter(n -> !isExpired(n)).toList();
    if (!in.isEmpty()) {
      double mean = kept.stream().mapToDouble(n -> valueOf(n)).average().orElse(Double.NaN);
      results.add(
          new Result(key, from, to, kept.size(), in.size(), Math.round(1_000 * in.size() * mean)));
    }
  }
}
