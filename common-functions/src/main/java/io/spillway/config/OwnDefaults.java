package io.spillway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Options that several jobs share, where a job has other defaults: same key, type and description.
 * {@link Settings} made of them gives those defaults, to the library too.
 */
public final class OwnDefaults {
  private OwnDefaults() {}

  /**
   * These options in their order, some with another default.
   *
   * @param defaults by key
   * @throws IllegalArgumentException for a key that none of them has, or a value of another type
   */
  public static List<ConfigOption<?>> of(
      Collection<ConfigOption<?>> options, Map<String, ?> defaults) {
    Map<String, Object> left = new HashMap<>(defaults);
    List<ConfigOption<?>> result = new ArrayList<>();
    for (ConfigOption<?> option : options) {
      Object value = left.remove(option.key());
      result.add(value == null ? option : withDefault(option, value));
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("no option has the key " + left.keySet());
    }
    return List.copyOf(result);
  }

  private static ConfigOption<?> withDefault(ConfigOption<?> option, Object value) {
    if (!typeOf(option.defaultValue()).isInstance(value)) {
      throw new IllegalArgumentException(
          "default of " + option.key() + ": " + value + " has another type");
    }
    return typed(ConfigOptions.key(option.key()), value).withDescription(option.description());
  }

  private static Class<?> typeOf(Object value) {
    return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
  }

  private static ConfigOption<?> typed(ConfigOptions.OptionBuilder option, Object value) {
    if (value instanceof String text) {
      return option.stringType().defaultValue(text);
    }
    if (value instanceof Enum<?> constant) {
      return choice(option, constant);
    }
    if (value instanceof Boolean yes) {
      return option.booleanType().defaultValue(yes);
    }
    if (value instanceof Integer number) {
      return option.intType().defaultValue(number);
    }
    if (value instanceof Long number) {
      return option.longType().defaultValue(number);
    }
    if (value instanceof Double number) {
      return option.doubleType().defaultValue(number);
    }
    if (value instanceof Duration duration) {
      return option.durationType().defaultValue(duration);
    }
    throw new IllegalArgumentException("no own default for a " + value.getClass());
  }

  @SuppressWarnings("unchecked")
  private static <E extends Enum<E>> ConfigOption<E> choice(
      ConfigOptions.OptionBuilder option, Enum<?> value) {
    E constant = (E) value;
    return option.enumType(constant.getDeclaringClass()).defaultValue(constant);
  }
}
