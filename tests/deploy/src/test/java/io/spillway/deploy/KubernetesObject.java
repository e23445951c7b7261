package io.spillway.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One object of a rendered overlay, as the maps, lists and scalars that its YAML has. */
record KubernetesObject(Map<String, Object> content) {

  /** The objects of a text with several documents. A key that stands twice is an error. */
  static List<KubernetesObject> parseAll(String yaml) {
    Load load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
    return StreamSupport.stream(load.loadAllFromString(yaml).spliterator(), false)
        .filter(document -> document != null)
        .map(document -> new KubernetesObject(map(document)))
        .toList();
  }

  String kind() {
    return text("kind");
  }

  String name() {
    return text("metadata", "name");
  }

  /** What is there, if anything is: names of fields, and numbers for places in a list. */
  Optional<Object> find(Object... path) {
    Object at = content;
    for (Object step : path) {
      if (at instanceof Map<?, ?> fields) {
        at = fields.get(step);
      } else if (at instanceof List<?> items && step instanceof Integer i && i < items.size()) {
        at = items.get(i);
      } else {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(at);
  }

  /** The text of a scalar; empty if it is not there. */
  String text(Object... path) {
    return find(path).map(Object::toString).orElse("");
  }

  Map<String, Object> fields(Object... path) {
    return find(path).map(KubernetesObject::map).orElse(Map.of());
  }

  List<?> items(Object... path) {
    return find(path).map(items -> (List<?>) items).orElse(List.of());
  }

  /** A copy with this value in its place; null takes out what is there. */
  KubernetesObject with(Object value, Object... path) {
    return new KubernetesObject(map(changed(content, value, path, 0)));
  }

  private static Object changed(Object node, Object value, Object[] path, int depth) {
    if (depth == path.length) {
      return value;
    }
    if (path[depth] instanceof Integer i) {
      List<Object> items = new ArrayList<>((List<?>) node);
      items.set(i, changed(items.get(i), value, path, depth + 1));
      return items;
    }
    Map<String, Object> fields = node == null ? new LinkedHashMap<>() : copy(node);
    String field = (String) path[depth];
    Object after = changed(fields.get(field), value, path, depth + 1);
    if (after == null) {
      fields.remove(field);
    } else {
      fields.put(field, after);
    }
    return fields;
  }

  private static Map<String, Object> copy(Object node) {
    return new LinkedHashMap<>(map(node));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }

  @Override
  public String toString() {
    return kind() + "/" + name();
  }
}
