package io.spillway.deploy;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A Flink configuration as full keys, whether it was written nested or not. */
record FlinkConfiguration(Map<String, Object> values) {

  /** A key that stands twice in the file is an error. */
  static FlinkConfiguration read(Path file) {
    return of(
        KubernetesObject.map(
            new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                .loadFromString(Repository.read(file))));
  }

  static FlinkConfiguration of(KubernetesObject deployment) {
    return of(deployment.fields("spec", "flinkConfiguration"));
  }

  private static FlinkConfiguration of(Map<String, Object> nested) {
    Map<String, Object> flat = new TreeMap<>();
    flatten("", nested, flat);
    return new FlinkConfiguration(flat);
  }

  private static void flatten(String prefix, Map<String, Object> nested, Map<String, Object> flat) {
    nested.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", KubernetesObject.map(inner), flat);
          } else {
            flat.put(prefix + key, value);
          }
        });
  }

  boolean has(String key) {
    return !get(key).isBlank();
  }

  /** The text of a value; empty if it is not there. */
  String get(String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString().strip();
  }

  boolean is(String key, String value) {
    return get(key).equalsIgnoreCase(value);
  }
}
