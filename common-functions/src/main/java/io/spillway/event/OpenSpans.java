package io.spillway.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Something collected per key and span of time, until a watermark, a checkpoint or the lack of room
 * says that it must go on. Spans of sessions that an event joins are merged. Holds what it is given
 * until it is asked to close: whoever fills it watches {@link #size}. Not thread safe.
 *
 * @param <K> a key
 * @param <V> what is collected
 */
public final class OpenSpans<K, V> {
  private final TimeSpans spans;
  private final Supplier<V> empty;
  private final BinaryOperator<V> merge;
  private final Map<K, List<Span<V>>> open = new HashMap<>();
  private int size;
  private long firstEnd = Long.MAX_VALUE;

  private static final class Span<V> {
    private long from;
    private long to;
    private V value;

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
    long from = spans.from(time);
    long to = spans.to(time);
    List<Span<V>> ofKey = open.computeIfAbsent(key, k -> new ArrayList<>(1));
    for (int i = 0; i < ofKey.size(); i++) {
      Span<V> span = ofKey.get(i);
      if (spans.sessions() ? span.from <= to && from <= span.to : span.from == from) {
        return spans.sessions() ? extended(ofKey, i, from, to) : span.value;
      }
    }
    Span<V> span = new Span<>(from, to, empty.get());
    ofKey.add(span);
    size++;
    firstEnd = Math.min(firstEnd, to);
    return span.value;
  }

  /** The span at this index, reaching over [from, to) and over every other that then touches it. */
  private V extended(List<Span<V>> ofKey, int index, long from, long to) {
    Span<V> span = ofKey.get(index);
    span.from = Math.min(span.from, from);
    span.to = Math.max(span.to, to);
    for (Iterator<Span<V>> others = ofKey.iterator(); others.hasNext(); ) {
      Span<V> other = others.next();
      if (other != span && other.from <= span.to && span.from <= other.to) {
        span.from = Math.min(span.from, other.from);
        span.to = Math.max(span.to, other.to);
        span.value = merge.apply(span.value, other.value);
        others.remove();
        size--;
      }
    }
    return span.value;
  }

  /** Number of spans held. */
  public int size() {
    return size;
  }

  /** Hands over every span whose end the watermark has passed, and forgets it. */
  public void close(long watermark, Closed<? super K, ? super V> to) {
    if (firstEnd - 1 > watermark) {
      return;
    }
    firstEnd = Long.MAX_VALUE;
    for (Iterator<Map.Entry<K, List<Span<V>>>> keys = open.entrySet().iterator();
        keys.hasNext(); ) {
      Map.Entry<K, List<Span<V>>> key = keys.next();
      for (Iterator<Span<V>> each = key.getValue().iterator(); each.hasNext(); ) {
        Span<V> span = each.next();
        if (span.to - 1 <= watermark) {
          to.accept(key.getKey(), span.from, span.to, span.value);
          each.remove();
          size--;
        } else {
          firstEnd = Math.min(firstEnd, span.to);
        }
      }
      if (key.getValue().isEmpty()) {
        keys.remove();
      }
    }
  }

  /** Hands over everything. */
  public void closeAll(Closed<? super K, ? super V> to) {
    close(Long.MAX_VALUE, to);
  }
}
