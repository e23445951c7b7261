package io.spillway.jobs;

import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.List;

/** How priorities are spread over topics. */
public enum InputMode {
  /** One topic holds all priorities. */
  MIXED {
    @Override
    public List<String> topics(String name) {
      return List.of(name);
    }
  },
  /** One topic for each priority: the name, a dot and the priority. */
  PER_PRIORITY {
    @Override
    public List<String> topics(String name) {
      return Arrays.stream(Priority.values())
          .map(priority -> name + "." + priority.wireName())
          .toList();
    }
  };

  /** The topics behind this name, most important first. */
  public abstract List<String> topics(String name);
}
