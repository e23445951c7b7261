package io.spillway.jobs.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.KeepThresholds;
import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What results say of all sessions while heartbeats are shed and rebuffers are not, or less so: on
 * simulated windows with fixed seeds, some 150 viewers kept in each. Viewers with a bad line
 * rebuffer more often, start more slowly and give up sooner.
 */
class QoeUnderShedTest {
  private static final int WINDOWS = 400;

  @ParameterizedTest
  @CsvSource({"0.5, 1", "0.1, 1", "0.5, 0.8", "0.1, 0.3"})
  void theIntervalsHoldTheTruth95TimesIn100(double keepNormal, double keepHigh) {
    Measured ratio = new Measured(QoeMeasure.REBUFFER_RATIO, WindowEstimate::mean);
    Measured startup = new Measured(QoeMeasure.STARTUP_MILLIS, WindowEstimate::mean);
    Measured number = new Measured(QoeMeasure.SESSIONS, WindowEstimate::sum);
    SplittableRandom random = new SplittableRandom(11);
    double ofAllKept = 0;
    double ofAll = 0;
    for (int window = 0; window < WINDOWS; window++) {
      KeepThresholds thresholds = new KeepThresholds();
      thresholds.set(Priority.NORMAL, keepNormal);
      thresholds.set(Priority.HIGH, keepHigh);
      List<PlaybackSession> all = new ArrayList<>();
      List<PlaybackSession> kept = new ArrayList<>();
      for (int viewer = 0; viewer < 150 / keepNormal; viewer++) {
        Viewing viewing = new Viewing(random);
        all.add(viewing.session(new KeepThresholds()));
        kept.add(viewing.session(thresholds));
      }
      ratio.judge(kept, all);
      startup.judge(kept, all);
      number.judge(kept, all);
      ofAllKept += stoodStill(kept);
      ofAll += stoodStill(all);
    }
    ratio.assertHolds();
    startup.assertHolds();
    number.assertHolds();
    assertThat(ofAllKept / ofAll).as("what plain sums of kept events would say").isGreaterThan(1.3);
  }

  /** What somebody would say who just added up all that was kept. */
  private static double stoodStill(List<PlaybackSession> sessions) {
    double still = total(sessions, PlaybackSession::rebufferMillis);
    return still / (still + total(sessions, s -> s.play().isThere() ? s.playMillis() : 0));
  }

  private static double total(
      List<PlaybackSession> sessions, ToDoubleFunction<PlaybackSession> of) {
    return sessions.stream().filter(s -> s != null).mapToDouble(of).sum();
  }

  /** The events of one viewer, who is kept or not as admission would. */
  private static final class Viewing {
    private final List<PlaybackPoint> points = new ArrayList<>();
    private final long hash;

    Viewing(SplittableRandom random) {
      hash = random.nextLong() >>> 1;
      long unit = random.nextLong() >>> 1;
      boolean badLine = random.nextInt(4) == 0;
      if (random.nextInt(40) == 0) {
        add(PlaybackKind.START_FAILURE, 0, 0, unit);
        return;
      }
      add(PlaybackKind.START, 0, (badLine ? 900 : 300) + random.nextInt(600), unit);
      int heartbeats = 2 + random.nextInt(badLine ? 6 : 20);
      for (int i = 1; i <= heartbeats; i++) {
        if (random.nextInt(badLine ? 2 : 12) == 0) {
          add(PlaybackKind.REBUFFER, i * 4_000L - 1, 100 + random.nextInt(3_000), unit);
        }
        add(PlaybackKind.HEARTBEAT, i * 4_000L, 3_000, unit);
      }
    }

    private void add(PlaybackKind kind, long position, long figure, long unit) {
      points.add(
          new PlaybackPoint(
              kind,
              "u-" + unit,
              new Route("c-1", "i-1"),
              position,
              position,
              kind == PlaybackKind.HEARTBEAT ? figure : PlaybackPoint.NONE,
              kind == PlaybackKind.START ? figure : PlaybackPoint.NONE,
              kind == PlaybackKind.REBUFFER ? figure : 0,
              1,
              1,
              unit));
    }

    /** As it is seen when these decide; null where nothing is. */
    PlaybackSession session(KeepThresholds thresholds) {
      SessionFigures figures = new SessionFigures();
      boolean seen = false;
      for (PlaybackPoint point : points) {
        Priority priority = priority(point.kind());
        if (thresholds.keeps(priority, hash)) {
          figures = figures.with(weighted(point, thresholds.weight(priority, 1)));
          seen = true;
        }
      }
      return seen ? figures.session(0) : null;
    }

    private static Priority priority(PlaybackKind kind) {
      return switch (kind) {
        case START_FAILURE -> Priority.CRITICAL;
        case REBUFFER -> Priority.HIGH;
        case START, HEARTBEAT -> Priority.NORMAL;
        case DEBUG -> Priority.BULK;
      };
    }

    private static PlaybackPoint weighted(PlaybackPoint point, double weight) {
      return new PlaybackPoint(
          point.kind(),
          point.viewer(),
          point.route(),
          point.timeMillis(),
          point.positionMillis(),
          point.bitrateKbps(),
          point.startupMillis(),
          point.rebufferMillis(),
          weight,
          1,
          point.unitHash());
    }
  }

  /** How often a figure of a measure was in its interval. */
  private static final class Measured {
    private final QoeMeasure measure;
    private final Function<WindowEstimate, Estimated> figure;
    private int hits;
    private double error;
    private double squares;

    Measured(QoeMeasure measure, Function<WindowEstimate, Estimated> figure) {
      this.measure = measure;
      this.figure = figure;
    }

    void judge(List<PlaybackSession> kept, List<PlaybackSession> all) {
      double truth = figure.apply(estimate(all)).value();
      Estimated estimate = figure.apply(estimate(kept));
      hits += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
      double off = estimate.value() / truth - 1;
      error += off / WINDOWS;
      squares += off * off / WINDOWS;
    }

    private WindowEstimate estimate(List<PlaybackSession> sessions) {
      WindowSample sample = new WindowSample();
      for (PlaybackSession session : sessions) {
        if (session != null) {
          session.measures().stream()
              .filter(each -> each.key().measure().equals(measure.wireName()))
              .forEach(sample::add);
        }
      }
      return WindowEstimate.of(0, 10_000, sample);
    }

    void assertHolds() {
      assertThat(hits / (double) WINDOWS).as("%s in its interval", measure).isBetween(0.92, 0.985);
      assertThat(error)
          .as("mean error of %s", measure)
          .isCloseTo(0, within(4 * Math.sqrt(squares / WINDOWS)));
    }
  }
}
