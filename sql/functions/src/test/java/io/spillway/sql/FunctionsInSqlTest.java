package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The functions as a planner sees them, in queries that run. */
class FunctionsInSqlTest {
  private final TableEnvironment env =
      TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());

  @BeforeEach
  void register() {
    env.getConfig().set("parallelism.default", "1");
    Map.of(
            "shed_to_rate", ShedToRate.class,
            "token_bucket", TokenBucket.class,
            "weighted_count", WeightedCount.class,
            "weighted_sum", WeightedSum.class,
            "weighted_mean", WeightedMean.class)
        .forEach(env::createTemporaryFunction);
    // 2000 rows over 20 seconds, half critical and half bulk, of two sources.
    env.executeSql(
        "CREATE TEMPORARY VIEW e AS SELECT CONCAT('id-', CAST(n AS STRING)) AS id,"
            + " CASE WHEN MOD(n, 2) = 0 THEN 'critical' ELSE 'bulk' END AS priority,"
            + " CASE WHEN MOD(n, 10) = 0 THEN 'a' ELSE 'b' END AS source,"
            + " CAST(n AS DOUBLE) AS amount, TO_TIMESTAMP_LTZ(n * 10, 3) AS event_time"
            + " FROM (SELECT x.n * 50 + y.n AS n FROM "
            + numbers("x", 40)
            + " CROSS JOIN "
            + numbers("y", 50)
            + ")");
  }

  @Test
  void shedsBulkToTheRateAndGivesTheRestItsWeight() {
    List<Row> rows =
        rows("SELECT priority, weight FROM" + " shed_to_rate(input => TABLE e, rate => 60e0)");
    assertThat(rows).filteredOn(row -> row.getField(0).equals("critical")).hasSize(1000);
    assertThat(rows).allMatch(row -> row.<Double>getFieldAs(1) >= 1.0);
  }

  @Test
  void aBucketForEachKeyLetsTheBurstPass() {
    List<Row> rows =
        rows(
            "SELECT source, within_quota, retry_after_ms FROM"
                + " token_bucket(input => TABLE e PARTITION BY source, rate => 1e-3, burst => 7e0)");
    assertThat(rows).hasSize(2000);
    for (String source : List.of("a", "b")) {
      assertThat(rows)
          .filteredOn(row -> row.getField(0).equals(source) && row.getField(1).equals(true))
          .hasSize(7);
    }
    assertThat(rows).allMatch(row -> row.getField(1).equals(row.getField(2).equals(0L)));
  }

  @Test
  void countsSumsAndMeansAreExactWhereEveryRowStandsForItself() {
    Row last =
        last(
            "SELECT weighted_count(1e0).estimate, weighted_sum(amount, 1e0).estimate,"
                + " weighted_mean(amount, 1e0).estimate, weighted_mean(amount, 1e0).low FROM e");
    assertThat(last).isEqualTo(Row.ofKind(last.getKind(), 2000.0, 1999000.0, 999.5, 999.5));
  }

  @Test
  void takesRowsOutAgainWhereTheyChange() {
    Row last =
        last(
            "SELECT weighted_sum(CAST(n AS DOUBLE), 2e0).estimate FROM"
                + " (SELECT source, COUNT(*) AS n FROM e GROUP BY source)");
    assertThat(last.getField(0)).isEqualTo(4000.0);
  }

  @Test
  void aRateOfNothingFailsInWords() {
    assertThatThrownBy(() -> rows("SELECT * FROM shed_to_rate(input => TABLE e, rate => 0e0)"))
        .hasStackTraceContaining("give events per second, above 0");
  }

  private Row last(String query) {
    List<Row> rows = rows(query);
    Row last = rows.get(rows.size() - 1);
    assertThat(last.getKind()).isIn(RowKind.INSERT, RowKind.UPDATE_AFTER);
    return last;
  }

  private List<Row> rows(String query) {
    List<Row> rows = new ArrayList<>();
    env.executeSql(query).collect().forEachRemaining(rows::add);
    return rows;
  }

  private static String numbers(String name, int count) {
    StringBuilder values = new StringBuilder("(VALUES (0)");
    for (int i = 1; i < count; i++) {
      values.append(", (").append(i).append(")");
    }
    return values.append(") AS ").append(name).append("(n)").toString();
  }
}
