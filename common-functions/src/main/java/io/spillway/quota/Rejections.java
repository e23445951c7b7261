package io.spillway.quota;

import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds up what was over its quota until it is told: one {@link Rejection} for each of the first
 * {@value #MOST} names, one for all that came on top. So overload makes no flood of rejections: a
 * subtask that is closed once a second sends at most {@code MOST + 1} of them in it. Not thread
 * safe.
 */
public final class Rejections {
  /** Names that are told of one by one. */
  public static final int MOST = 1000;

  private final Map<ByteBuffer, Sum> byName = new LinkedHashMap<>();
  private Sum others;
  private long fromMillis;

  private static final class Sum {
    // Not the event: it may be large, and there may be many.
    final String topic;
    final int partition;
    final long offset;
    final long[] throttled = new long[Priority.COUNT];
    double ratePerSecond;
    long retryAfterMillis;

    Sum(RawEvent first) {
      topic = first.topic();
      partition = first.partition();
      offset = first.offset();
    }

    Rejection toRejection(String name, long from, long to) {
      return new Rejection(
          name, from, to, throttled, topic, partition, offset, ratePerSecond, retryAfterMillis);
    }
  }

  /**
   * @param nowMillis where nothing has been turned away yet
   */
  public Rejections(long nowMillis) {
    this.fromMillis = nowMillis;
  }

  /** Notes one event that was over the quota of this name. */
  public void add(
      byte[] name, RawEvent event, Priority priority, double ratePerSecond, long retryAfterMillis) {
    Sum sum = byName.get(ByteBuffer.wrap(name));
    if (sum == null) {
      sum = open(name, event);
    }
    sum.throttled[priority.ordinal()]++;
    sum.ratePerSecond = ratePerSecond;
    sum.retryAfterMillis = retryAfterMillis;
  }

  private Sum open(byte[] name, RawEvent event) {
    if (byName.size() < MOST) {
      Sum sum = new Sum(event);
      byName.put(ByteBuffer.wrap(name), sum);
      return sum;
    }
    others = others == null ? new Sum(event) : others;
    return others;
  }

  /** Hands over what there is, and starts anew. */
  public void close(long nowMillis, Consumer<Rejection> out) {
    byName.forEach(
        (name, sum) ->
            out.accept(
                sum.toRejection(
                    StandardCharsets.UTF_8.decode(name.duplicate()).toString(),
                    fromMillis,
                    nowMillis)));
    if (others != null) {
      out.accept(others.toRejection(null, fromMillis, nowMillis));
    }
    byName.clear();
    others = null;
    fromMillis = nowMillis;
  }
}
