package io.spillway.sandbox.demo;

import java.util.Locale;

/** How figures are written for people: few digits, the unit that fits, the same everywhere. */
public final class Figures {
  private static final double THOUSAND = 1000;

  private Figures() {}

  /** A duration given in milliseconds: {@code 98 ms}, {@code 23.1 s}; a dash if there is none. */
  public static String millis(double millis) {
    if (Double.isNaN(millis)) {
      return "-";
    }
    double seconds = millis / THOUSAND;
    return millis < THOUSAND
        ? format("%.0f ms", millis)
        : format(seconds < 100 ? "%.1f s" : "%.0f s", seconds);
  }

  public static String count(double count) {
    return Double.isNaN(count) ? "-" : format("%,.0f", count);
  }

  /** A share of 0..1 in percent; 100 % and 0 % only if it is exactly that. */
  public static String percent(double share) {
    if (Double.isNaN(share)) {
      return "-";
    }
    double percent = 100 * share;
    double shown = percent;
    if (percent > 99.9 && percent < 100) {
      shown = 99.9;
    } else if (percent > 0 && percent < 0.1) {
      shown = 0.1;
    }
    return format(shown == 0 || shown == 100 ? "%.0f %%" : "%.1f %%", shown);
  }

  public static String share(double share) {
    return Double.isNaN(share) ? "-" : format("%.2f", share);
  }

  /** How many times one is the other: {@code 290}, {@code 3.4}. */
  public static String times(double ratio) {
    return format(ratio < 10 ? "%.1f" : "%,.0f", ratio);
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
