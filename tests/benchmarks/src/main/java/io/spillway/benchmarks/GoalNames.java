package io.spillway.benchmarks;

import io.spillway.sandbox.cluster.Nearest;
import io.spillway.sandbox.cluster.SandboxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a user may call goals on the command line: by their id, or a group of them by a word. */
final class GoalNames {
  static final Map<String, List<String>> GROUPS = groups();

  private GoalNames() {}

  /**
   * The ids of the goals these names stand for, in the order of the goals; no names stand for all.
   * Letters in any case; a name that is both is the goal as it is written there, else the group.
   *
   * @throws SandboxException if there is no such name; it says the nearest one
   */
  static Set<String> resolve(List<String> names) {
    Set<String> wanted = new LinkedHashSet<>();
    for (String name : names) {
      wanted.addAll(resolve(name));
    }
    Set<String> inOrder = new LinkedHashSet<>(Goal.ids());
    if (!names.isEmpty()) {
      inOrder.retainAll(wanted);
    }
    return inOrder;
  }

  private static List<String> resolve(String name) {
    if (Goal.ids().contains(name)) {
      return withOwnRuns(name);
    }
    List<String> group = GROUPS.get(name.toLowerCase(Locale.ROOT));
    if (group != null) {
      return group;
    }
    for (String id : Goal.ids()) {
      if (id.equalsIgnoreCase(name)) {
        return withOwnRuns(id);
      }
    }
    List<String> known = new ArrayList<>(Goal.ids());
    known.addAll(GROUPS.keySet());
    // Somebody who writes m5 means a goal, so letters are compared without their case.
    Map<String, String> byLowerCase = new LinkedHashMap<>();
    known.forEach(word -> byLowerCase.put(word.toLowerCase(Locale.ROOT), word));
    String nearest = Nearest.to(name.toLowerCase(Locale.ROOT), byLowerCase.keySet());
    throw SandboxException.wrongUse(
        "unknown benchmark '%s': did you mean '%s'? (all: %s)"
            .formatted(name, byLowerCase.get(nearest), String.join(", ", known)));
  }

  /** A goal, and those figures of it that have runs of their own. */
  private static List<String> withOwnRuns(String id) {
    return Goal.ids().stream().filter(any -> any.equals(id) || any.startsWith(id + "@")).toList();
  }

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("overload", List.of("M1", "M3", "M4", "M6", "M7"));
    groups.put("checkpoints", List.of("M16"));
    groups.put("decision", List.of("M8"));
    groups.put("overhead", List.of("M9", "M10"));
    groups.put("truth", List.of("M11", "M12", "M20", "M21"));
    groups.put("fairness", List.of("M14", "M15"));
    groups.put("payments", List.of("M2", "DELIVERY"));
    groups.put("peers", List.of("M2@dagor", "M6@dagor", "PEERS"));
    groups.put("programs", List.of("PROGRAMS"));
    groups.put("enrichment", List.of("M19"));
    groups.put("edge", List.of("EDGE"));
    groups.put("replay", List.of("M5", "M13", "LEDGER", "REPLAY"));
    groups.put("elastic", List.of("M17", "M18"));
    groups.put("growth", List.of("COST"));
    groups.put("loads", List.of("LOADS"));
    groups.put("micro", List.of("MICRO"));
    groups.put("scale", List.of("SCALE"));
    groups.put("rescale", List.of("RESCALE"));
    groups.put("sql", List.of("SQL"));
    return groups;
  }
}
