package io.spillway.sql;

/**
 * A token bucket: fills with {@code rate} tokens per second up to {@code burst}, and every event
 * takes one. What it holds is public, as Flink keeps it for each key; a new one is full. The clock
 * is the events' own; an event from before the last one fills nothing. Not thread safe.
 */
public final class Bucket {
  public Double tokens;
  public Long lastMillis;

  /** Takes a token and returns 0, or takes none and returns after how many ms there will be one. */
  long take(double rate, double burst, long millis) {
    if (!(rate > 0 && burst >= 1)) {
      throw new IllegalArgumentException(
          "rate %s, burst %s: give a rate above 0 and a burst of at least 1"
              .formatted(rate, burst));
    }
    if (tokens == null) {
      tokens = burst;
      lastMillis = millis;
    }
    if (millis > lastMillis) {
      tokens = Math.min(burst, tokens + rate * (millis - lastMillis) / 1000.0);
      lastMillis = millis;
    }
    if (tokens >= 1) {
      tokens -= 1;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((1 - tokens) / rate * 1000.0));
  }
}
