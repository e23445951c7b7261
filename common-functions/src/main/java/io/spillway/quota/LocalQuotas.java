package io.spillway.quota;

import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import net.openhft.hashing.LongHashFunction;

/**
 * Quotas of all sources that one subtask reads: a {@link TokenBucket} for each, by a hash of its
 * name (XXH3, 64 bit). Local: a source whose events come to n subtasks has n quotas; exact where
 * all of its events are in one partition, as with the source as record key. Events without a name
 * share a quota.
 *
 * <p>Bounded: a bucket that has filled up again is the same as none and is forgotten when there is
 * no room for another. Where that gives no room, sources that are not known yet share one quota
 * until it does, so that made-up names get nobody more than that. Sources with a rate of their own
 * always have a bucket.
 *
 * <p>Pure; times are nanoseconds of any clock. Not thread safe: one per operator.
 */
public final class LocalQuotas {
  private static final LongHashFunction HASH = LongHashFunction.xx3();
  private static final byte[] NO_NAME = new byte[0];
  private static final long SWEEP_EVERY_NANOS = 100_000_000;

  private final QuotaBy by;
  private final String tenantHeader;
  private final int maxNames;
  private final Map<Long, Limited> limited = new HashMap<>();
  private final Map<Long, Quota> own = new HashMap<>();
  private Quota each;
  private Limited others;
  private Limited last;
  private long sweptNanos;
  private int withOwn;

  private static final class Limited {
    final Quota quota;
    final TokenBucket bucket;

    Limited(Quota quota, TokenBucket bucket) {
      this.quota = quota;
      this.bucket = bucket;
    }
  }

  public LocalQuotas(QuotaOptions options, long nowNanos) {
    this.by = options.by();
    this.tenantHeader = options.tenantHeader();
    this.maxNames = options.maxNames();
    this.sweptNanos = nowNanos - SWEEP_EVERY_NANOS;
    follow(options);
  }

  /** Goes by the rates of these options from now on; what was saved up stays. */
  public void follow(QuotaOptions options) {
    each = options.rate() == 0 ? null : Quota.of(options.rate(), options.burst());
    own.clear();
    options
        .rates()
        .forEach(
            (name, rate) ->
                own.put(
                    HASH.hashBytes(name.getBytes(StandardCharsets.UTF_8)),
                    Quota.of(rate, options.burst())));
    limited.entrySet().removeIf(entry -> quotaOf(entry.getKey()) == null);
    limited.replaceAll((hash, old) -> new Limited(quotaOf(hash), old.bucket));
    withOwn = (int) limited.keySet().stream().filter(own::containsKey).count();
    others = null;
  }

  /** Who is asked for a permit for this event, in UTF-8; never null; not a copy. */
  public byte[] nameOf(RawEvent event, EventAttributes attributes) {
    byte[] name = by.name(event, attributes, tenantHeader);
    return name == null ? NO_NAME : name;
  }

  /** Takes a permit for one event of this name; false where there is none. */
  public boolean admits(byte[] name, long nowNanos) {
    long hash = HASH.hashBytes(name);
    Limited found = limited.get(hash);
    if (found == null) {
      Quota quota = quotaOf(hash);
      if (quota == null) {
        return true;
      }
      found = add(hash, quota, nowNanos);
    }
    last = found;
    return found.bucket.take(found.quota, 1, nowNanos) == 1;
  }

  /** Nanoseconds until whoever was turned away last has a permit; at most {@code limit}. */
  public long retryAfterNanos(long nowNanos, long limit) {
    return Math.min(limit, last.bucket.nanosUntilOne(last.quota, nowNanos));
  }

  /** Events per second that whoever was turned away last may send. */
  public double lastRatePerSecond() {
    return last.quota.ratePerSecond();
  }

  /** Sources that are told apart now. */
  int size() {
    return limited.size();
  }

  private Limited add(long hash, Quota quota, long nowNanos) {
    boolean named = own.containsKey(hash);
    if (!named && !hasRoom(nowNanos)) {
      if (others == null) {
        others = new Limited(each, new TokenBucket(each, nowNanos));
      }
      return others;
    }
    Limited added = new Limited(quota, new TokenBucket(quota, nowNanos));
    limited.put(hash, added);
    withOwn += named ? 1 : 0;
    return added;
  }

  private boolean hasRoom(long nowNanos) {
    if (limited.size() - withOwn >= maxNames && nowNanos - sweptNanos >= SWEEP_EVERY_NANOS) {
      sweptNanos = nowNanos;
      limited
          .entrySet()
          .removeIf(
              entry ->
                  !own.containsKey(entry.getKey())
                      && entry.getValue().bucket.isFull(entry.getValue().quota, nowNanos));
    }
    return limited.size() - withOwn < maxNames;
  }

  private Quota quotaOf(long hash) {
    Quota quota = own.get(hash);
    return quota == null ? each : quota;
  }
}
