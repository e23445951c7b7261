package io.spillway.jobs.replay;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which split goes to which reader, so that each is read once whatever fails. Flink takes a split
 * that was assigned before a checkpoint to be in the reader's part of it, but a checkpoint may
 * overtake a split that is on its way (an unaligned one is an urgent mail of its task). So a split
 * is let go of only when a completed checkpoint holds it as a reader's; until then it is part of
 * the enumerator's own state, and what readers say that they start with decides who has it. Readers
 * keep their side of it in {@link SplitHoldings}. Called by one thread.
 */
final class SplitHandout {
  private final Map<String, ReplaySplit> open = new LinkedHashMap<>();
  private final Map<Integer, Set<String>> held = new HashMap<>();
  private final NavigableMap<Long, Map<Integer, Set<String>>> named = new TreeMap<>();
  private final Queue<ReplaySplit> free = new ArrayDeque<>();
  private long lastCompleted = HeldSplits.AT_START;

  void add(Collection<ReplaySplit> splits) {
    splits.forEach(split -> open.put(split.splitId(), split));
    countFree();
  }

  /** All that no completed checkpoint is known to hold as a reader's, for the next checkpoint. */
  List<ReplaySplit> open() {
    return List.copyOf(open.values());
  }

  /** A reader starts, with these splits. */
  void holds(int reader, Collection<String> ids) {
    held.put(reader, new LinkedHashSet<>(ids));
    countFree();
  }

  /** A reader has failed; it holds what it will say when it starts again. */
  void restarts(int reader) {
    held.remove(reader);
  }

  /** Whether so many readers have said what they hold. Before that nothing can be given. */
  boolean knowsAll(int readers) {
    return held.size() == readers;
  }

  /** A split that no reader has, if there is one, for this reader. */
  Optional<ReplaySplit> next(int reader) {
    Optional<ReplaySplit> split = Optional.ofNullable(free.poll());
    split.ifPresent(given -> held.get(reader).add(given.splitId()));
    return split;
  }

  /**
   * A reader's part of a checkpoint holds these splits.
   *
   * @return what can be let go of at once, by reader, since that checkpoint is complete already
   */
  Map<Integer, Set<String>> named(long checkpoint, int reader, Collection<String> ids) {
    named.computeIfAbsent(checkpoint, c -> new HashMap<>()).put(reader, new LinkedHashSet<>(ids));
    return checkpoint == lastCompleted ? completed(checkpoint) : Map.of();
  }

  /**
   * Lets go of what a completed checkpoint holds. What was named for one that never completed
   * counts for nothing.
   *
   * @return what was let go of, by reader
   */
  Map<Integer, Set<String>> completed(long checkpoint) {
    lastCompleted = checkpoint;
    Map<Integer, Set<String>> settled = named.getOrDefault(checkpoint, Map.of());
    named.headMap(checkpoint, true).clear();
    settled.forEach(
        (reader, ids) -> {
          open.keySet().removeAll(ids);
          Optional.ofNullable(held.get(reader)).ifPresent(its -> its.removeAll(ids));
        });
    return settled;
  }

  private void countFree() {
    Set<String> taken = new HashSet<>();
    held.values().forEach(taken::addAll);
    free.clear();
    open.forEach(
        (id, split) -> {
          if (!taken.contains(id)) {
            free.add(split);
          }
        });
  }
}
