package io.spillway.jobs;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

/** Options as a Markdown table; values as they are written after {@code --set key=}. */
final class SettingsTable {
  private SettingsTable() {}

  static String of(Collection<ConfigOption<?>> options) {
    StringBuilder table =
        new StringBuilder("| setting | default | what it does |\n|---|---|---|\n");
    for (ConfigOption<?> option : options) {
      String description =
          new HtmlFormatter().format(option.description()).replaceAll("([|*])", "\\\\$1");
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(option.key(), shown(option.defaultValue()), description));
    }
    return table.toString();
  }

  private static String shown(Object value) {
    String text = text(value);
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String text(Object value) {
    if (value == null || value instanceof Map<?, ?> map && map.isEmpty()) {
      return "";
    }
    if (value instanceof Duration duration) {
      return TimeUtils.formatWithHighestUnit(duration).replace(" ", "");
    }
    if (value instanceof MemorySize size) {
      return size.getMebiBytes() + "mb";
    }
    if (value instanceof Enum<?> constant) {
      return constant.toString().toLowerCase(Locale.ROOT);
    }
    return value.toString();
  }
}
