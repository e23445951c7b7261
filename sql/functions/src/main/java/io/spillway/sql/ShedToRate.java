package io.spillway.sql;

import io.spillway.admission.EventHash;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * Sheds the rows of a table by priority to a rate, and adds what each row left stands for:
 *
 * <pre>{@code
 * SELECT * FROM shed_to_rate(input => TABLE e, rate => 100)
 * }</pre>
 *
 * The table has the columns {@code id}, {@code priority}, {@code event_time}, and may have {@code
 * sampled_rate}, what its rows stand for already; a row without id or time passes as it is. An
 * unknown priority is NORMAL. The rate is events per second of event time and subtask; there is no
 * shuffle and no state. Which rows are kept: see {@link RateShedder}.
 */
@DataTypeHint("ROW<weight DOUBLE>")
public final class ShedToRate extends ProcessTableFunction<Row> {
  private static final long serialVersionUID = 1L;

  private static final String SAMPLED_RATE = "sampled_rate";
  private static final long SEED = 0x5157;

  private transient EventHash hash;
  private transient RateShedder shedder;
  private transient Boolean sampled;

  @Override
  public void open(FunctionContext context) {
    hash = new EventHash(SEED);
  }

  public void eval(
      @ArgumentHint(
              value = {ArgumentTrait.ROW_SEMANTIC_TABLE, ArgumentTrait.PASS_COLUMNS_THROUGH},
              name = "input")
          Row input,
      @ArgumentHint(name = "rate") Double rate) {
    if (shedder == null) {
      shedder = new RateShedder(rate);
      sampled = input.getFieldNames(true).contains(SAMPLED_RATE);
    }
    String id = input.getFieldAs("id");
    Instant time = input.getFieldAs("event_time");
    Double before = sampled ? input.<Double>getFieldAs(SAMPLED_RATE) : null;
    double incoming = before == null ? 1.0 : before;
    if (id == null || time == null) {
      collect(Row.of(incoming));
      return;
    }
    String word = input.getFieldAs("priority");
    double weight =
        shedder.weight(
            Priority.fromWireName(word == null ? "" : word).orElse(Priority.NORMAL),
            hash.of(null, id.getBytes(StandardCharsets.UTF_8)),
            incoming,
            time.toEpochMilli());
    if (weight > 0) {
      collect(Row.of(weight));
    }
  }
}
