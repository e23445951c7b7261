package io.spillway.jobs.video;

import static io.spillway.jobs.video.PlaybackEvents.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions in Flink's window operator. */
class PlaybackSessionsTest {
  private static final PlaybackSessions SESSIONS = sessions(30, 5, 10);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSessionComesOutOnceWhenNothingCanChangeItAnyMore(boolean objectReuse) throws Exception {
    try (Harness harness = new Harness(1, 0, objectReuse, null)) {
      harness.add(point(PlaybackKind.START, 0, 420));
      harness.add(point(PlaybackKind.HEARTBEAT, 20_000, 3_000));
      harness.watermark(54_998);
      harness.add(point(PlaybackKind.REBUFFER, 30_000, 500));
      harness.watermark(64_998);
      assertThat(harness.out()).isEmpty();
      harness.watermark(64_999);
      assertThat(harness.out())
          .extracting(
              PlaybackSession::firstMillis,
              PlaybackSession::lastMillis,
              PlaybackSession::endMillis,
              PlaybackSession::rebufferMillis)
          .containsExactly(tuple(0L, 30_000L, 60_000L, 500L));
      harness.watermark(1_000_000);
      assertThat(harness.out()).hasSize(1);
      assertThat(harness.operator.numKeyedStateEntries()).isZero();
      assertThat(harness.operator.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void aViewerWhoComesBackAfterAGapHasAnotherSession() throws Exception {
    try (Harness harness = new Harness(1, 0, true, null)) {
      harness.add(point(PlaybackKind.HEARTBEAT, 0, 3_000));
      harness.add(point(PlaybackKind.HEARTBEAT, 30_001, 3_000));
      harness.watermark(Long.MAX_VALUE);
      assertThat(harness.out()).extracting(PlaybackSession::heartbeats).containsExactly(1L, 1L);
    }
  }

  @Test
  void aSessionThatNeverEndsIsCutAndLeavesNoStateBehind() throws Exception {
    try (Harness harness = new Harness(1, 0, true, null)) {
      int heartbeats = 0;
      for (long time = 0; time <= 4 * 600_000; time += 10_000) {
        harness.add(point(PlaybackKind.HEARTBEAT, time, 3_000));
        harness.watermark(time);
        heartbeats++;
        assertThat(harness.operator.numEventTimeTimers()).isLessThanOrEqualTo(2);
      }
      assertThat(harness.out()).hasSizeGreaterThan(2);
      harness.watermark(Long.MAX_VALUE);
      assertThat(harness.out().stream().mapToLong(PlaybackSession::heartbeats).sum())
          .isEqualTo(heartbeats);
      assertThat(harness.out())
          .allSatisfy(
              session ->
                  assertThat(session.lastMillis() - session.firstMillis())
                      .isLessThanOrEqualTo(600_000));
    }
  }

  @ParameterizedTest
  @CsvSource({"30, 5, 10", "5, 5, 60", "10, 0, 10"})
  void whatIsTooLateForASessionIsTooLateForItsWindowToo(int gap, int lateness, int window) {
    PlaybackSessions sessions = sessions(gap, lateness, window);
    for (long time : List.of(0L, 1L, 7_777L, 59_999L, 60_000L)) {
      long sessionGone = time + gap * 1_000L - 1 + sessions.waitMillis();
      long start = Math.floorDiv(time, window * 1_000L) * window * 1_000L;
      assertThat(sessionGone).isGreaterThanOrEqualTo(start + (window + lateness) * 1_000L - 1);
    }
  }

  @Test
  void measuresComeOutBehindTheWatermarkThatEndedTheirSession() throws Exception {
    OneInputStreamOperatorTestHarness<PlaybackSession, SessionMeasure> harness =
        new OneInputStreamOperatorTestHarness<>(new SessionMeasuring(5_000));
    harness.open();
    try {
      PlaybackSession session =
          new SessionFigures().with(point(PlaybackKind.START, 0, 420)).session(30_000);
      harness.processElement(session, 29_999);
      assertThat(harness.extractOutputStreamRecords())
          .hasSize(3)
          .allSatisfy(record -> assertThat(record.getTimestamp()).isEqualTo(34_999));
      assertThat(harness.extractOutputValues()).isEqualTo(session.measures());
      assertThat(harness.snapshot(1, 1).getStateSize()).isZero();
    } finally {
      harness.close();
    }
  }

  @Test
  void openSessionsGoOnAfterARestoreOnTwoSubtasks() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = new Harness(1, 0, true, null)) {
      for (int viewer = 0; viewer < 20; viewer++) {
        before.add(ofViewer(viewer, 0));
      }
      before.watermark(0);
      snapshot = before.operator.snapshot(1, 1);
    }
    long sessions = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      try (Harness after = new Harness(2, subtask, true, snapshot)) {
        for (int viewer = 0; viewer < 20; viewer++) {
          if (after.owns("u-" + viewer)) {
            after.add(ofViewer(viewer, 10_000));
          }
        }
        after.watermark(Long.MAX_VALUE);
        assertThat(after.out())
            .isNotEmpty()
            .allSatisfy(session -> assertThat(session.heartbeats()).isEqualTo(2));
        sessions += after.out().size();
      }
    }
    assertThat(sessions).isEqualTo(20);
  }

  private static PlaybackPoint ofViewer(int viewer, long time) {
    return new PlaybackPoint(
        PlaybackKind.HEARTBEAT,
        "u-" + viewer,
        new Route("c-1", "i-1"),
        time,
        time,
        3_000,
        PlaybackPoint.NONE,
        0,
        1,
        1,
        viewer);
  }

  private static PlaybackSessions sessions(int gap, int lateness, int window) {
    return new PlaybackSessions(
        Duration.ofSeconds(gap),
        Duration.ofMinutes(10),
        Duration.ofSeconds(lateness),
        Duration.ofSeconds(window));
  }

  private static final class Harness implements AutoCloseable {
    private static final int MAX_PARALLELISM = 128;

    private final KeyedOneInputStreamOperatorTestHarness<String, PlaybackPoint, PlaybackSession>
        operator;
    private final int parallelism;
    private final int subtask;

    @SuppressWarnings("unchecked")
    Harness(int parallelism, int subtask, boolean objectReuse, OperatorSubtaskState state)
        throws Exception {
      this.parallelism = parallelism;
      this.subtask = subtask;
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.getConfig().setAutoWatermarkInterval(0);
      StreamOperatorFactory<PlaybackSession> factory =
          ((OneInputTransformation<PlaybackPoint, PlaybackSession>)
                  SESSIONS
                      .attach(env.fromData(TypeInformation.of(PlaybackPoint.class), ofViewer(0, 0)))
                      .getTransformation())
              .getOperatorFactory();
      operator =
          new KeyedOneInputStreamOperatorTestHarness<>(
              factory, PlaybackPoint::viewer, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
      if (objectReuse) {
        operator.getExecutionConfig().enableObjectReuse();
      }
      operator.setup();
      if (state != null) {
        operator.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, 1, parallelism, subtask));
      }
      operator.open();
    }

    void add(PlaybackPoint point) throws Exception {
      operator.processElement(point, point.timeMillis());
    }

    void watermark(long time) throws Exception {
      operator.processWatermark(time);
    }

    List<PlaybackSession> out() {
      return operator.extractOutputValues();
    }

    boolean owns(String viewer) {
      return KeyGroupRangeAssignment.assignKeyToParallelOperator(
              viewer, MAX_PARALLELISM, parallelism)
          == subtask;
    }

    @Override
    public void close() {
      try {
        operator.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
