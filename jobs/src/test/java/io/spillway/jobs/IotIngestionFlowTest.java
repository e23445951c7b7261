package io.spillway.jobs;

import static io.spillway.metrics.SpillwayMetrics.DEAD_LETTERS;
import static io.spillway.metrics.SpillwayMetrics.END_TO_END_LATENCY_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.LaneMode;
import io.spillway.admission.Lanes;
import io.spillway.aggregation.Estimated;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.iot.Alert;
import io.spillway.jobs.iot.SensorEvents;
import io.spillway.jobs.iot.SiteMetricEstimate;
import io.spillway.jobs.work.Receipt;
import io.spillway.ledger.LedgerEntry;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job between its source and its sinks, on a cluster in this process, on bounded input. */
class IotIngestionFlowTest {
  private static final int PARALLELISM = 2;

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2 * PARALLELISM)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  record Results(
      JobID job,
      List<Alert> alerts,
      List<SiteMetricEstimate> aggregates,
      List<Receipt> receipts,
      List<DeadLetter> deadLetters,
      List<LedgerEntry> ledger) {}

  @ParameterizedTest
  @EnumSource
  void everyEventComesOutExactlyOnceWhereItBelongs(LaneMode lanes) throws Exception {
    List<RawEvent> events = new ArrayList<>();
    String[] kinds = {"alarm.fire", "fault.sensor", "telemetry", "debug.trace"};
    for (int i = 0; i < 40; i++) {
      RawEvent event =
          SensorEvents.event(
              i,
              kinds[i % 4],
              i < 20 ? 1_000 : 11_000,
              SensorEvents.payload("s-" + i % 2, "sensor-7", "temperature", i));
      events.add(SensorEvents.withSubject(event, "s-" + i % 2 + "/temperature"));
    }
    events.add(SensorEvents.event(40, "telemetry", 1_000, "no json"));
    events.add(new RawEvent(SensorEvents.TOPIC, 0, 41, 0, null, null, events.get(0).headers()));

    Results results = run(events, lanes, PARALLELISM, WatermarkStrategy.noWatermarks());

    assertThat(results.alerts())
        .extracting(Alert::id)
        .containsExactlyInAnyOrder(
            "id-0", "id-4", "id-8", "id-12", "id-16", "id-20", "id-24", "id-28", "id-32", "id-36");
    assertThat(results.aggregates())
        .extracting(
            result -> result.key().site(),
            result -> result.estimate().startMillis(),
            result -> result.estimate().kept(),
            result -> result.estimate().count(),
            result -> result.estimate().countExact(),
            result -> result.estimate().sum(),
            result -> result.estimate().min(),
            result -> result.estimate().max(),
            result -> result.estimate().coverage())
        .containsExactlyInAnyOrder(
            tuple("s-0", 0L, 10L, 10.0, true, exactly(90), 0.0, 18.0, 1.0),
            tuple("s-1", 0L, 10L, 10.0, true, exactly(100), 1.0, 19.0, 1.0),
            tuple("s-0", 10_000L, 10L, 10.0, true, exactly(290), 20.0, 38.0, 1.0),
            tuple("s-1", 10_000L, 10L, 10.0, true, exactly(300), 21.0, 39.0, 1.0));
    assertThat(results.receipts())
        .extracting(Receipt::offset)
        .containsExactlyInAnyOrderElementsOf(
            events.subList(0, 40).stream().map(RawEvent::offset).toList());
    assertThat(results.deadLetters())
        .extracting(letter -> letter.event().offset(), DeadLetter::reason)
        .containsExactlyInAnyOrder(
            tuple(40L, DeadLetter.Reason.BAD_PAYLOAD), tuple(41L, DeadLetter.Reason.EMPTY_VALUE));
    assertThat(results.ledger()).allSatisfy(entry -> assertThat(entry.rejected()).isEmpty());
    for (Priority priority : Priority.values()) {
      assertThat(
              total(
                  results.job(),
                  END_TO_END_LATENCY_MS,
                  Map.of("<priority>", priority.wireName()),
                  metric -> ((Histogram) metric).getCount()))
          .isEqualTo(10);
    }
    assertThat(deadLetters(results.job(), DeadLetter.Reason.BAD_PAYLOAD)).isEqualTo(1);
    assertThat(deadLetters(results.job(), DeadLetter.Reason.EMPTY_VALUE)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotAdmittedIsInTheCountOfItsWindow(LaneMode lanes) throws Exception {
    List<RawEvent> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      RawEvent event =
          SensorEvents.event(
              i, "telemetry", 1_000, SensorEvents.payload("s-" + i % 2, "sensor-7", "power", i));
      event = i % 2 == 0 ? SensorEvents.withSubject(event, "s-0/power") : event;
      events.add(i % 4 < 2 ? event : SensorEvents.withExpiry(event, "2001-01-01T00:00:00Z"));
    }

    Results results = run(events, lanes, PARALLELISM, WatermarkStrategy.noWatermarks());

    assertThat(results.aggregates())
        .extracting(
            result -> result.key().site(),
            result -> result.estimate().kept(),
            result -> result.estimate().count(),
            result -> result.estimate().countExact())
        .containsExactlyInAnyOrder(
            tuple("s-0", 15L, 30.0, true),
            tuple("s-1", 15L, 15.0, false),
            tuple("", 0L, 15.0, true));
  }

  @ParameterizedTest
  @EnumSource
  void aSourceHasOneExactQuotaOnAllPartitionsAndWhatIsOverItIsADeadLetter(LaneMode lanes)
      throws Exception {
    List<RawEvent> events = new ArrayList<>();
    String[] kinds = {"alarm.fire", "telemetry"};
    for (int i = 0; i < 60; i++) {
      events.add(
          SensorEvents.withSubject(
              SensorEvents.event(
                  i, kinds[i % 2], 1_000, SensorEvents.payload("s-0", "sensor-7", "power", i)),
              "s-0/power"));
    }

    Results results =
        run(
            events,
            Map.of(
                "lanes",
                lanes.name(),
                "admission.quota.by",
                "source",
                "admission.quota.exact",
                "true",
                "admission.quota.rate",
                "0.001"),
            PARALLELISM,
            WatermarkStrategy.noWatermarks());

    assertThat(results.alerts()).as("of priorities without a quota").hasSize(30);
    assertThat(results.receipts()).as("and one with").hasSize(31);
    assertThat(results.deadLetters())
        .hasSize(29)
        .extracting(DeadLetter::reason)
        .containsOnly(DeadLetter.Reason.OVER_QUOTA);
    assertThat(deadLetters(results.job(), DeadLetter.Reason.OVER_QUOTA)).isEqualTo(29);
    assertThat(results.aggregates())
        .extracting(
            result -> result.estimate().kept(),
            result -> result.estimate().count(),
            result -> result.estimate().countExact())
        .as("windows know of those that were turned away")
        .containsExactly(tuple(31L, 60.0, true));
  }

  @Test
  void aReadingAfterItsWindowIsGoneIsADeadLetterWithItsBytes() throws Exception {
    List<RawEvent> events =
        List.of(
            SensorEvents.event(0, "telemetry", 1_000, 20),
            SensorEvents.event(1, "telemetry", 60_000, 30),
            SensorEvents.event(2, "telemetry", 2_000, 40));

    Results results =
        run(
            events,
            LaneMode.SINGLE,
            1,
            WatermarkStrategy.forGenerator(context -> new WatermarkPerEvent()));

    assertThat(results.deadLetters())
        .containsExactly(
            new DeadLetter(
                events.get(2),
                DeadLetter.Reason.LATE,
                "the window of 1970-01-01T00:00:02Z is closed"));
    assertThat(results.aggregates())
        .extracting(result -> result.estimate().kept())
        .containsExactly(1L, 1L);
    assertThat(results.receipts()).hasSize(3);
    assertThat(deadLetters(results.job(), DeadLetter.Reason.LATE)).isEqualTo(1);
  }

  private static long deadLetters(JobID job, DeadLetter.Reason reason) {
    return total(
        job,
        DEAD_LETTERS,
        Map.of("<reason>", reason.wireName()),
        metric -> ((Counter) metric).getCount());
  }

  /** What all operators and subtasks of a job counted under this name and these labels. */
  private static long total(
      JobID job, String name, Map<String, String> labels, ToLongFunction<Metric> count) {
    return METRICS.getMetricsByGroup().entrySet().stream()
        .filter(
            group -> {
              Map<String, String> variables = group.getKey().getAllVariables();
              return job.toString().equals(variables.get("<job_id>"))
                  && variables.entrySet().containsAll(labels.entrySet());
            })
        .map(group -> group.getValue().get(name))
        .filter(Objects::nonNull)
        .mapToLong(count)
        .sum();
  }

  private static Estimated exactly(double sum) {
    return new Estimated(sum, sum, sum);
  }

  private static Results run(
      List<RawEvent> events, LaneMode mode, int parallelism, WatermarkStrategy<RawEvent> watermarks)
      throws Exception {
    return run(events, Map.of("lanes", mode.name()), parallelism, watermarks);
  }

  private static Results run(
      List<RawEvent> events,
      Map<String, String> given,
      int parallelism,
      WatermarkStrategy<RawEvent> watermarks)
      throws Exception {
    Map<String, String> texts = new HashMap<>(given);
    texts.put("receipts.topic", "receipts");
    Settings settings = Settings.of(texts, IotOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(parallelism);
    env.getConfig().enableObjectReuse();
    WatermarkStrategy<RawEvent> eventTime = EventTime.from(settings);
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.from(settings),
            EventLimits.from(settings),
            PriorityRules.parse(settings.get(FlowOptions.PRIORITY_RULES)),
            IotIngestionJob.rejectionCounting(settings),
            lane ->
                env.fromData(TypeInformation.of(RawEvent.class), events.toArray(RawEvent[]::new))
                    .assignTimestampsAndWatermarks(
                        watermarks.withTimestampAssigner(eventTime::createTimestampAssigner)));
    IotIngestionJob.Outputs outputs = IotIngestionJob.wire(lanes, settings, parallelism);
    CloseableIterator<Alert> alerts = outputs.alerts().collectAsync();
    CloseableIterator<SiteMetricEstimate> aggregates = outputs.aggregates().collectAsync();
    CloseableIterator<Receipt> receipts = outputs.receipts().collectAsync();
    CloseableIterator<DeadLetter> letters = outputs.deadLetters().collectAsync();
    CloseableIterator<LedgerEntry> ledger = outputs.ledger().collectAsync();
    JobID job = env.executeAsync("flow of " + given).getJobID();
    return new Results(job, all(alerts), all(aggregates), all(receipts), all(letters), all(ledger));
  }

  private static <T> List<T> all(CloseableIterator<T> results) throws Exception {
    try (results) {
      List<T> list = new ArrayList<>();
      results.forEachRemaining(list::add);
      return list;
    }
  }

  /** A watermark right behind every event, so that what is late does not depend on time. */
  private static final class WatermarkPerEvent implements WatermarkGenerator<RawEvent> {
    @Override
    public void onEvent(RawEvent event, long timestamp, WatermarkOutput output) {
      output.emitWatermark(new Watermark(timestamp));
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {}
  }
}
