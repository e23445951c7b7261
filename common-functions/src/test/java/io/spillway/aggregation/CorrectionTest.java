package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Strata;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The first result of a window, and what replays find out about it later. */
class CorrectionTest {
  private static final double KLL_RANK_ERROR = 0.0165;

  /**
   * A window that was shed, in parts as they travel, and the window that nothing was taken from.
   */
  private record Shed(WindowSample first, List<WindowSample> corrections, WindowSample whole) {
    WindowEstimate corrected(Random random) throws IOException {
      List<WindowSample> parts = new ArrayList<>();
      for (WindowSample part : corrections) {
        parts.add(WindowSample.ofText(part.text()));
      }
      parts.add(WindowSample.ofText(first.text()));
      Collections.shuffle(parts, random);
      return WindowEstimate.of(
          0, 10, parts.stream().reduce(new WindowSample(), WindowSample::mergedWith));
    }
  }

  @Property(tries = 200)
  void firstResultAndCorrectionsInAnyOrderAreTheRecomputation(
      @ForAll @IntRange(min = 1, max = 2_000) int events, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    List<Double> values = new ArrayList<>();
    Shed shed = shed(events, random, 0, values);

    WindowEstimate corrected = shed.corrected(random);

    WindowEstimate whole = WindowEstimate.of(0, 10, shed.whole());
    assertThat(corrected.kept()).isEqualTo(whole.kept());
    assertThat(corrected.count()).isEqualTo(whole.count());
    assertThat(corrected.countExact()).isTrue();
    assertThat(corrected.coverage()).isEqualTo(1.0);
    assertThat(corrected.sample()).isEmpty();
    assertClose(corrected.keptSum(), whole.sum().value());
    assertClose(corrected.sum().value(), whole.sum().value());
    assertThat(corrected.sum().high()).isEqualTo(corrected.sum().low());
    assertClose(corrected.mean().value(), whole.mean().value());
    assertThat(corrected.min()).isEqualTo(whole.min());
    assertThat(corrected.max()).isEqualTo(whole.max());
    assertThat(corrected.distinctKeys()).isCloseTo(whole.distinctKeys(), within(1e-6 + 0.05 * 200));
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    assertRank(sorted, corrected.quantiles().p50(), 0.50);
    assertRank(sorted, corrected.quantiles().p95(), 0.95);
    assertRank(sorted, corrected.quantiles().p99(), 0.99);
  }

  @Property(tries = 200)
  void whatIsGoneStaysUnknownAndTheCountStaysExact(
      @ForAll @IntRange(min = 50, max = 1_000) int events, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Shed shed = shed(events, random, 0.3, new ArrayList<>());

    WindowEstimate corrected = shed.corrected(random);

    assertThat(corrected.count()).isEqualTo(events);
    assertThat(corrected.kept())
        .isEqualTo(
            shed.first().kept() + shed.corrections().stream().mapToLong(WindowSample::kept).sum());
    assertThat(corrected.coverage()).isEqualTo((double) corrected.kept() / events);
  }

  @Example
  void countsBackOfItsOwnPriorityFirstAndFromTheLowestProbabilityUp() {
    WindowSample sample = new WindowSample();
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 1), 2);
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.5), 10);
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.01), 5);
    sample.addNotAdmitted(Strata.of(Priority.BULK, 0.01), 5);
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 1), -10);
    double[] settled = sample.settledNotAdmitted();
    assertThat(settled[Strata.of(Priority.NORMAL, 1)]).isZero();
    assertThat(settled[Strata.of(Priority.NORMAL, 0.01)]).isZero();
    assertThat(settled[Strata.of(Priority.NORMAL, 0.5)]).isEqualTo(7);
    assertThat(settled[Strata.of(Priority.BULK, 0.01)]).isEqualTo(5);
  }

  @Example
  void anEventWhosePriorityIsAnotherOneNowIsCountedBackAllTheSame() {
    WindowSample sample = new WindowSample();
    sample.addNotAdmitted(Strata.of(Priority.BULK, 0.01), 5);
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 1), -5);
    assertThat(Arrays.stream(sample.settledNotAdmitted()).sum()).isZero();
    assertThat(sample.settledNotAdmitted()).containsOnly(0.0);
  }

  @Example
  void aCorrectionAloneOwesWhatItKept() {
    WindowSample sample = new WindowSample();
    sample.add(new Event("a", 3, 1, 1, Priority.BULK, true));
    sample.addNotAdmitted(Strata.of(Priority.BULK, 1), -1);
    assertThat(sample.events()).isZero();
    assertThat(sample.kept()).isEqualTo(1);
    assertThat(WindowEstimate.of(0, 10, sample.keptOnly()).sum().value()).isEqualTo(3);
    assertThat(sample.settledNotAdmitted()[Strata.of(Priority.BULK, 1)]).isEqualTo(-1);
  }

  private static Shed shed(int events, Random random, double gone, List<Double> values) {
    WindowSample first = new WindowSample();
    List<WindowSample> corrections =
        List.of(new WindowSample(), new WindowSample(), new WindowSample());
    WindowSample whole = new WindowSample();
    for (int i = 0; i < events; i++) {
      Priority priority = Priority.of(random.nextInt(Priority.COUNT));
      double value = 20 + 5 * random.nextGaussian();
      values.add(value);
      String key = "sensor-" + random.nextInt(200);
      double keep = random.nextInt(4) == 0 ? 1 : 0.05 + 0.95 * random.nextDouble();
      whole.add(new Event(key, value, 1, 1, priority, true));
      boolean refusedByTheGate = random.nextInt(10) == 0;
      if (random.nextDouble() < keep && !refusedByTheGate) {
        first.add(new Event(key, value, 1 / keep, 1, priority, true));
        continue;
      }
      first.addNotAdmitted(Strata.of(priority, keep), 1);
      if (random.nextDouble() >= gone) {
        WindowSample correction = corrections.get(random.nextInt(corrections.size()));
        correction.add(new Event(key, value, 1, 1, priority, true));
        correction.addNotAdmitted(Strata.of(priority, 1), -1);
      }
    }
    return new Shed(first, corrections, whole);
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-9 * (1 + Math.abs(expected))));
  }

  /** Several sketches were merged, and the value itself takes a rank. */
  private static void assertRank(double[] sorted, double value, double rank) {
    int at = Arrays.binarySearch(sorted, value);
    assertThat(at).as("%s is one of the values", value).isNotNegative();
    assertThat((at + 1.0) / sorted.length)
        .isCloseTo(rank, within(2 * KLL_RANK_ERROR + 1.0 / sorted.length));
  }
}
