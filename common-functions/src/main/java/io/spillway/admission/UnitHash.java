package io.spillway.admission;

import io.spillway.event.RawEvent;

/**
 * Which unit of the sample an event belongs to, as a number: events with the same number are kept
 * or turned away together. Windows need it for the variance of what they estimate. The number says
 * nothing of how likely the unit was to be kept: its hash has another seed than that of admission.
 * Allocates nothing; thread safe.
 */
public final class UnitHash {
  /** For an event that is drawn on its own. Units are not negative. */
  public static final long ALONE = -1;

  private static final long OTHER_SEED = 0x9E3779B97F4A7C15L;

  private final boolean wholeKeys;
  private final EventHash hash;

  /** The units of a job whose admission has these options. */
  public UnitHash(AdmissionOptions options) {
    wholeKeys = options.samplingUnit() == SamplingUnit.KEY;
    hash = new EventHash(options.seed() ^ OTHER_SEED);
  }

  /** The number of the unit, or {@link #ALONE}. */
  public long of(RawEvent event, byte[] id) {
    return wholeKeys ? hash.ofKey(event, id) : ALONE;
  }
}
