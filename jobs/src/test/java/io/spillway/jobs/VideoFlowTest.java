package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.LaneMode;
import io.spillway.admission.Lanes;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.video.PlaybackEvents;
import io.spillway.jobs.video.PlaybackKind;
import io.spillway.jobs.video.PlaybackSession;
import io.spillway.jobs.video.QoeEstimate;
import io.spillway.jobs.video.StartFailure;
import io.spillway.jobs.work.Receipt;
import io.spillway.priority.PriorityRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job between its source and its sinks, on a cluster in this process, on bounded input. */
class VideoFlowTest {
  private static final int PARALLELISM = 2;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2 * PARALLELISM)
              .build());

  record Results(
      List<StartFailure> alerts,
      List<QoeEstimate> qoe,
      List<PlaybackSession> sessions,
      List<Receipt> receipts,
      List<DeadLetter> deadLetters) {}

  @ParameterizedTest
  @EnumSource
  void everyEventComesOutExactlyOnceWhereItBelongs(LaneMode lanes) throws Exception {
    List<RawEvent> events = new ArrayList<>();
    for (int viewer = 0; viewer < 4; viewer++) {
      add(events, PlaybackKind.START, 1_000, "u-" + viewer);
      add(events, PlaybackKind.HEARTBEAT, 5_000, "u-" + viewer);
      add(events, PlaybackKind.REBUFFER, 7_000, "u-" + viewer);
      add(events, PlaybackKind.HEARTBEAT, 9_000, "u-" + viewer);
      add(events, PlaybackKind.DEBUG, 9_500, "u-" + viewer);
    }
    add(events, PlaybackKind.START_FAILURE, 2_000, "u-4");
    long good = events.size();
    events.add(PlaybackEvents.event(good, PlaybackKind.DEBUG, 3_000, "u-5", "no json"));

    Results results = run(events, lanes, PARALLELISM, WatermarkStrategy.noWatermarks());

    assertThat(results.alerts()).extracting(StartFailure::viewer).containsExactly("u-4");
    assertThat(results.sessions())
        .extracting(
            PlaybackSession::viewer,
            PlaybackSession::failed,
            PlaybackSession::playMillis,
            PlaybackSession::rebufferMillis,
            PlaybackSession::heartbeats)
        .containsExactlyInAnyOrder(
            tuple("u-0", false, 8_000L, 500L, 2L),
            tuple("u-1", false, 8_000L, 500L, 2L),
            tuple("u-2", false, 8_000L, 500L, 2L),
            tuple("u-3", false, 8_000L, 500L, 2L),
            tuple("u-4", true, 0L, 0L, 0L));
    assertThat(results.qoe())
        .extracting(
            result -> result.key().measure(),
            result -> result.estimate().startMillis(),
            result -> result.estimate().kept(),
            result -> result.estimate().count(),
            result -> result.estimate().countExact(),
            result -> result.estimate().coverage(),
            result -> result.estimate().sum().value())
        .containsExactlyInAnyOrder(
            tuple("events", 0L, 21L, 21.0, true, 1.0, 2_000.0),
            tuple("sessions", 30_000L, 1L, 1.0, false, 1.0, 1.0),
            tuple("failed-starts", 30_000L, 1L, 1.0, false, 1.0, 1.0),
            tuple("sessions", 40_000L, 4L, 4.0, false, 1.0, 4.0),
            tuple("failed-starts", 40_000L, 4L, 4.0, false, 1.0, 0.0),
            tuple("startup-millis", 40_000L, 4L, 4.0, false, 1.0, 1_680.0),
            tuple("rebuffer-ratio", 40_000L, 4L, 4.0, false, 1.0, 4 * 500 / 8_500.0));
    assertThat(results.qoe())
        .allSatisfy(
            result -> {
              assertThat(result.estimate().sum().low()).isEqualTo(result.estimate().sum().high());
              assertThat(result.key().cdn() + "/" + result.key().isp()).isEqualTo("c-1/i-1");
            });
    assertThat(results.receipts()).hasSize((int) good);
    assertThat(results.deadLetters())
        .extracting(letter -> letter.event().offset(), DeadLetter::reason)
        .containsExactly(tuple(good, DeadLetter.Reason.BAD_PAYLOAD));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotAdmittedIsInTheCountOfItsWindow(LaneMode lanes) throws Exception {
    List<RawEvent> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      RawEvent event = PlaybackEvents.event(i, PlaybackKind.HEARTBEAT, 1_000, "u-" + i);
      events.add(
          i % 4 < 2
              ? event
              : PlaybackEvents.with(event, CloudEventHeaders.EXPIRY_TIME, "2001-01-01T00:00:00Z"));
    }

    Results results = run(events, lanes, PARALLELISM, WatermarkStrategy.noWatermarks());

    assertThat(results.qoe())
        .extracting(
            result -> result.key().measure(),
            result -> result.estimate().kept(),
            result -> result.estimate().count(),
            result -> result.estimate().countExact())
        .containsExactly(tuple("events", 30L, 60.0, true));
    assertThat(results.sessions()).hasSize(30);
  }

  @Test
  void anEventAfterItsWindowIsGoneIsADeadLetterWithItsBytesAndInNoSession() throws Exception {
    List<RawEvent> events =
        List.of(
            PlaybackEvents.event(0, PlaybackKind.HEARTBEAT, 1_000, "u-1"),
            PlaybackEvents.event(1, PlaybackKind.HEARTBEAT, 60_000, "u-1"),
            PlaybackEvents.event(2, PlaybackKind.HEARTBEAT, 2_000, "u-1"));

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
    assertThat(results.sessions())
        .extracting(PlaybackSession::firstMillis, PlaybackSession::heartbeats)
        .containsExactly(tuple(1_000L, 1L), tuple(60_000L, 1L));
    assertThat(results.receipts()).hasSize(3);
  }

  private static void add(List<RawEvent> events, PlaybackKind kind, long time, String viewer) {
    events.add(
        PlaybackEvents.event(
            events.size(),
            kind,
            time,
            viewer,
            PlaybackEvents.payload(viewer, "c-1", "i-1", time, 500)));
  }

  private static Results run(
      List<RawEvent> events, LaneMode mode, int parallelism, WatermarkStrategy<RawEvent> watermarks)
      throws Exception {
    Settings settings =
        Settings.of(
            Map.of("lanes", mode.name(), "receipts.topic", "receipts"), VideoOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(parallelism);
    env.getConfig().enableObjectReuse();
    WatermarkStrategy<RawEvent> eventTime = EventTime.from(settings);
    VideoOptions options = VideoOptions.from(settings);
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.from(settings),
            EventLimits.from(settings),
            PriorityRules.parse(options.flow().priorityRules()),
            VideoQoeJob.rejectionCounting(options),
            lane ->
                env.fromData(TypeInformation.of(RawEvent.class), events.toArray(RawEvent[]::new))
                    .assignTimestampsAndWatermarks(
                        watermarks.withTimestampAssigner(eventTime::createTimestampAssigner)));
    VideoQoeJob.Outputs outputs = VideoQoeJob.wire(lanes, settings, parallelism);
    CloseableIterator<StartFailure> alerts = outputs.alerts().collectAsync();
    CloseableIterator<QoeEstimate> qoe = outputs.qoe().collectAsync();
    CloseableIterator<PlaybackSession> sessions = outputs.sessions().collectAsync();
    CloseableIterator<Receipt> receipts = outputs.receipts().collectAsync();
    CloseableIterator<DeadLetter> letters = outputs.deadLetters().collectAsync();
    env.executeAsync("flow of " + mode);
    return new Results(all(alerts), all(qoe), all(sessions), all(receipts), all(letters));
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
