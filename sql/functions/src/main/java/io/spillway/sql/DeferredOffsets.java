package io.spillway.sql;

import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * {@code deferred_offsets(offset, lane, from, to, deferred, replay, gone, offsets, at)}: what
 * became of the deferred events of one input partition, from its ledger records in any order: how
 * many were deferred, replayed, are gone, are still open; the first one that is open, and when the
 * ledger was told of it. See {@link DeferredRecords}.
 */
@FunctionHint(
    output =
        @DataTypeHint(
            "ROW<deferred BIGINT, replayed BIGINT, gone BIGINT, still_open BIGINT, first_open BIGINT,"
                + " open_since TIMESTAMP_LTZ(3), unreadable BIGINT>"))
public final class DeferredOffsets extends AggregateFunction<Row, DeferredRecords> {
  private static final long serialVersionUID = 1L;

  @Override
  public DeferredRecords createAccumulator() {
    return new DeferredRecords();
  }

  @Override
  public Row getValue(DeferredRecords records) {
    return records.result();
  }

  public void accumulate(
      DeferredRecords records,
      Long offset,
      String lane,
      Long from,
      Long to,
      String deferred,
      String replay,
      String gone,
      String offsets,
      @DataTypeHint("TIMESTAMP_LTZ(3)") Instant at)
      throws Exception {
    boolean settled = replay != null || gone != null;
    DeferredRecord record =
        new DeferredRecord(
            lane,
            from,
            to,
            replay != null,
            gone != null,
            settled ? offsets : deferred,
            at == null ? null : at.toEpochMilli());
    records.add(offset, record);
  }
}
