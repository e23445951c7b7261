package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Strata;
import io.spillway.aggregation.Measured;
import io.spillway.aggregation.WindowSample;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.ProducedWindows.Comparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProducedWindowsTest {
  private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private final ProducedWindows windows = new ProducedWindows(2000);

  private record Reading(double value, double weight) implements Measured {
    @Override
    public double sampledRate() {
      return 1;
    }

    @Override
    public Priority priority() {
      return Priority.BULK;
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

  @Test
  void aResultThatIsTheTruthHasNoError() throws IOException {
    produced(START, 1, 3);
    produced(START + 1999, 2);
    windows.first(whole(START, 3, 6, 1, 3));

    Comparison comparison = windows.compare();
    assertThat(comparison.problems()).isEmpty();
    assertThat(comparison.windows()).isEqualTo(1);
    assertThat(comparison.error()).isZero();
    assertThat(comparison.coverageGap()).isZero();
    assertThat(comparison.leastFirst()).isEqualTo(1);
  }

  @Test
  void aSumMayDifferByTheRoundingOfItsAdditionsAndNotByMore() throws IOException {
    produced(START, 0.1, 0.2, 0.3);
    windows.first(whole(START, 3, 0.1 + (0.2 + 0.3), 0.1, 0.3));
    assertThat(windows.compare().error()).isZero();

    windows.first(whole(START, 3, 0.6 + 6e-10, 0.1, 0.3));
    assertThat(windows.compare().error()).isCloseTo(1e-9, within(1e-12));
  }

  @Test
  void aFirstResultAndItsCorrectionAreTheTruthTogether() throws IOException {
    produced(START, 1, 2, 3, 4);
    WindowSample kept = new WindowSample();
    kept.add(new Reading(2, 4));
    kept.addNotAdmitted(Strata.of(Priority.BULK, 0.25), 3);
    windows.first(partly(START, 0.25, kept));
    assertThat(windows.compare().coverageGap()).isEqualTo(0.75);

    WindowSample replayed = new WindowSample();
    for (double value : new double[] {1, 3, 4}) {
      replayed.add(new Reading(value, 1));
    }
    replayed.addNotAdmitted(Strata.of(Priority.BULK, 1), -3);
    windows.correction(partly(START, Double.NaN, replayed));

    Comparison comparison = windows.compare();
    assertThat(comparison.problems()).isEmpty();
    assertThat(comparison.corrected()).isEqualTo(1);
    assertThat(comparison.leastFirst()).isEqualTo(0.25);
    assertThat(comparison.coverageGap()).isZero();
    assertThat(comparison.error()).isZero();
  }

  @Test
  void anEventThatIsCountedTwiceShows() throws IOException {
    produced(START, 1, 2, 3, 4);
    windows.first(whole(START, 5, 14, 1, 4));

    Comparison comparison = windows.compare();
    assertThat(comparison.error()).isEqualTo(0.4);
    assertThat(comparison.problems()).hasSize(2).anyMatch(line -> line.contains("count 5.0 of 4"));
  }

  @Test
  void aWindowWithoutAResultAndAResultWithoutEventsAreWhollyWrong() throws IOException {
    produced(START, 1);
    windows.first(whole(START + 2000, 1, 1, 1, 1));

    Comparison comparison = windows.compare();
    assertThat(comparison.windows()).isEqualTo(2);
    assertThat(comparison.error()).isEqualTo(1);
    assertThat(comparison.coverageGap()).isEqualTo(1);
    assertThat(comparison.problems())
        .containsExactly(
            "s-1 power from 2026-01-01T00:00:00Z has no result",
            "s-1 power from 2026-01-01T00:00:02Z has a result and no event");
  }

  @Test
  void aWholeWindowNeedsNoCorrection() throws IOException {
    produced(START, 1);
    windows.first(whole(START, 1, 1, 1, 1));
    windows.correction(partly(START, Double.NaN, new WindowSample()));
    assertThat(windows.compare().problems())
        .singleElement()
        .asString()
        .contains("corrected although it was whole");
  }

  private void produced(long millis, double... values) throws IOException {
    for (double value : values) {
      windows.produced(
          millis, utf8("{\"site\":\"s-1\",\"metric\":\"power\",\"value\":%s}".formatted(value)));
    }
  }

  private static byte[] whole(long start, long count, double sum, double min, double max) {
    return utf8(
        ("{\"site\":\"s-1\",\"metric\":\"power\",\"start\":\"%s\",\"kept\":%d,\"count\":%d.0,"
                + "\"coverage\":1.0,\"sum\":%s,\"min\":%s,\"max\":%s,\"countExact\":true,"
                + "\"sumLow\":%s,\"sumHigh\":%s}")
            .formatted(Instant.ofEpochMilli(start), count, count, sum, min, max, sum, sum));
  }

  private static byte[] partly(long start, double coverage, WindowSample sample) {
    return utf8(
        "{\"site\":\"s-1\",\"metric\":\"power\",\"start\":\"%s\",\"coverage\":%s,\"sample\":\"%s\"}"
            .formatted(
                Instant.ofEpochMilli(start),
                Double.isNaN(coverage) ? "null" : coverage,
                sample.text()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
