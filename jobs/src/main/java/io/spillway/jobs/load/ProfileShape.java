package io.spillway.jobs.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The named shapes of a {@link Profile}; each draws itself from its arguments. Curves are drawn
 * with straight lines: {@value #LINES_PER_PERIOD} to a period of a sine, {@value #LINES_PER_DECAY}
 * to a decay time, and after {@value #DECAYS} decay times the base.
 */
enum ProfileShape {
  SPIKE("base", "peak", "at", "for", "total") {
    @Override
    void draw(Profile profile, List<String> given) {
      expect(profile, given);
      double base = profile.rate(given.get(0));
      double peak = profile.rate(given.get(1));
      Duration at = profile.duration(given.get(2));
      Duration length = profile.duration(given.get(3));
      Duration rest = profile.rest(given.get(4), at.plus(length), "at + for");
      profile.pieces().steady(base, at).steady(peak, length).steady(base, rest);
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
      curve(
          profile.pieces(),
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
      profile.pieces().ramp(base, peak, rise);
      long curved = (long) Math.min(falling, DECAYS * decay);
      curve(
          profile.pieces(),
          curved,
          decay / LINES_PER_DECAY,
          nanos -> base + (peak - base) * Math.exp(-nanos / decay));
      profile.pieces().steady(base, Duration.ofNanos(falling - curved));
    }
  };

  private static final int LINES_PER_PERIOD = 32;
  private static final int LINES_PER_DECAY = 8;
  private static final int DECAYS = 10;
  private static final int MAX_PERIODS = 10_000;

  private final List<String> parameters;

  ProfileShape(String... parameters) {
    this.parameters = List.of(parameters);
  }

  abstract void draw(Profile profile, List<String> given);

  static ProfileShape named(String name, Profile profile) {
    return Stream.of(values())
        .filter(shape -> shape.word().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                profile.wrong("there is no shape '%s'; write %s".formatted(name, Profile.forms())));
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

  private interface Rate {
    double at(double nanos);
  }

  private static void curve(Schedule.Builder pieces, long totalNanos, double lineNanos, Rate rate) {
    long from = 0;
    for (int i = 1; from < totalNanos; i++) {
      long to = Math.min(totalNanos, Math.max(from + 1, Math.round(i * lineNanos)));
      pieces.ramp(
          Math.max(0, rate.at(from)), Math.max(0, rate.at(to)), Duration.ofNanos(to - from));
      from = to;
    }
  }
}
