package io.spillway.ledger;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.roaringbitmap.RoaringBitmap;

/**
 * What became of one contiguous range of offsets of one input partition. Every offset in {@code
 * [fromOffset, toOffset]} was looked at by admission (Kafka may leave gaps in it); the ones not
 * listed in {@code rejected} were admitted or were dead letters.
 *
 * <p>An entry is emitted before the checkpoint barrier that covers its last offset, so after a
 * failure a range may be described twice, and then the descriptions may differ: the later one
 * counts ({@link LastWord}).
 *
 * @param fromOffset first offset, inclusive
 * @param toOffset last offset, inclusive
 * @param lane the lane that looked at the range ({@code all} where lanes share a source)
 * @param seen events per priority, indexed by {@link Priority#ordinal()}
 * @param rejectedCounts events per outcome and priority: {@code [outcome][priority]}
 * @param rejected offsets minus {@code fromOffset}, per outcome; no entry where there are none
 * @param terms in force at the end of the range
 */
@TypeInfo(LedgerEntryTypeInfoFactory.class)
public record LedgerEntry(
    String topic,
    int partition,
    long fromOffset,
    long toOffset,
    String lane,
    long[] seen,
    long[][] rejectedCounts,
    Map<Outcome, RoaringBitmap> rejected,
    Terms terms)
    implements LedgerRecord {}
