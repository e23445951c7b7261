package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * A Flink configuration as full keys with their texts, read from YAML files that are laid over each
 * other. Immutable. The same YAML 1.2 library as in Flink reads the files, so what is accepted here
 * is accepted there.
 */
record FlinkConfiguration(Map<String, Object> values) {
  FlinkConfiguration {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  static FlinkConfiguration read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FlinkConfiguration parse(String yaml) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    Map<String, Object> flat = new TreeMap<>();
    if (root instanceof Map<?, ?> map) {
      flatten("", map, flat);
    }
    return new FlinkConfiguration(flat);
  }

  /** This with other values laid over it. */
  FlinkConfiguration with(Map<String, ?> over) {
    Map<String, Object> merged = new TreeMap<>(values);
    merged.putAll(over);
    return new FlinkConfiguration(merged);
  }

  FlinkConfiguration with(FlinkConfiguration over) {
    return with(over.values);
  }

  /** The text of a key that has to be there. */
  String get(String key) {
    return find(key)
        .orElseThrow(
            () -> SandboxException.failure("flink-conf: key '%s' is missing".formatted(key)));
  }

  /** The text of a key, if it is there. */
  Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key)).map(value -> value.toString().strip());
  }

  /** One key a line, as {@code config.yaml} wants it. */
  String render() {
    return new Dump(
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(4096).build())
        .dumpToString(values);
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, Object> flat) {
    map.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> nested) {
            flatten(prefix + key + ".", nested, flat);
          } else if (value != null) {
            flat.put(prefix + key, value);
          }
        });
  }
}
