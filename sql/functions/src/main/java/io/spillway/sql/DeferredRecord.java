package io.spillway.sql;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerRecord;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * What one record of the ledger says of deferred events, as read: null is what is not there.
 *
 * <p>A query keeps it as {@link #text}. As an object it cannot be in a MapView: Flink 2.3 compiles
 * the converter of its elements where it does not see the jar of the function.
 *
 * @param replayed a replay has read its offsets again
 * @param gone a replay found that Kafka no longer has its offsets
 * @param offsets base64 of a RoaringBitmap of offset minus {@code from}
 */
record DeferredRecord(
    String lane,
    Long from,
    Long to,
    boolean replayed,
    boolean gone,
    String offsets,
    Long atMillis) {
  private static final String SEPARATOR = "\n";
  private static final String NULL = "";

  String text() {
    return String.join(
        SEPARATOR,
        String.valueOf(replayed),
        String.valueOf(gone),
        field(from),
        field(to),
        field(atMillis),
        field(offsets),
        field(lane));
  }

  private static String field(Object value) {
    return value == null ? NULL : value.toString().replace(SEPARATOR, " ");
  }

  static DeferredRecord of(String text) {
    String[] fields = text.split(SEPARATOR, -1);
    int i = 0;
    boolean replayed = Boolean.parseBoolean(fields[i++]);
    boolean gone = Boolean.parseBoolean(fields[i++]);
    Long from = number(fields[i++]);
    Long to = number(fields[i++]);
    Long at = number(fields[i++]);
    String offsets = fields[i++];
    String lane = fields[i];
    return new DeferredRecord(
        lane.isEmpty() ? null : lane,
        from,
        to,
        replayed,
        gone,
        offsets.isEmpty() ? null : offsets,
        at);
  }

  private static Long number(String field) {
    return field.isEmpty() ? null : Long.valueOf(field);
  }

  boolean describes(long offset) {
    return isRange() && !replayed && !gone && from <= offset && offset <= to;
  }

  private boolean isRange() {
    return from != null && to != null && from >= 0 && to >= from;
  }

  /**
   * @throws IOException if it says what cannot be
   */
  LedgerRecord toLedger() throws IOException {
    if (lane == null || !isRange()) {
      throw new IOException("a range that is none");
    }
    RoaringBitmap bitmap = bitmap();
    if (replayed || gone) {
      Settlement.Kind how = replayed ? Settlement.Kind.REPLAYED : Settlement.Kind.GONE;
      return new Settlement("", 0, from, to, lane, how, "", bitmap);
    }
    return new LedgerEntry(
        "",
        0,
        from,
        to,
        lane,
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        bitmap.isEmpty() ? Map.of() : Map.of(Outcome.DEFERRED, bitmap),
        Terms.unknown());
  }

  private RoaringBitmap bitmap() throws IOException {
    RoaringBitmap bitmap = new RoaringBitmap();
    if (offsets != null) {
      try {
        bitmap.deserialize(ByteBuffer.wrap(Base64.getDecoder().decode(offsets)));
      } catch (RuntimeException e) {
        throw new IOException("not a bitmap", e);
      }
    }
    if (!bitmap.isEmpty() && Integer.toUnsignedLong(bitmap.last()) > to - from) {
      throw new IOException("offsets outside of the range");
    }
    return bitmap;
  }
}
