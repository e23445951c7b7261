package io.spillway.ledger;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a replay did about deferred events of one input partition. Once settled, an offset is not
 * open again, whatever the ledger says of it later.
 *
 * @param from first offset, inclusive
 * @param to last offset, inclusive
 * @param lane the lane of the replay
 * @param kind whether the events were replayed, or are no longer there to be replayed
 * @param run which replay
 * @param offsets minus {@code from}
 */
@TypeInfo(SettlementTypeInfoFactory.class)
public record Settlement(
    String topic,
    int partition,
    long from,
    long to,
    String lane,
    Kind kind,
    String run,
    RoaringBitmap offsets)
    implements LedgerRecord {

  /** How an offset was settled. */
  public enum Kind {
    REPLAYED("replay"),
    /**
     * Kafka no longer has it: the topic was deleted, or its retention was shorter than the wait.
     */
    GONE("gone");

    private final String field;

    Kind(String field) {
      this.field = field;
    }

    /** The field of the record that names the run. */
    public String field() {
      return field;
    }
  }
}
