package io.spillway.event;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Something collected per key and span of time, until a watermark, a checkpoint or the lack of room
 * says that it must go on. Spans of sessions that an event joins are merged. Holds what it is given
 * until it is asked to close: whoever fills it watches {@link #size}. Not thread safe.
 *
 * <p>A span of a fixed length is due when the watermark passes its end. A span of a session is due
 * when the watermark comes to its beginning: from then on a session that ends there, of which the
 * receiver has heard from elsewhere, is closed unless it learns that it goes on.
 *
 * @param <K> a key
 * @param <V> what is collected
 */
public final class OpenSpans<K, V> {
  private final TimeSpans spans;
  private final Supplier<V> empty;
  private final BinaryOperator<V> merge;
  private final Map<K, Span<V>> open = new HashMap<>();
  private int size;
  private long lastFrom;
  private long firstDue = Long.MAX_VALUE;

  private static final class Span<V> {
    private long from;
    private long to;
    private V value;

    /** Of the same key. Mostly there is none. */
    private Span<V> next;

    Span(long from, long to, V value) {
      this.from = from;
      this.to = to;
      this.value = value;
    }
  }

  /** Takes what was collected for a key in {@code [from, to)}. */
  @FunctionalInterface
  public interface Closed<K, V> {
    void accept(K key, long from, long to, V value);
  }

  /**
   * @param merge makes one of two; may use them up
   */
  public OpenSpans(TimeSpans spans, Supplier<V> empty, BinaryOperator<V> merge) {
    this.spans = spans;
    this.empty = empty;
    this.merge = merge;
  }

  /** What is collected for this key at this time, to add to. */
  public V at(K key, long time) {
    long from = from(time);
    long to = from + spans.millis();
    Span<V> last = null;
    for (Span<V> span = open.get(key); span != null; span = span.next) {
      if (spans.sessions() ? span.from <= to && from <= span.to : span.from == from) {
        return spans.sessions() ? extended(span, from, to) : span.value;
      }
      last = span;
    }
    Span<V> added = new Span<>(from, to, empty.get());
    if (last == null) {
      open.put(key, added);
    } else {
      last.next = added;
    }
    size++;
    firstDue = Math.min(firstDue, due(added));
    return added.value;
  }

  private long from(long time) {
    // Most times are of the pane of the last one, and to find a pane takes a division.
    if (spans.sessions() || time < lastFrom || time >= lastFrom + spans.millis()) {
      lastFrom = spans.from(time);
    }
    return lastFrom;
  }

  /**
   * This span, reaching over [from, to) and over every other that then touches it. Those before it
   * do not: they touch neither [from, to) nor any other span.
   */
  private V extended(Span<V> span, long from, long to) {
    span.from = Math.min(span.from, from);
    span.to = Math.max(span.to, to);
    firstDue = Math.min(firstDue, due(span));
    Span<V> before = span;
    while (before.next != null) {
      Span<V> other = before.next;
      if (other.from <= span.to && span.from <= other.to) {
        span.from = Math.min(span.from, other.from);
        span.to = Math.max(span.to, other.to);
        span.value = merge.apply(span.value, other.value);
        before.next = other.next;
        size--;
      } else {
        before = other;
      }
    }
    return span.value;
  }

  /** Number of spans held. */
  public int size() {
    return size;
  }

  private long due(Span<V> span) {
    return spans.sessions() ? span.from : span.to;
  }

  /** Hands over every span that is due at this watermark, and forgets it. */
  public void close(long watermark, Closed<? super K, ? super V> to) {
    if (firstDue - 1 > watermark) {
      return;
    }
    firstDue = Long.MAX_VALUE;
    for (Iterator<Map.Entry<K, Span<V>>> keys = open.entrySet().iterator(); keys.hasNext(); ) {
      Map.Entry<K, Span<V>> key = keys.next();
      Span<V> left = left(key.getKey(), key.getValue(), watermark, to);
      if (left == null) {
        keys.remove();
      } else {
        key.setValue(left);
      }
    }
  }

  /** Hands over what is due of one key; the first of the spans that are left, null if none. */
  private Span<V> left(K key, Span<V> first, long watermark, Closed<? super K, ? super V> to) {
    Span<V> firstLeft = null;
    Span<V> lastLeft = null;
    for (Span<V> span = first; span != null; span = span.next) {
      if (due(span) - 1 <= watermark) {
        to.accept(key, span.from, span.to, span.value);
        size--;
      } else {
        firstDue = Math.min(firstDue, due(span));
        if (lastLeft == null) {
          firstLeft = span;
        } else {
          lastLeft.next = span;
        }
        lastLeft = span;
      }
    }
    if (lastLeft != null) {
      lastLeft.next = null;
    }
    return firstLeft;
  }

  /** Hands over everything. */
  public void closeAll(Closed<? super K, ? super V> to) {
    open.forEach(
        (key, first) -> {
          for (Span<V> span = first; span != null; span = span.next) {
            to.accept(key, span.from, span.to, span.value);
          }
        });
    open.clear();
    size = 0;
    firstDue = Long.MAX_VALUE;
  }
}
