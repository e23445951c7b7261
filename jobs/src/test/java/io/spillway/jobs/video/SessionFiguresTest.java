package io.spillway.jobs.video;

import static io.spillway.jobs.video.PlaybackEvents.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SessionFiguresTest {

  @Test
  void sumsUpWhatAViewerSaw() {
    PlaybackSession session =
        of(
            point(PlaybackKind.START, 1_000, 420),
            point(PlaybackKind.HEARTBEAT, 5_000, 3_000),
            point(PlaybackKind.REBUFFER, 7_000, 1_000),
            point(PlaybackKind.HEARTBEAT, 10_000, 1_000));
    assertThat(session.firstMillis()).isEqualTo(1_000);
    assertThat(session.lastMillis()).isEqualTo(10_000);
    assertThat(session.startupMillis()).isEqualTo(420);
    assertThat(session.failed()).isFalse();
    assertThat(session.playMillis()).isEqualTo(9_000);
    assertThat(session.rebufferRatio()).isEqualTo(0.1);
    assertThat(session.bitrateChanges()).isEqualTo(1);
    assertThat(session.meanKbps()).isEqualTo(2_000);
  }

  @Property(tries = 300)
  void itDoesNotMatterInWhichOrderAndInWhichPartsEventsCome(
      @ForAll("points") List<PlaybackPoint> all, @ForAll long seed) {
    List<PlaybackPoint> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    int cut = all.isEmpty() ? 0 : (int) Math.floorMod(seed, (long) all.size());
    SessionFigures parts = new SessionFigures();
    parts = with(parts, shuffled.subList(0, cut));
    parts = with(new SessionFigures(), shuffled.subList(cut, all.size())).mergedWith(parts);
    PlaybackSession session = parts.session(0);
    PlaybackSession inOrder = with(new SessionFigures(), all).session(0);
    assertThat(session.meanKbps()).isEqualTo(inOrder.meanKbps(), within(1e-6));
    assertThat(session).usingRecursiveComparison().ignoringFields("meanKbps").isEqualTo(inOrder);
  }

  @Test
  void aSessionOfWhichOnlyRebuffersWereKeptIsInNoResult() {
    assertThat(
            of(point(PlaybackKind.REBUFFER, 1_000, 500), point(PlaybackKind.REBUFFER, 9_000, 500))
                .measures())
        .isEmpty();
  }

  @Test
  void aSessionStandsForAsManyAsTheLargestChanceOfItsHeartbeats() {
    assertThat(
            of(
                    point(PlaybackKind.HEARTBEAT, 1_000, 1, 8),
                    point(PlaybackKind.HEARTBEAT, 2_000, 1, 2),
                    point(PlaybackKind.REBUFFER, 2_500, 250, 1),
                    point(PlaybackKind.HEARTBEAT, 3_000, 1, 4))
                .measures())
        .singleElement()
        .satisfies(
            measure -> {
              assertThat(measure.key().measure()).isEqualTo("rebuffer-ratio");
              assertThat(measure.weight()).isEqualTo(2);
              assertThat(measure.value()).isEqualTo(0.1111, within(1e-4));
            });
  }

  @Test
  void aRebufferOutsideOfWhatWasSeenToPlayIsInNoRatio() {
    PlaybackSession session =
        of(
            point(PlaybackKind.REBUFFER, 500, 100),
            point(PlaybackKind.HEARTBEAT, 1_000, 1),
            point(PlaybackKind.REBUFFER, 5_000, 1_000),
            point(PlaybackKind.HEARTBEAT, 10_000, 1),
            point(PlaybackKind.REBUFFER, 10_500, 100));
    assertThat(session.rebufferMillis()).isEqualTo(1_200);
    assertThat(session.rebufferRatio()).isEqualTo(0.1);
  }

  @Test
  void holdsNoMoreRebuffersThanItMay() {
    SessionFigures figures = new SessionFigures();
    for (int i = 0; i < 1_000; i++) {
      figures = figures.with(point(PlaybackKind.REBUFFER, i, 2));
    }
    assertThat(figures.stoodAt).hasSize(SessionFigures.MOST_HELD);
    assertThat(figures.session(0).rebufferMillis()).isEqualTo(2_000);
  }

  @Test
  void aFailedStartCountsAsASessionOnceAndWithItsOwnChance() {
    assertThat(
            of(
                    point(PlaybackKind.START_FAILURE, 1_000, 0, 1),
                    point(PlaybackKind.START, 3_000, 700, 4))
                .measures())
        .extracting(
            measure -> measure.key().measure(), SessionMeasure::value, SessionMeasure::weight)
        .containsExactly(
            tuple("sessions", 1.0, 1.0),
            tuple("failed-starts", 1.0, 1.0),
            tuple("startup-millis", 700.0, 4.0));
  }

  @Provide
  Arbitrary<List<PlaybackPoint>> points() {
    return Combinators.combine(
            Arbitraries.of(
                PlaybackKind.START,
                PlaybackKind.HEARTBEAT,
                PlaybackKind.REBUFFER,
                PlaybackKind.START_FAILURE),
            Arbitraries.longs().between(0, 10_000),
            Arbitraries.longs().between(0, 3),
            Arbitraries.of(1.0, 2.0, 4.0))
        .as(PlaybackEvents::point)
        .list()
        .ofMaxSize(14)
        .uniqueElements(PlaybackPoint::timeMillis);
  }

  private static SessionFigures with(SessionFigures figures, List<PlaybackPoint> points) {
    SessionFigures all = figures;
    for (PlaybackPoint point : points) {
      all = all.with(point);
    }
    return all;
  }

  private static PlaybackSession of(PlaybackPoint... points) {
    return with(new SessionFigures(), List.of(points)).session(40_000);
  }
}
