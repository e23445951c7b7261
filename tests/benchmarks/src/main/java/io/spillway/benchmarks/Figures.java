package io.spillway.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** How numbers are printed: enough digits to tell two runs apart, no more. */
final class Figures {
  private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_UP);
  private static final MathContext SIX = new MathContext(6, RoundingMode.HALF_UP);

  private Figures() {}

  /** Three digits for people; {@code -} for what there is none of. */
  static String text(double value) {
    return Double.isFinite(value) ? round(value, THREE).toPlainString() : "-";
  }

  /** Six digits for files; null for what JSON cannot say. */
  static BigDecimal json(double value) {
    return Double.isFinite(value) ? round(value, SIX) : null;
  }

  private static BigDecimal round(double value, MathContext digits) {
    BigDecimal rounded = new BigDecimal(value).round(digits);
    // A whole number stays whole: 1234 and not 1230, 500 and not 5E+2.
    BigDecimal whole = Math.abs(value) >= 100 && digits == THREE ? wholeOf(value) : rounded;
    return whole.signum() == 0 ? BigDecimal.ZERO : plain(whole.stripTrailingZeros());
  }

  private static BigDecimal wholeOf(double value) {
    return new BigDecimal(value).setScale(0, RoundingMode.HALF_UP);
  }

  private static BigDecimal plain(BigDecimal value) {
    return value.scale() < 0 ? value.setScale(0, RoundingMode.UNNECESSARY) : value;
  }
}
