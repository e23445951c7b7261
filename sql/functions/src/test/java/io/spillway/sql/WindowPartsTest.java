package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Strata;
import io.spillway.aggregation.Measured;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

class WindowPartsTest {
  private static final int KEPT = 0;
  private static final int EVENTS = 1;
  private static final int COVERAGE = 2;
  private static final int SUM = 4;
  private static final int P99 = 14;
  private static final int RELIABLE = 18;
  private static final int CORRECTIONS = 19;

  /** A reading that was kept with probability 1/weight. */
  private record Reading(double value, double weight, Priority priority) implements Measured {
    @Override
    public double sampledRate() {
      return 1;
    }

    @Override
    public String distinctKey() {
      return "sensor";
    }

    @Override
    public boolean attributed() {
      return true;
    }
  }

  private final WindowParts parts = new WindowParts();

  @Property(tries = 100)
  void inAnyOrderItIsWhatTheLibrarySaysOfAllOfThem(
      @ForAll @IntRange(min = 1, max = 300) int events, @ForAll long seed) {
    Random random = new Random(seed);
    WindowSample first = new WindowSample();
    List<WindowSample> corrections = List.of(new WindowSample(), new WindowSample());
    for (int i = 0; i < events; i++) {
      double value = i;
      if (random.nextBoolean()) {
        first.add(new Reading(value, 2, Priority.BULK));
      } else {
        first.addNotAdmitted(Strata.of(Priority.BULK, 0.5), 1);
        replayed(corrections.get(random.nextInt(2)), value);
      }
    }
    List<Runnable> records = new ArrayList<>();
    WindowParts some = new WindowParts();
    WindowParts others = new WindowParts();
    records.add(() -> first(random.nextBoolean() ? some : others, 5, first));
    for (WindowSample correction : corrections) {
      records.add(() -> correct(random.nextBoolean() ? some : others, correction));
    }
    Collections.shuffle(records, random);
    records.forEach(Runnable::run);
    some.merge(others);

    Row result = some.result();
    assertThat(result.getField(KEPT)).isEqualTo((long) events);
    assertThat(result.getField(EVENTS)).isEqualTo((double) events);
    assertThat(result.getField(COVERAGE)).isEqualTo(1.0);
    assertThat(result.<Double>getFieldAs(SUM)).isEqualTo(events * (events - 1) / 2.0);
    assertThat(result.getField(CORRECTIONS)).isEqualTo(2L);
  }

  @Test
  void aWindowThatNothingWasAddedToIsItsFirstResult() {
    WindowFigures figures = WindowFigures.of(estimate(shed(40, 0.5)));
    parts.first(7L, figures, null);
    assertThat(parts.result()).isEqualTo(figures.row(0));
  }

  @Test
  void theFirstResultThatWasWrittenLastCounts() {
    WindowSample later = shed(60, 0.5);
    first(parts, 9, later);
    first(parts, 3, shed(40, 0.5));
    assertThat(parts.result()).isEqualTo(WindowFigures.of(estimate(later)).row(0));
  }

  @Test
  void aFirstResultThatComesAgainAfterTheReplayKeepsWhatWasAdded() {
    first(parts, 3, shed(40, 0.5));
    correct(parts, replayed(new WindowSample(), 1));
    first(parts, 9, shed(60, 0.5));
    WindowSample both = replayed(shed(60, 0.5), 1);
    assertThat(parts.result()).isEqualTo(WindowFigures.of(estimate(both)).row(1));
  }

  @Test
  void whatIsStillMissingIsAnEstimateAndSaysSo() {
    first(parts, 3, shed(40, 0.5));
    correct(parts, replayed(new WindowSample(), 1));
    assertThat(parts.result().getField(COVERAGE)).isEqualTo(21 / 40.0);
    assertThat(parts.result().getField(EVENTS)).isEqualTo(40.0);
    assertThat(parts.result().getField(RELIABLE)).isEqualTo(false);
  }

  @Test
  void correctionsOfAResultThatIsNotThereSayNothingOfTheWhole() {
    correct(parts, replayed(new WindowSample(), 4));
    Row result = parts.result();
    assertThat(result.getField(KEPT)).isEqualTo(1L);
    assertThat(result.getField(EVENTS)).isNull();
    assertThat(result.getField(COVERAGE)).isNull();
    assertThat(result.getField(SUM)).isNull();
    assertThat(result.getField(RELIABLE)).isEqualTo(false);
  }

  @Test
  void withoutAnyPartThereIsNoResult() {
    assertThat(parts.result()).isNull();
  }

  /** Its header named another window, so the first result of this one did not know of it. */
  @Test
  void anEventThatNobodyMissedIsAddedToAResultThatWasWhole() {
    WindowSample whole = new WindowSample();
    whole.add(new Reading(2, 1, Priority.BULK));
    first(parts, 3, whole);
    WindowSample stranger = new WindowSample();
    stranger.add(new Reading(5, 1, Priority.BULK));
    correct(parts, stranger);
    Row result = parts.result();
    assertThat(result.getField(KEPT)).isEqualTo(2L);
    assertThat(result.getField(EVENTS)).isEqualTo(2.0);
    assertThat(result.getField(SUM)).isEqualTo(7.0);
    assertThat(result.getField(COVERAGE)).isEqualTo(1.0);
    assertThat(result.getField(P99)).as("no sketch to merge with").isNull();
  }

  @Test
  void aSampleThatCannotBeReadCostsTheFiguresThatNeedIt() {
    WindowSample shed = shed(2, 0.5);
    first(parts, 3, shed);
    WindowFigures figures = figures(replayed(new WindowSample(), 9));
    parts.correct(figures, "AAAA");
    parts.correct(figures, "no base64!");
    parts.correct(figures, null);
    Row result = parts.result();
    assertThat(result.getField(KEPT)).isEqualTo(4L);
    assertThat(result.getField(P99)).isNull();
    assertThat(result.getField(CORRECTIONS)).isEqualTo(3L);
  }

  private static void first(WindowParts parts, long offset, WindowSample sample) {
    WindowEstimate estimate = estimate(sample);
    parts.first(offset, WindowFigures.of(estimate), estimate.sample());
  }

  private static void correct(WindowParts parts, WindowSample sample) {
    parts.correct(figures(sample), sample.text());
  }

  /** As a correction is written. */
  private static WindowFigures figures(WindowSample sample) {
    WindowFigures figures = WindowFigures.of(estimate(sample.keptOnly()));
    figures.events = sample.events();
    figures.coverage = null;
    return figures;
  }

  private static WindowSample replayed(WindowSample sample, double value) {
    sample.add(new Reading(value, 1, Priority.BULK));
    sample.addNotAdmitted(Strata.of(Priority.BULK, 1), -1);
    return sample;
  }

  private static WindowSample shed(int events, double keep) {
    WindowSample sample = new WindowSample();
    int kept = (int) (events * keep);
    for (int i = 0; i < kept; i++) {
      sample.add(new Reading(i, 1 / keep, Priority.BULK));
    }
    sample.addNotAdmitted(Strata.of(Priority.BULK, keep), events - kept);
    return sample;
  }

  private static WindowEstimate estimate(WindowSample sample) {
    return WindowEstimate.of(0, 1, sample);
  }
}
