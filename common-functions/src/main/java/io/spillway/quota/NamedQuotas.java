package io.spillway.quota;

import java.util.LinkedHashMap;
import java.util.Map;

/** Whose quota is which, with one {@link Quota} for each rate. Pure; immutable. */
public final class NamedQuotas {
  private final Quota each;
  private final Map<String, Quota> own = new LinkedHashMap<>();

  public NamedQuotas(QuotaOptions options) {
    each = options.rate() == 0 ? null : Quota.of(options.rate(), options.burst());
    options.rates().forEach((name, rate) -> own.put(name, Quota.of(rate, options.burst())));
  }

  /** The quota of this name; null where it may send any number. */
  public Quota of(String name) {
    return own.getOrDefault(name, each);
  }

  /** The quota of everybody without one of their own; null where they may send any number. */
  Quota each() {
    return each;
  }

  /** Quotas of those who have one of their own, by name. */
  Map<String, Quota> own() {
    return own;
  }
}
