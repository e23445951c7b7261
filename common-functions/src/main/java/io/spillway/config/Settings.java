package io.spillway.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/**
 * The settings of one job: texts from the command line ({@code --set key=value}) read through
 * Flink's {@link ConfigOption}s. A key that no option has is refused with the nearest one that
 * exists; every value is parsed at once, so a job with a bad setting fails before it is submitted.
 * Immutable.
 */
public final class Settings {
  private static final Pattern SECRET =
      Pattern.compile("password|secret|jaas|\\.key", Pattern.CASE_INSENSITIVE);

  private static final String HIDDEN = "(not shown)";

  private final Map<String, ConfigOption<?>> known;
  private final Configuration values;

  private Settings(Map<String, ConfigOption<?>> known, Configuration values) {
    this.known = known;
    this.values = values;
  }

  /**
   * Settings from program arguments of the form {@code --set key=value}.
   *
   * @throws InvalidSettings for any other argument, an unknown key or a value that does not parse
   */
  public static Settings fromArgs(String[] args, Collection<ConfigOption<?>> options) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i++) {
      if (!args[i].equals("--set") || i + 1 == args.length) {
        throw new InvalidSettings(
            "argument '%s': write --set KEY=VALUE, once for each setting".formatted(args[i]));
      }
      String pair = args[++i];
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new InvalidSettings("argument '--set %s': write --set KEY=VALUE".formatted(pair));
      }
      texts.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return of(texts, options);
  }

  /**
   * Settings from texts.
   *
   * @throws InvalidSettings for an unknown key or a value that does not parse
   */
  public static Settings of(Map<String, String> texts, Collection<ConfigOption<?>> options) {
    Map<String, ConfigOption<?>> known = new TreeMap<>();
    options.forEach(option -> known.put(option.key(), option));
    Configuration values = new Configuration();
    texts.forEach(
        (key, text) -> {
          ConfigOption<?> option = known.get(key);
          if (option == null) {
            throw new InvalidSettings(
                "unknown setting '%s': %s".formatted(key, nearest(key, known)));
          }
          values.setString(key, text);
          parse(option, text, values);
        });
    return new Settings(known, values);
  }

  /** The value of this option, or the default it was declared with, see {@link OwnDefaults}. */
  public <T> T get(ConfigOption<T> option) {
    ConfigOption<?> declared = known.get(option.key());
    if (declared == null) {
      throw new IllegalStateException("option " + option.key() + " was not declared");
    }
    @SuppressWarnings("unchecked") // OwnDefaults keeps the type
    T ownDefault = (T) declared.defaultValue();
    return values.getOptional(option).orElse(ownDefault);
  }

  /** The value of this option where it was set. */
  public <T> Optional<T> find(ConfigOption<T> option) {
    return values.getOptional(option);
  }

  private static void parse(ConfigOption<?> option, String text, Configuration values) {
    try {
      values.get(option);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidSettings(
          option.key(), canBeSecret(option, text) ? HIDDEN : text, form(option));
    }
  }

  /** Only among properties for somebody else: a setting of ours is no secret. */
  private static boolean canBeSecret(ConfigOption<?> option, String text) {
    return option.defaultValue() instanceof Map && SECRET.matcher(text).find();
  }

  private static String form(ConfigOption<?> option) {
    Object example = option.defaultValue();
    if (example instanceof Duration) {
      return "not a duration; write a number with its unit, such as 20ms, 5s or 1min";
    }
    if (example instanceof Enum<?> constant) {
      Object[] choices = constant.getDeclaringClass().getEnumConstants();
      return "write one of " + Arrays.toString(choices).toLowerCase(Locale.ROOT);
    }
    if (example instanceof MemorySize) {
      return "not a size; write a number with its unit, such as 512kb or 1mb";
    }
    if (example instanceof Map) {
      return "write name:value, several with commas between";
    }
    if (example instanceof Boolean) {
      return "write true or false";
    }
    return "not a number; write for example " + example;
  }

  private static String nearest(String key, Map<String, ConfigOption<?>> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.keySet().stream()
        .min(Comparator.comparingInt(candidate -> distance.apply(key, candidate)))
        .map("did you mean '%s'?"::formatted)
        .orElse("there are none here");
  }
}
