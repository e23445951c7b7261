package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlReadingTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  @Test
  void readsFromAnAgeUpToNow() {
    assertThat(SqlReading.of(false, "15min").toSql(List.of("events"), NOW))
        .isEqualTo(
            "ALTER TABLE events SET ('scan.startup.mode' = 'timestamp',"
                + " 'scan.startup.timestamp-millis' = '100000',"
                + " 'scan.bounded.mode' = 'latest-offset');\n"
                + "SET 'execution.runtime-mode' = 'batch';\n");
  }

  @Test
  void followsFromTheOldestRecord() {
    assertThat(SqlReading.of(true, "all").toSql(List.of("events"), NOW))
        .isEqualTo(
            "ALTER TABLE events SET ('scan.startup.mode' = 'earliest-offset');\n"
                + "SET 'execution.runtime-mode' = 'streaming';\n");
  }

  @Test
  void anAgeWithoutAUnitIsRefusedInOneLine() {
    assertThatThrownBy(() -> SqlReading.of(false, "15"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("--since 15")
        .hasMessageContaining("15min");
  }
}
