package io.spillway.admission;

import io.spillway.event.EventAttributes;
import io.spillway.event.OpenSpans;
import io.spillway.event.RawEvent;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;

/**
 * Counts the events that are not admitted, by key and span of event time. Exact: when there are
 * more counts than there is room for, all of them are sent on early, which costs records and no
 * precision, and is counted. Costs one hash look-up per event that is not admitted. Not thread
 * safe.
 */
public final class RejectionCounts {
  private static final byte[] NO_KEY = new byte[0];

  private final RejectionCounting counting;
  private final Counter overflows;
  private final OpenSpans<Key, long[]> open;

  private record Key(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return (int) NameHash.of(bytes);
    }
  }

  /**
   * @param overflows counts how often there was no room
   */
  public RejectionCounts(RejectionCounting counting, Counter overflows) {
    this.counting = counting;
    this.overflows = overflows;
    this.open =
        new OpenSpans<>(counting.spans(), () -> new long[Strata.COUNT], RejectionCounts::addedUp);
  }

  /** Notes one event that was not admitted. */
  public void add(
      RawEvent raw, EventAttributes attributes, int stratum, Consumer<RejectedEvents> out) {
    add(raw, attributes, stratum, attributes.sampledRate(), out);
  }

  /** Counts one event back that was noted as not admitted before, and is admitted now. */
  public void takeBack(
      RawEvent raw, EventAttributes attributes, int stratum, Consumer<RejectedEvents> out) {
    add(raw, attributes, stratum, -attributes.sampledRate(), out);
  }

  private void add(
      RawEvent raw,
      EventAttributes attributes,
      int stratum,
      long events,
      Consumer<RejectedEvents> out) {
    byte[] key = counting.key().of(raw, attributes);
    boolean fits = key != null && key.length <= RejectionCounting.MAX_KEY_BYTES;
    long time = attributes.eventTimeMillis();
    open.at(new Key(fits ? key : NO_KEY), time)[stratum] += events;
    if (open.size() > counting.maxOpen()) {
      overflows.inc();
      closeAll(out);
    }
  }

  /** Hands over the counts of spans that this watermark ends. */
  void close(long watermark, Consumer<RejectedEvents> out) {
    open.close(watermark, (key, from, to, counts) -> out.accept(events(key, from, to, counts)));
  }

  /** Hands over all counts. */
  public void closeAll(Consumer<RejectedEvents> out) {
    close(Long.MAX_VALUE, out);
  }

  private static RejectedEvents events(Key key, long from, long to, long[] counts) {
    return new RejectedEvents(key.bytes(), from, to, counts);
  }

  private static long[] addedUp(long[] one, long[] other) {
    for (int i = 0; i < one.length; i++) {
      one[i] += other[i];
    }
    return one;
  }
}
