package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.JobMetrics;
import io.spillway.sandbox.measure.LiveRow;
import io.spillway.sandbox.measure.LiveRow.PriorityRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveTableTest {
  private final StringWriter written = new StringWriter();

  @Test
  void withoutATerminalEachRowIsOneLine() {
    LiveTable table = new LiveTable(new PrintWriter(written), false, "results");
    table.accept(row());
    table.accept(row());
    assertThat(written.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("offered  10,000/s") && line.contains("waiting    12,345"))
        .allMatch(line -> line.contains("shed   6,800/s  deferred   1,200/s"))
        .noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void onATerminalTheTableIsDrawnAgainInPlace() {
    LiveTable table = new LiveTable(new PrintWriter(written), true, "admitted");
    table.accept(row());
    long lines = written.toString().lines().count();
    table.accept(row());
    assertThat(written.toString()).contains("\u001b[" + lines + "A\u001b[J");
    assertThat(written.toString())
        .contains("critical")
        .contains("lane fill")
        .contains("admitted/s")
        .containsPattern("critical +2,500 +500 +1,700 +300 ")
        .contains("0.25");
  }

  @Test
  void aTableThatIsLeftStays() {
    LiveTable table = new LiveTable(new PrintWriter(written), true, "admitted");
    table.accept(row());
    table.leave();
    table.accept(row());
    assertThat(written.toString()).doesNotContain("A\u001b[J");
  }

  @Test
  void figuresOfWhichThereAreNoneAreDashes() {
    assertThat(Figures.millis(Double.NaN)).isEqualTo("-");
    assertThat(Figures.millis(98.4)).isEqualTo("98 ms");
    assertThat(Figures.millis(23_140)).isEqualTo("23.1 s");
    assertThat(Figures.percent(0.99999)).isEqualTo("99.9 %");
    assertThat(Figures.percent(1)).isEqualTo("100 %");
    assertThat(Figures.percent(0.00001)).isEqualTo("0.1 %");
  }

  private static LiveRow row() {
    Map<Priority, PriorityRow> rows = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      rows.put(priority, new PriorityRow(2500, 500, 2000, 300, 98, Double.NaN));
    }
    JobMetrics metrics =
        new JobMetrics(
            Map.of("express", 0.25),
            Map.of(Priority.BULK, 0.1),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Double.NaN);
    return new LiveRow("spillway", Duration.ofSeconds(14), "overload", rows, metrics, 12_345);
  }
}
