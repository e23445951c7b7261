package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bucket has given out is not given out again because the query failed. */
class TokenBucketRecoveryTest {
  private static final int ROWS = 8_000;
  private static final int BURST = 7;

  @TempDir private static Path checkpoints;

  /** Seen from the task too, which runs in this JVM. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @Test
  void bucketsAreAsFullAfterAFailureAsTheyWereAtTheCheckpoint() {
    TableEnvironment env =
        TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("execution.checkpointing.interval", "50 ms");
    env.getConfig().set("execution.checkpointing.dir", checkpoints.toUri().toString());
    env.getConfig().set("restart-strategy.type", "fixed-delay");
    env.getConfig().set("restart-strategy.fixed-delay.attempts", "1");
    env.getConfig().set("restart-strategy.fixed-delay.delay", "0 ms");
    env.createTemporaryFunction("token_bucket", TokenBucket.class);
    env.createTemporaryFunction("failing_once", FailOnceAfterACheckpoint.class);
    env.executeSql(
        "CREATE TEMPORARY TABLE numbers (n BIGINT) WITH ('connector' = 'datagen',"
            + " 'rows-per-second' = '2000', 'fields.n.kind' = 'sequence',"
            + " 'fields.n.start' = '0', 'fields.n.end' = '%d')".formatted(ROWS - 1));
    env.executeSql(
        "CREATE TEMPORARY VIEW e AS SELECT n, MOD(n, 3) AS source,"
            + " TO_TIMESTAMP_LTZ(n, 3) AS event_time FROM numbers");

    List<Row> rows = new ArrayList<>();
    env.executeSql(
            "SELECT source, within_quota, failing_once(n) FROM token_bucket("
                + "input => TABLE e PARTITION BY source, rate => 1e-3, burst => %de0)"
                    .formatted(BURST))
        .collect()
        .forEachRemaining(rows::add);

    assertThat(FAILURES).hasValue(1);
    assertThat(rows).hasSize(ROWS);
    for (int source : List.of(0, 1, 2)) {
      assertThat(rows)
          .filteredOn(row -> row.getField(0).equals(source) && row.getField(1).equals(true))
          .hasSize(BURST);
    }
  }

  /** Fails once, when a checkpoint is complete. */
  public static final class FailOnceAfterACheckpoint extends ScalarFunction {
    private static final long serialVersionUID = 1L;

    public Long eval(Long number) {
      if (number > ROWS / 8 && FAILURES.get() == 0 && isCheckpointed()) {
        FAILURES.set(1);
        throw new IllegalStateException("as the test wants it");
      }
      return number;
    }

    private static boolean isCheckpointed() {
      try (Stream<Path> files = Files.walk(checkpoints)) {
        return files.anyMatch(file -> file.endsWith("_metadata"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
