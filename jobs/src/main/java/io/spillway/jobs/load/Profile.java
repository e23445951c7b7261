package io.spillway.jobs.load;

import io.spillway.config.InvalidSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.util.TimeUtils;

/**
 * The text form of a {@link Schedule}: parts separated by commas, one after the other.
 *
 * <pre>
 * profile = part {"," part}
 * part    = RATE ":" DURATION                        constant rate
 *         | "spike(" base, peak, at, for, total ")"  base, from "at" on and "for" so long the peak, base
 *         | "sine(" mean, amplitude, period, total ")"
 *         | "flash(" base, peak, rise, decay, total ")"  straight up, then exponentially down
 * </pre>
 *
 * A rate is a number of events per second, a duration a number with its unit ({@code 500ms}, {@code
 * 10s}, {@code 2min}). Sine and decay are drawn with straight lines, {@value #LINES_PER_PERIOD} to
 * a period and {@value #LINES_PER_DECAY} to a decay time.
 */
final class Profile {
  static final String KEY = "profile";

  private static final double MAX_PER_SECOND = 10_000_000;
  private static final Pattern STEP = Pattern.compile("([^:()]+):([^:()]+)");
  private static final Pattern SHAPE = Pattern.compile("([a-z]+)\\s*\\(([^()]*)\\)");

  private final String text;
  private final Schedule.Builder pieces = Schedule.builder();

  private Profile(String text) {
    this.text = text;
  }

  /** Where shapes are drawn. */
  Schedule.Builder pieces() {
    return pieces;
  }

  /**
   * The schedule that this text describes.
   *
   * @throws InvalidSettings that names the part that is wrong and what to write instead
   */
  static Schedule parse(String text) {
    Profile profile = new Profile(text);
    for (String part : profile.parts()) {
      profile.add(part);
    }
    Schedule schedule = profile.pieces.build();
    if (schedule.events() == 0) {
      throw profile.wrong("has no events; give at least one part a rate above 0");
    }
    return schedule;
  }

  private void add(String part) {
    Matcher step = STEP.matcher(part);
    Matcher shape = SHAPE.matcher(part);
    if (step.matches()) {
      pieces.steady(rate(step.group(1)), duration(step.group(2)));
    } else if (shape.matches()) {
      List<String> given = List.of(shape.group(2).strip().split("\\s*,\\s*"));
      ProfileShape.named(shape.group(1), this).draw(this, given);
    } else {
      throw wrong("'%s' is no part of a profile; write %s".formatted(part, forms()));
    }
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  double rate(String number) {
    try {
      double perSecond = Double.parseDouble(number.strip());
      if (perSecond >= 0 && perSecond <= MAX_PER_SECOND) {
        return perSecond;
      }
    } catch (NumberFormatException e) {
      // said below, like a number out of range
    }
    throw wrong(
        "'%s' is no rate; write events per second, from 0 to %.0f, such as 500"
            .formatted(number.strip(), MAX_PER_SECOND));
  }

  Duration duration(String duration) {
    try {
      return TimeUtils.parseDuration(duration.strip());
    } catch (IllegalArgumentException e) {
      throw wrong(
          "'%s' is no duration; write a number with its unit, such as 500ms, 10s or 2min"
              .formatted(duration.strip()));
    }
  }

  Duration positive(String text) {
    Duration duration = duration(text);
    if (duration.isZero()) {
      throw wrong("'%s' must be above 0".formatted(text.strip()));
    }
    return duration;
  }

  Duration rest(String total, Duration used, String usedBy) {
    Duration rest = duration(total).minus(used);
    if (rest.isNegative()) {
      throw wrong(
          "the total %s is shorter than %s (%s); write a longer total"
              .formatted(total, usedBy, TimeUtils.formatWithHighestUnit(used).replace(" ", "")));
    }
    return rest;
  }

  static String forms() {
    return "RATE:DURATION such as 500:10s, "
        + String.join(", ", Stream.of(ProfileShape.values()).map(ProfileShape::form).toList());
  }

  InvalidSettings wrong(String fix) {
    return new InvalidSettings(KEY, text, fix);
  }
}
