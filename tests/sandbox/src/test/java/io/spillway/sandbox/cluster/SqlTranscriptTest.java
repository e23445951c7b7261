package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTranscriptTest {
  private static final String BLUE = "\u001B[34;1m";
  private static final String RED = "\u001B[31;1m";
  private static final String PLAIN = "\u001B[0m";

  private final List<String> results = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final SqlTranscript transcript = new SqlTranscript(results::add, errors::add);

  @Test
  void showsResultsWithoutTheEchoOfTheirStatements() {
    print(
        "Successfully initialized from sql script: init.sql",
        BLUE + "[INFO] Executing SQL from file." + PLAIN,
        "",
        "Command history file path: /home/user/.flink-sql-history",
        "Flink SQL> -- Which?",
        "> SELECT priority, COUNT(*)+----------+---+",
        "| priority | n |",
        "+----------+---+",
        "| critical | 7 |",
        "+----------+---+",
        "1 row in set (8.86 seconds)",
        "",
        "Flink SQL> ",
        "Shutting down the session...",
        "done.");

    assertThat(results)
        .containsExactly(
            "+----------+---+",
            "| priority | n |",
            "+----------+---+",
            "| critical | 7 |",
            "+----------+---+",
            "1 row in set (8.86 seconds)",
            "");
    assertThat(errors).isEmpty();
    assertThat(transcript.failed()).isFalse();
  }

  @Test
  void aStatementThatFailedIsAnErrorThoughTheClientEndsWell() {
    print(
        "Command history file path: /home/user/.flink-sql-history",
        "Flink SQL> " + RED + "[ERROR] Could not execute SQL statement. Reason:",
        "org.apache.calcite.sql.validate.SqlValidatorException: Column 'nope' not found" + PLAIN,
        "",
        "Shutting down the session...",
        "done.");

    assertThat(transcript.failed()).isTrue();
    assertThat(errors)
        .containsExactly(
            "Could not execute SQL statement. Reason:",
            "org.apache.calcite.sql.validate.SqlValidatorException: Column 'nope' not found");
    assertThat(results).isEmpty();
  }

  @Test
  void whatStatementsWithoutATableSayIsNoResult() {
    print(
        "Command history file path: /home/user/.flink-sql-history",
        "Flink SQL> " + BLUE + "[INFO] Execute statement succeeded." + PLAIN,
        "",
        "Flink SQL> " + BLUE + "[INFO] Execute statement succeeded." + PLAIN,
        "");

    assertThat(results).isEmpty();
    assertThat(transcript.failed()).isFalse();
  }

  @Test
  void anEmptyResultIsSaidToBeEmpty() {
    print(
        "Command history file path: /home/user/.flink-sql-history",
        "Flink SQL> SELECT 1 FROM nothing",
        "> LIMIT 200Empty set (2.10 seconds)",
        "");

    assertThat(results).containsExactly("Empty set (2.10 seconds)", "");
  }

  @Test
  void definitionsThatFailAreAnError() {
    print("Failed to initialize from sql script: init.sql. Please refer to the LOG.");

    assertThat(transcript.failed()).isTrue();
    assertThat(errors).hasSize(1);
  }

  private void print(String... lines) {
    List.of(lines).forEach(transcript::line);
  }
}
