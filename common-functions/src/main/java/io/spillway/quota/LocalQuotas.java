package io.spillway.quota;

import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import net.openhft.hashing.LongHashFunction;

/**
 * Quotas of all sources that one subtask reads: a {@link TokenBucket} for each, by a hash of its
 * name (XXH3, 64 bit), in a {@link BucketTable}. Local: a source whose events come to n subtasks
 * has n quotas; exact where all of its events are in one partition, as with the source as record
 * key. Events without a name share a quota.
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
  private final BucketTable buckets = new BucketTable(ThreadLocalRandom.current().nextLong());
  private Quota each;

  /** Hashes of the names with rates of their own, sorted, and their quotas. */
  private long[] own;

  private Quota[] ownQuotas;

  /** How many of those have a bucket. */
  private int withOwn;

  /** The one that new names share where there is no room; null until it is needed. */
  private TokenBucket others;

  private long sweptNanos;

  /** Whoever was turned away last. */
  private Quota refused;

  private double refusedPermits;
  private long refusedNanos;

  public LocalQuotas(QuotaOptions options, long nowNanos) {
    this.by = options.by();
    this.tenantHeader = options.tenantHeader();
    this.maxNames = options.maxNames();
    this.sweptNanos = nowNanos - SWEEP_EVERY_NANOS;
    follow(options);
  }

  /** Goes by the rates of these options from now on; what was saved up stays. */
  public void follow(QuotaOptions options) {
    NamedQuotas quotas = new NamedQuotas(options);
    SortedMap<Long, Quota> sorted = new TreeMap<>();
    quotas.own().forEach((name, quota) -> sorted.put(hash(utf8(name)), quota));
    each = quotas.each();
    own = sorted.keySet().stream().mapToLong(Long::longValue).toArray();
    ownQuotas = sorted.values().toArray(Quota[]::new);
    buckets.retain((hash, bucket) -> quotaOf(hash) != null);
    withOwn = (int) Arrays.stream(own).filter(hash -> buckets.find(hash) >= 0).count();
    others = null;
  }

  /** Who is asked for a permit for this event, in UTF-8; never null; not a copy. */
  public byte[] nameOf(RawEvent event, EventAttributes attributes) {
    byte[] name = by.name(event, attributes, tenantHeader);
    return name == null ? NO_NAME : name;
  }

  /** Takes a permit for one event of this name; false where there is none. */
  public boolean admits(byte[] name, long nowNanos) {
    long hash = hash(name);
    Quota quota = quotaOf(hash);
    if (quota == null) {
      return true;
    }
    int place = buckets.find(hash);
    if (place < 0) {
      if (!isOwn(hash) && !hasRoom(nowNanos)) {
        return takes(others(nowNanos), quota, nowNanos);
      }
      place = add(hash, quota, nowNanos);
    }
    TokenBucket bucket = buckets.at(place);
    boolean passes = takes(bucket, quota, nowNanos);
    buckets.set(place, bucket);
    return passes;
  }

  private boolean takes(TokenBucket bucket, Quota quota, long nowNanos) {
    if (bucket.take(quota, 1, nowNanos) == 1) {
      return true;
    }
    refused = quota;
    refusedPermits = bucket.permits();
    refusedNanos = bucket.atNanos();
    return false;
  }

  /** Nanoseconds until whoever was turned away last has a permit; at most {@code limit}. */
  public long retryAfterNanos(long nowNanos, long limit) {
    TokenBucket bucket = new TokenBucket(refusedPermits, refusedNanos);
    return Math.min(limit, bucket.nanosUntilOne(refused, nowNanos));
  }

  /** Events per second that whoever was turned away last may send. */
  public double lastRatePerSecond() {
    return refused.ratePerSecond();
  }

  /** Sources that are told apart now. */
  int size() {
    return buckets.size();
  }

  private int add(long hash, Quota quota, long nowNanos) {
    withOwn += isOwn(hash) ? 1 : 0;
    return buckets.add(hash, new TokenBucket(quota, nowNanos));
  }

  private boolean hasRoom(long nowNanos) {
    if (buckets.size() - withOwn >= maxNames && nowNanos - sweptNanos >= SWEEP_EVERY_NANOS) {
      sweptNanos = nowNanos;
      buckets.retain((hash, bucket) -> isOwn(hash) || !bucket.isFull(each, nowNanos));
    }
    return buckets.size() - withOwn < maxNames;
  }

  private TokenBucket others(long nowNanos) {
    if (others == null) {
      others = new TokenBucket(each, nowNanos);
    }
    return others;
  }

  private boolean isOwn(long hash) {
    return Arrays.binarySearch(own, hash) >= 0;
  }

  private Quota quotaOf(long hash) {
    int named = Arrays.binarySearch(own, hash);
    return named < 0 ? each : ownQuotas[named];
  }

  private static long hash(byte[] name) {
    return HASH.hashBytes(name);
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
