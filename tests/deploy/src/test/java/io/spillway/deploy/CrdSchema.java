package io.spillway.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The schema of a custom resource. Stricter than the API server, which drops a field that it does
 * not know without a word: here it is a problem. Structural schemas as CRDs have them, not JSON
 * Schema in general.
 */
final class CrdSchema {
  private static final Set<String> OUTSIDE = Set.of("apiVersion", "kind", "metadata");

  private final String kind;
  private final Map<String, Object> schema;

  private CrdSchema(String kind, Map<String, Object> schema) {
    this.kind = kind;
    this.schema = schema;
  }

  /** The schemas in the text of one CRD file, by apiVersion and kind. */
  static Map<String, CrdSchema> parse(String crd) {
    KubernetesObject definition =
        new KubernetesObject(
            KubernetesObject.map(
                new Load(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
                    .loadFromString(crd)));
    String kind = definition.text("spec", "names", "kind");
    Map<String, CrdSchema> schemas = new LinkedHashMap<>();
    for (Object item : definition.items("spec", "versions")) {
      KubernetesObject version = new KubernetesObject(KubernetesObject.map(item));
      schemas.put(
          definition.text("spec", "group") + "/" + version.text("name") + " " + kind,
          new CrdSchema(kind, version.fields("schema", "openAPIV3Schema")));
    }
    return schemas;
  }

  /** What is wrong with the object, each with the place of it; empty if nothing is. */
  List<String> problems(KubernetesObject object) {
    List<String> problems = new ArrayList<>();
    object
        .content()
        .forEach(
            (field, value) -> {
              if (!OUTSIDE.contains(field)) {
                check(Map.of(field, value), schema, "", problems);
              }
            });
    return problems;
  }

  private void check(Object value, Map<String, Object> schema, String at, List<String> problems) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      if (!(value instanceof Integer || value instanceof String)) {
        problems.add("%s: not a whole number or a text".formatted(at));
      }
      return;
    }
    String type = String.valueOf(schema.getOrDefault("type", "any"));
    if (!isOf(type, value)) {
      problems.add("%s: %s is not of type %s".formatted(at, value, type));
    } else if (value instanceof Map<?, ?>) {
      checkFields(KubernetesObject.map(value), schema, at, problems);
    } else if (value instanceof List<?> items && schema.containsKey("items")) {
      for (int i = 0; i < items.size(); i++) {
        check(items.get(i), part(schema, "items"), at + "[" + i + "]", problems);
      }
    } else {
      checkScalar(value, schema, at, problems);
    }
  }

  private void checkFields(
      Map<String, Object> fields, Map<String, Object> schema, String at, List<String> problems) {
    Map<String, Object> known = part(schema, "properties");
    boolean open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
    if (schema.get("required") instanceof List<?> required) {
      for (Object field : required) {
        if (!fields.containsKey(field) && !at.isEmpty()) {
          problems.add("%s: field '%s' is missing".formatted(at, field));
        }
      }
    }
    fields.forEach(
        (field, value) -> {
          String place = at.isEmpty() ? field : at + "." + field;
          if (known.containsKey(field)) {
            check(value, part(known, field), place, problems);
          } else if (schema.get("additionalProperties") instanceof Map<?, ?> any) {
            check(value, KubernetesObject.map(any), place, problems);
          } else if (!open) {
            problems.add("%s: no such field in a %s".formatted(place, kind));
          }
        });
  }

  private static void checkScalar(
      Object value, Map<String, Object> schema, String at, List<String> problems) {
    if (schema.get("enum") instanceof List<?> choices && !choices.contains(value)) {
      problems.add("%s: %s is none of %s".formatted(at, value, choices));
    }
    if (schema.get("pattern") instanceof String pattern
        && !Pattern.compile(pattern).matcher(value.toString()).find()) {
      problems.add("%s: %s does not match %s".formatted(at, value, pattern));
    }
    if (value instanceof Number number
        && schema.get("minimum") instanceof Number least
        && number.doubleValue() < least.doubleValue()) {
      problems.add("%s: %s is less than %s".formatted(at, value, least));
    }
  }

  private static boolean isOf(String type, Object value) {
    return switch (type) {
      case "object" -> value instanceof Map<?, ?>;
      case "array" -> value instanceof List<?>;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      default -> true;
    };
  }

  private static Map<String, Object> part(Map<String, Object> schema, String name) {
    Object part = schema.get(name);
    return part == null ? Map.of() : KubernetesObject.map(part);
  }
}
