package io.spillway.jobs.load;

import io.spillway.config.InvalidSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final int LINES_PER_PERIOD = 32;
  private static final int LINES_PER_DECAY = 8;
  private static final int DECAYS = 10;
  private static final int MAX_PERIODS = 10_000;
  private static final Pattern STEP = Pattern.compile("([^:()]+):([^:()]+)");
  private static final Pattern SHAPE = Pattern.compile("([a-z]+)\\s*\\(([^()]*)\\)");

  private final String text;
  private final Schedule.Builder pieces = Schedule.builder();

  private Profile(String text) {
    this.text = text;
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
      Shape.named(shape.group(1), this)
          .draw(this, List.of(shape.group(2).strip().split("\\s*,\\s*")));
    } else {
      throw wrong("'%s' is no part of a profile; write %s".formatted(part, forms()));
    }
  }

  /** The named shapes; each draws itself from its arguments. */
  private enum Shape {
    SPIKE("base", "peak", "at", "for", "total") {
      @Override
      void draw(Profile profile, List<String> given) {
        expect(profile, given);
        double base = profile.rate(given.get(0));
        double peak = profile.rate(given.get(1));
        Duration at = profile.duration(given.get(2));
        Duration length = profile.duration(given.get(3));
        Duration rest = profile.rest(given.get(4), at.plus(length), "at + for");
        profile.pieces.steady(base, at).steady(peak, length).steady(base, rest);
      }
    },
    SINE("mean", "amplitude", "period", "total") {
      @Override
      void draw(Profile profile, List<String> given) {
        expect(profile, given);
        double mean = profile.rate(given.get(0));
        double amplitude = profile.rate(given.get(1));
        double period = profile.positive(given.get(2)).toNanos();
        long total = profile.positive(given.get(3)).toNanos();
        if (amplitude > mean) {
          throw profile.wrong(
              "the amplitude %s is above the mean %s, so the rate would fall below 0; lower it"
                  .formatted(given.get(1), given.get(0)));
        }
        if (total / period > MAX_PERIODS) {
          throw profile.wrong("more than %d periods; write a longer period".formatted(MAX_PERIODS));
        }
        profile.curve(
            total,
            period / LINES_PER_PERIOD,
            nanos -> mean + amplitude * Math.sin(2 * Math.PI * nanos / period));
      }
    },
    FLASH("base", "peak", "rise", "decay", "total") {
      @Override
      void draw(Profile profile, List<String> given) {
        expect(profile, given);
        double base = profile.rate(given.get(0));
        double peak = profile.rate(given.get(1));
        Duration rise = profile.duration(given.get(2));
        double decay = profile.positive(given.get(3)).toNanos();
        long falling = profile.rest(given.get(4), rise, "rise").toNanos();
        profile.pieces.ramp(base, peak, rise);
        long curved = (long) Math.min(falling, DECAYS * decay);
        profile.curve(
            curved,
            decay / LINES_PER_DECAY,
            nanos -> base + (peak - base) * Math.exp(-nanos / decay));
        profile.pieces.steady(base, Duration.ofNanos(falling - curved));
      }
    };

    private final List<String> parameters;

    Shape(String... parameters) {
      this.parameters = List.of(parameters);
    }

    abstract void draw(Profile profile, List<String> given);

    static Shape named(String name, Profile profile) {
      return Stream.of(values())
          .filter(shape -> shape.word().equals(name))
          .findFirst()
          .orElseThrow(
              () -> profile.wrong("there is no shape '%s'; write %s".formatted(name, forms())));
    }

    void expect(Profile profile, List<String> given) {
      if (given.size() != parameters.size()) {
        throw profile.wrong(
            "%s has %d values, not %d; write %s"
                .formatted(word(), parameters.size(), given.size(), form()));
      }
    }

    String form() {
      return word() + "(" + String.join(",", parameters) + ")";
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private interface Rate {
    double at(double nanos);
  }

  private void curve(long totalNanos, double lineNanos, Rate rate) {
    long from = 0;
    for (int i = 1; from < totalNanos; i++) {
      long to = Math.min(totalNanos, Math.max(from + 1, Math.round(i * lineNanos)));
      pieces.ramp(
          Math.max(0, rate.at(from)), Math.max(0, rate.at(to)), Duration.ofNanos(to - from));
      from = to;
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

  private double rate(String number) {
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

  private Duration duration(String duration) {
    try {
      return TimeUtils.parseDuration(duration.strip());
    } catch (IllegalArgumentException e) {
      throw wrong(
          "'%s' is no duration; write a number with its unit, such as 500ms, 10s or 2min"
              .formatted(duration.strip()));
    }
  }

  private Duration positive(String text) {
    Duration duration = duration(text);
    if (duration.isZero()) {
      throw wrong("'%s' must be above 0".formatted(text.strip()));
    }
    return duration;
  }

  private Duration rest(String total, Duration used, String usedBy) {
    Duration rest = duration(total).minus(used);
    if (rest.isNegative()) {
      throw wrong(
          "the total %s is shorter than %s (%s); write a longer total"
              .formatted(total, usedBy, TimeUtils.formatWithHighestUnit(used).replace(" ", "")));
    }
    return rest;
  }

  private static String forms() {
    return "RATE:DURATION such as 500:10s, "
        + String.join(", ", Stream.of(Shape.values()).map(Shape::form).toList());
  }

  private InvalidSettings wrong(String fix) {
    return new InvalidSettings(KEY, text, fix);
  }
}
