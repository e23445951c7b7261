package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spillway.benchmarks.Measurement.Findings;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static final Progress SILENT = line -> {};
  private final Findings findings = new Findings();

  @Test
  void aRaceThatIsThrownOutLeavesTheOthersAndIsSaidFirst() {
    Parts parts =
        new Parts(
            List.of(
                part(race -> figure(Goal.M3)), part(this::late), part(race -> figure(Goal.M15))));
    assertThat(parts.measure(findings, SILENT)).as("complete").isFalse();
    assertThat(findings.results()).extracting(GoalResult::goal).containsExactly(Goal.M3, Goal.M15);
    assertThat(findings.first()).singleElement().asString().startsWith("race: thrown out");
  }

  @Test
  void whatWasMeasuredBeforeSomethingBreaksIsKept() {
    Parts parts =
        new Parts(
            List.of(
                part(race -> figure(Goal.M3)),
                part(
                    race -> {
                      throw SandboxException.failure("no cluster");
                    })));
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> parts.measure(findings, SILENT));
    assertThat(findings.results()).hasSize(1);
  }

  @Test
  void runsThatWereMadeAgainAreSaidWithTheFigures() {
    OnTime onTime = new OnTime("race");
    List<Double> lags = new ArrayList<>(List.of(70.0, 30.0));
    onTime.of(SILENT, () -> lags.remove(0), late -> late);
    assertThat(new Parts(List.of(part(race -> with(onTime)))).measure(findings, SILENT)).isTrue();
    assertThat(findings.first())
        .containsExactly("race: thrown away and made again, because the generator was late: 1");
    assertThat(findings.notes()).extracting(note -> note.measured().max()).containsExactly(30.0);
  }

  private Findings late(OnTime race) {
    race.of(SILENT, () -> 1e3, late -> late);
    return figure(Goal.M4);
  }

  private static Findings with(OnTime onTime) {
    Findings findings = new Findings();
    findings.add(onTime);
    return findings;
  }

  private static Findings figure(Goal goal) {
    Findings findings = new Findings();
    findings.results().add(new GoalResult(goal, Spread.of(List.of(1.0)), Map.of()));
    return findings;
  }

  private static Measurement part(Function<OnTime, Findings> measured) {
    return new Measurement() {
      @Override
      public double seconds() {
        return 60;
      }

      @Override
      public Findings measure(Progress progress) {
        return measured.apply(new OnTime("race"));
      }
    };
  }
}
