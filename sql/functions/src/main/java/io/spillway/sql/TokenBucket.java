package io.spillway.sql;

import java.time.Instant;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * A quota for each key: says of every row whether it is within it, and if not, when to try again:
 *
 * <pre>{@code
 * SELECT * FROM token_bucket(input => TABLE e PARTITION BY source, rate => 10, burst => 20)
 * }</pre>
 *
 * {@code rate} is rows per second of the column {@code event_time}, {@code burst} what may come at
 * once. Adds {@code within_quota} and {@code retry_after_ms} (0 if within). A row without time is
 * within. A key that is silent for an hour is forgotten and begins again with a full bucket.
 */
@DataTypeHint("ROW<within_quota BOOLEAN, retry_after_ms BIGINT>")
public final class TokenBucket extends ProcessTableFunction<Row> {
  private static final long serialVersionUID = 1L;

  public void eval(
      @StateHint(name = "bucket", ttl = "1 hour") Bucket bucket,
      @ArgumentHint(
              value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.PASS_COLUMNS_THROUGH},
              name = "input")
          Row input,
      @ArgumentHint(name = "rate") Double rate,
      @ArgumentHint(name = "burst") Double burst) {
    Instant time = input.getFieldAs("event_time");
    long retryAfter = time == null ? 0 : bucket.take(rate, burst, time.toEpochMilli());
    collect(Row.of(retryAfter == 0, retryAfter));
  }
}
