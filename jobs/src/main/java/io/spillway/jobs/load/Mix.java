package io.spillway.jobs.load;

import io.spillway.config.InvalidSettings;
import io.spillway.priority.Priority;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which priority each event has: percentages, kept exactly in every block of 100 events (1,000 or
 * 10,000 where a percentage has one or two decimals). The order inside a block is even and starts
 * at another place in each block, so that no source always meets the same priority. Immutable,
 * thread safe.
 */
final class Mix {
  static final String KEY = "mix";

  private static final int MAX_DECIMALS = 2;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final String FORM =
      "write a percentage for each priority, adding up to 100, such as "
          + "critical=5,high=15,normal=40,bulk=40";

  private final Rotation rotation;
  private final long seed;

  private Mix(Rotation rotation, long seed) {
    this.rotation = rotation;
    this.seed = seed;
  }

  /**
   * The mix that this text describes; a priority that is not named has no events.
   *
   * @throws InvalidSettings for anything but percentages that add up to 100
   */
  static Mix parse(String text, long seed) {
    Map<Priority, BigDecimal> percent = percentages(text);
    BigDecimal sum = percent.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (sum.compareTo(HUNDRED) != 0) {
      throw new InvalidSettings(
          KEY,
          text,
          "the percentages add up to %s, not 100; %s"
              .formatted(sum.stripTrailingZeros().toPlainString(), FORM));
    }
    int decimals = percent.values().stream().mapToInt(BigDecimal::scale).max().orElse(0);
    int[] weights =
        Arrays.stream(Priority.values())
            .map(priority -> percent.getOrDefault(priority, BigDecimal.ZERO))
            .mapToInt(value -> value.scaleByPowerOfTen(decimals).intValueExact())
            .toArray();
    return new Mix(Rotation.inOrder(weights), seed);
  }

  private static Map<Priority, BigDecimal> percentages(String text) {
    Map<Priority, BigDecimal> percent = new EnumMap<>(Priority.class);
    for (String entry : text.split(",")) {
      List<String> pair =
          new ArrayList<>(Arrays.stream(entry.split("=")).map(String::strip).toList());
      Priority priority = pair.size() == 2 ? Priority.fromWireName(pair.get(0)).orElse(null) : null;
      if (priority == null) {
        throw new InvalidSettings(
            KEY, text, "'%s' is not PRIORITY=PERCENT; %s".formatted(entry.strip(), FORM));
      }
      if (percent.put(priority, percentage(pair.get(1), text)) != null) {
        throw new InvalidSettings(KEY, text, "%s is named twice; %s".formatted(pair.get(0), FORM));
      }
    }
    return percent;
  }

  private static BigDecimal percentage(String number, String text) {
    try {
      BigDecimal percentage = new BigDecimal(number).stripTrailingZeros();
      if (percentage.signum() >= 0
          && percentage.compareTo(HUNDRED) <= 0
          && percentage.scale() <= MAX_DECIMALS) {
        return percentage.setScale(Math.max(0, percentage.scale()));
      }
    } catch (NumberFormatException e) {
      // said below, like a number out of range
    }
    throw new InvalidSettings(
        KEY,
        text,
        "'%s' is not a percentage from 0 to 100 with at most %d decimals; %s"
            .formatted(number, MAX_DECIMALS, FORM));
  }

  /** The number of events in which the percentages are kept exactly. */
  int block() {
    return rotation.round();
  }

  Priority priority(long event) {
    int round = rotation.round();
    long block = event / round;
    long place = event % round + Long.remainderUnsigned(Share.mix(seed ^ block), round);
    return Priority.of(rotation.item(place));
  }
}
