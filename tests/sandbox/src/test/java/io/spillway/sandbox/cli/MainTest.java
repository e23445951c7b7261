package io.spillway.sandbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  @Test
  void anUnknownCommandIsOneLineWithTheNearestOne() {
    assertThat(run("stauts")).isEqualTo(2);
    assertThat(errorLine()).contains("unknown command 'stauts'").contains("'status'");
  }

  @Test
  void commandsOfTheLauncherAreKnownToo() {
    assertThat(run("bensh")).isEqualTo(2);
    assertThat(errorLine()).contains("did you mean 'bench'");
  }

  @Test
  void anUnknownOptionIsOneLineWithTheNearestOne() {
    assertThat(run("up", "--taskmanager=3")).isEqualTo(2);
    assertThat(errorLine())
        .contains("'--taskmanager=3'")
        .contains("did you mean '--task-managers'");
  }

  @Test
  void anUnknownJobIsOneLineWithTheNearestOne() {
    assertThat(run("submit", "iott")).isEqualTo(2);
    assertThat(errorLine()).contains("unknown job 'iott'").contains("did you mean 'iot'");
  }

  @Test
  void aMissingJobIsOneLine() {
    assertThat(run("submit")).isEqualTo(2);
    assertThat(errorLine()).contains("JOB");
  }

  @Test
  void aValueThatIsNoNumberIsOneLine() {
    assertThat(run("up", "--task-managers", "two")).isEqualTo(2);
    assertThat(errorLine()).contains("--task-managers").contains("two");
  }

  @Test
  void anAddressWithoutAPortIsOneLine() {
    assertThat(run("submit", "iot", "--jobmanager", "http://elsewhere")).isEqualTo(2);
    assertThat(errorLine()).contains("HOST:PORT");
  }

  @Test
  void aFileOfSqlThatIsNotThereIsOneLine() {
    assertThat(run("sql", "-f", "no/such.sql")).isEqualTo(2);
    assertThat(errorLine()).contains("-f no/such.sql");
  }

  @Test
  void anAgeThatIsNoneIsOneLine() {
    assertThat(run("sql", "--since", "yesterday")).isEqualTo(2);
    assertThat(errorLine()).contains("--since yesterday").contains("15min");
  }

  @Test
  void aRiskServiceThatLosesConnectionsLessThanNeverIsOneLine() {
    assertThat(run("risk", "--drop-every", "-1")).isEqualTo(2);
    assertThat(errorLine()).contains("--drop-every -1").contains("0 for never");
  }

  @Test
  void aReplayOfAJobThatDefersNothingIsOneLine() {
    assertThat(run("replay", "load")).isEqualTo(2);
    assertThat(errorLine()).contains("job 'load' defers nothing");
  }

  @Test
  void aRateBelowZeroIsOneLine() {
    assertThat(run("replay", "iot", "--rate", "-5")).isEqualTo(2);
    assertThat(errorLine()).contains("--rate -5");
  }

  @Test
  void anAuditOfAJobThatAdmitsNothingIsOneLine() {
    assertThat(run("audit", "load")).isEqualTo(2);
    assertThat(errorLine()).contains("'load'").contains("iot");
  }

  @Test
  void anAuditSinceNoAgeIsOneLine() {
    assertThat(run("audit", "iot", "--since", "yesterday")).isEqualTo(2);
    assertThat(errorLine()).contains("--since yesterday").contains("15min");
  }

  @Test
  void anAuditOfAJobThatLeavesNoProofIsOneLine() {
    assertThat(run("audit", "iot", "--set", "admission.enabled=false")).isEqualTo(2);
    assertThat(errorLine()).contains("admission.enabled").contains("receipts.topic");
  }

  @Test
  void anAuditWithoutABrokerIsOneLine() {
    assertThat(run("audit", "iot")).isEqualTo(2);
    assertThat(errorLine()).contains("./spillway up").contains("kafka.bootstrap.servers");
  }

  @Test
  void aPolicyForAJobThatFollowsNoneIsOneLine() {
    assertThat(run("policy", "load")).isEqualTo(2);
    assertThat(errorLine()).contains("'load'").contains("iot");
  }

  @Test
  void aPolicyThatAJobWouldRefuseIsOneLine() {
    assertThat(run("policy", "iot", "--set", "admission.overload.bulk=drop")).isEqualTo(2);
    assertThat(errorLine())
        .contains("admission.overload.bulk = 'drop'")
        .contains("[shed, defer, block]");
  }

  @Test
  void aPolicyThatDoesNotFitTheSettingsOfItsJobIsOneLine() {
    assertThat(
            run(
                "policy",
                "iot",
                "--set",
                "admission.floor.high=0.5",
                "--job-set",
                "admission.floor.normal=0.6"))
        .isEqualTo(2);
    assertThat(errorLine()).contains("add up to more than 1");
  }

  @Test
  void aPolicyThatSetsAndClearsIsOneLine() {
    assertThat(run("policy", "iot", "--clear", "--set", "admission.floor.high=0.5")).isEqualTo(2);
    assertThat(errorLine()).contains("--clear");
  }

  @Test
  void aPolicyWithAVersionBelowOneIsOneLine() {
    assertThat(run("policy", "iot", "--clear", "--version", "-3")).isEqualTo(2);
    assertThat(errorLine()).contains("--version -3");
  }

  @Test
  void aPolicyWithoutABrokerIsOneLine() {
    assertThat(run("policy", "iot", "--show")).isEqualTo(2);
    assertThat(errorLine()).contains("./spillway up").contains("kafka.bootstrap.servers");
  }

  @Test
  void settingsOfNoJobAreOneLine() {
    assertThat(run("up", "--set", "work.micros=1")).isEqualTo(2);
    assertThat(errorLine()).contains("--set").contains("--reactive");
  }

  @Test
  void goingOnWithoutReactiveModeIsOneLine() {
    assertThat(run("up", "--from-latest")).isEqualTo(2);
    assertThat(errorLine()).contains("--reactive").contains("submit JOB --from-latest");
  }

  @Test
  void stoppingWithoutAClusterIsOneLine() {
    assertThat(run("stop", "iot")).isEqualTo(1);
    assertThat(errorLine()).contains("./spillway up");
  }

  @Test
  void reactiveModeWithAJobThatAdmitsNothingIsOneLine() {
    assertThat(run("up", "--reactive", "load")).isEqualTo(2);
    assertThat(errorLine()).contains("'load'").contains("iot");
  }

  @Test
  void aScaleThatIsNoNumberIsOneLine() {
    assertThat(run("scale", "two")).isEqualTo(2);
    assertThat(errorLine()).contains("'two'");
  }

  @Test
  void scalingWithoutAClusterIsOneLine() {
    assertThat(run("scale", "2")).isEqualTo(1);
    assertThat(errorLine()).contains("./spillway up");
  }

  @Test
  void helpIsNoError() {
    assertThat(run("--help")).isZero();
    assertThat(output.toString()).contains("submit", "status", "sql", "bench", "test");
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(errors, true));
    commandLine.setOut(new PrintWriter(output, true));
    return commandLine.execute(args);
  }

  private String errorLine() {
    assertThat(errors.toString().lines()).hasSize(1);
    return errors.toString();
  }
}
