package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final CommandLine bench =
      Bench.commandLine().setErr(new PrintWriter(err)).setOut(new PrintWriter(out));

  @Test
  void anUnknownNameIsOneLineAndExitCode2() {
    assertThat(bench.execute("M99")).isEqualTo(2);
    assertThat(err.toString()).startsWith("spillway: unknown benchmark 'M99'").hasLineCount(1);
  }

  @Test
  void anUnknownOptionIsOneLineAndExitCode2() {
    assertThat(bench.execute("--quik")).isEqualTo(2);
    assertThat(err.toString()).startsWith("spillway: ").contains("--quik").hasLineCount(1);
  }

  @Test
  void aFileThatCannotBeWrittenIsFoundOutBeforeMeasuring(@TempDir Path directory) {
    assertThat(bench.execute("M8", "--json", directory.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(directory.toString()).hasLineCount(1);
  }

  @Test
  void aProgramThatIsMissingIsFoundOutBeforeMeasuring() {
    Assumptions.assumeTrue(Program.PROMETHEUS.find(ClusterOptions.root()).isEmpty());
    assertThat(bench.execute("M17", "SCALE")).isEqualTo(2);
    assertThat(err.toString()).contains("tests/tools.sh prometheus brings it").hasLineCount(1);
    assertThat(out.toString()).doesNotContain("measuring");
  }

  @Test
  void resultsThatWereNeverMeasuredAreRefusedWithTheCommandAndItsTime() {
    assertThat(bench.execute("--results")).isEqualTo(2);
    assertThat(err.toString())
        .containsPattern(
            "no results in .*reports: run './spillway bench' first \\(about \\d+ min\\)")
        .hasLineCount(1);
  }

  @Test
  void resultsAreWrittenOfAllFiguresOrNotAtAll() {
    assertThat(bench.execute("--results", "M8")).isEqualTo(2);
    assertThat(err.toString()).contains("leave out names").hasLineCount(1);
  }

  @Test
  void aProfileIsOfTheHotPathAlone() {
    assertThat(bench.execute("M8", "--profile")).isEqualTo(2);
    assertThat(err.toString()).contains("'./spillway bench micro --profile'").hasLineCount(1);
  }

  @Test
  void helpSaysWhatTheExitCodeMeans() {
    assertThat(bench.execute("--help")).isZero();
    assertThat(out.toString()).contains("--strict", "--quick", "overload = M1 M3 M4 M6 M7");
  }
}
