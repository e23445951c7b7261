package io.spillway.admission;

import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * How many events of one key in one span of event time were not admitted since the last such record
 * for them: records add up. An event counts as often as its {@code ce_sampledrate} says.
 *
 * @param key as the job's {@link RejectionCounting.KeyOf} read it; empty where it could not
 * @param fromMillis first event time, inclusive
 * @param toMillis end of the span, exclusive
 * @param counts by stratum, see {@link Strata}; negative where a replay counts back
 */
@TypeInfo(RejectedEventsTypeInfoFactory.class)
public record RejectedEvents(byte[] key, long fromMillis, long toMillis, long[] counts) {

  @Override
  public boolean equals(Object other) {
    return other instanceof RejectedEvents that
        && Arrays.equals(key, that.key)
        && fromMillis == that.fromMillis
        && toMillis == that.toMillis
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + Long.hashCode(fromMillis);
  }

  @Override
  public String toString() {
    return "%d not admitted of key of %d B in [%d, %d)"
        .formatted(Arrays.stream(counts).sum(), key.length, fromMillis, toMillis);
  }
}
