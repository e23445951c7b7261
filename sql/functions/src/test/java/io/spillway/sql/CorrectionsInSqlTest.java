package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What merges results and what reads the ledger, as a planner sees them, in both modes. */
class CorrectionsInSqlTest {
  private static final String FIGURES =
      "ROW(%s, 10e0, 4e-1, 8e0, 2e1, 1e1, 3e1, 2e0, 1e0, 3e0, 1e0, 4e0, 2e0, 4e0, 4e0, 1e-1, 3e0,"
          + " TRUE, FALSE)";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLastFirstResultAndEveryCorrectionCount(boolean streaming) {
    TableEnvironment env = env(streaming);
    env.createTemporaryFunction("corrected_window", CorrectedWindow.class);
    String rows =
        "SELECT 'a' AS site, CAST(2 AS BIGINT) AS place, CAST(NULL AS STRING) AS run, "
            + FIGURES.formatted("CAST(4 AS BIGINT)")
            + " AS figures, CAST(NULL AS STRING) AS sample UNION ALL SELECT 'a', CAST(1 AS BIGINT),"
            + " CAST(NULL AS STRING), "
            + FIGURES.formatted("CAST(3 AS BIGINT)")
            + ", CAST(NULL AS STRING) UNION ALL SELECT 'b', CAST(1 AS BIGINT), 'run-1', "
            + FIGURES.formatted("CAST(5 AS BIGINT)")
            + ", 'no sample'";
    assertThat(
            latest(
                env,
                "SELECT site, w.kept, w.corrections, w.coverage FROM (SELECT site,"
                    + " corrected_window(place, run, figures, sample) AS w FROM ("
                    + rows
                    + ") GROUP BY site)"))
        .containsExactlyInAnyOrder(Row.of("a", 4L, 0L, 0.4), Row.of("b", 5L, 1L, null));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLedgerIsReadInItsOrder(boolean streaming) {
    TableEnvironment env = env(streaming);
    env.createTemporaryFunction("deferred_offsets", DeferredOffsets.class);
    String rows =
        "SELECT * FROM (VALUES"
            + " (3, CAST(NULL AS STRING), 'run-1', '%s'), (2, '%s', CAST(NULL AS STRING), CAST(NULL AS STRING)),"
                .formatted(DeferredOffsetsTest.text(1), DeferredOffsetsTest.text(1, 4))
            + " (1, '%s', CAST(NULL AS STRING), CAST(NULL AS STRING))) AS t(place, deferred, replay, offsets)"
                .formatted(DeferredOffsetsTest.text(7));
    assertThat(
            latest(
                env,
                "SELECT d.deferred, d.replayed, d.still_open, d.first_open,"
                    + " CAST(d.open_since AS STRING) FROM (SELECT"
                    + " deferred_offsets(CAST(place AS BIGINT), 'all', CAST(0 AS BIGINT), CAST(9 AS"
                    + " BIGINT), deferred, replay, CAST(NULL AS STRING), offsets,"
                    + " TO_TIMESTAMP_LTZ(1000 * place, 3)) AS d FROM ("
                    + rows
                    + "))"))
        .containsExactly(Row.of(2L, 1L, 1L, 4L, "1970-01-01 00:00:02.000"));
  }

  private static TableEnvironment env(boolean streaming) {
    EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance();
    TableEnvironment env =
        TableEnvironment.create(
            (streaming ? settings.inStreamingMode() : settings.inBatchMode()).build());
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("table.local-time-zone", "UTC");
    env.getConfig().set("table.exec.mini-batch.enabled", "true");
    env.getConfig().set("table.exec.mini-batch.allow-latency", "1 s");
    env.getConfig().set("table.exec.mini-batch.size", "1000");
    return env;
  }

  private static List<Row> latest(TableEnvironment env, String query) {
    List<Row> rows = new ArrayList<>();
    env.executeSql(query)
        .collect()
        .forEachRemaining(
            row -> {
              RowKind kind = row.getKind();
              row.setKind(RowKind.INSERT);
              if (kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
                rows.add(row);
              } else {
                rows.remove(row);
              }
            });
    return rows;
  }
}
