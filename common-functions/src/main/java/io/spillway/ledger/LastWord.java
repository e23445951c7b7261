package io.spillway.ledger;

import io.spillway.admission.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the ledger says of each offset in the end. After a failure ranges are described again, and
 * perhaps differently: for each input partition, lane and offset the later record counts, so
 * records have to be added in the order of their ledger partition. What a replay has settled stays
 * settled.
 *
 * <p>A record that cannot be read is skipped, counted and remembered with its place and reason: it
 * costs what it said, and nothing else. Memory: some bits for each offset that was turned away. Not
 * thread safe.
 */
public final class LastWord {
  private static final int PROBLEMS_KEPT = 20;

  /** One partition of an input topic. */
  public record InputPartition(String topic, int partition) implements Comparable<InputPartition> {
    @Override
    public int compareTo(InputPartition other) {
      int byTopic = topic.compareTo(other.topic);
      return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
      return topic + "-" + partition;
    }
  }

  private static final class LaneView {
    final OffsetSet described = new OffsetSet();
    final Map<Outcome, OffsetSet> rejected = new EnumMap<>(Outcome.class);
  }

  private static final class PartitionView {
    final Map<String, LaneView> lanes = new HashMap<>();
    final Map<Settlement.Kind, OffsetSet> settled = new EnumMap<>(Settlement.Kind.class);
  }

  private final SortedMap<InputPartition, PartitionView> partitions = new TreeMap<>();
  private final Map<String, Map<Settlement.Kind, Long>> settledByRun = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long unreadable;

  /**
   * Adds a record of the ledger as it was read.
   *
   * @param place where it stands, for people
   */
  public void add(byte[] value, String place) {
    try {
      add(LedgerJson.readAny(value));
    } catch (IOException e) {
      unreadable++;
      if (problems.size() < PROBLEMS_KEPT) {
        problems.add(place + ": " + e.getMessage());
      }
    }
  }

  /** Adds the next record. */
  public void add(LedgerRecord record) {
    if (record instanceof LedgerEntry entry) {
      describe(entry);
    } else if (record instanceof Settlement settlement) {
      settle(settlement);
    }
  }

  private void describe(LedgerEntry entry) {
    LaneView view =
        at(entry.topic(), entry.partition())
            .lanes
            .computeIfAbsent(entry.lane(), lane -> new LaneView());
    view.described.addRange(entry.fromOffset(), entry.toOffset());
    for (OffsetSet offsets : view.rejected.values()) {
      offsets.removeRange(entry.fromOffset(), entry.toOffset());
    }
    entry
        .rejected()
        .forEach(
            (outcome, offsets) ->
                view.rejected
                    .computeIfAbsent(outcome, o -> new OffsetSet())
                    .addAll(entry.fromOffset(), offsets));
  }

  private void settle(Settlement settlement) {
    at(settlement.topic(), settlement.partition())
        .settled
        .computeIfAbsent(settlement.kind(), kind -> new OffsetSet())
        .addAll(settlement.from(), settlement.offsets());
    settledByRun
        .computeIfAbsent(settlement.run(), run -> new EnumMap<>(Settlement.Kind.class))
        .merge(settlement.kind(), settlement.offsets().getLongCardinality(), Long::sum);
  }

  private PartitionView at(String topic, int partition) {
    return partitions.computeIfAbsent(
        new InputPartition(topic, partition), key -> new PartitionView());
  }

  /** The input partitions that the ledger knows. */
  public SortedSet<InputPartition> partitions() {
    return new TreeSet<>(partitions.keySet());
  }

  /** Offsets that admission described in the end, whatever it did with them. */
  public OffsetSet described(InputPartition partition) {
    OffsetSet all = new OffsetSet();
    PartitionView view = partitions.get(partition);
    if (view != null) {
      view.lanes.values().forEach(lane -> all.addAll(lane.described));
    }
    return all;
  }

  /** Offsets that have this outcome in the end, settled or not. */
  public OffsetSet rejected(InputPartition partition, Outcome outcome) {
    OffsetSet all = new OffsetSet();
    PartitionView view = partitions.get(partition);
    if (view != null) {
      for (LaneView lane : view.lanes.values()) {
        all.addAll(lane.rejected.getOrDefault(outcome, new OffsetSet()));
      }
    }
    return all;
  }

  /** Offsets that replays settled in this way. */
  public OffsetSet settled(InputPartition partition, Settlement.Kind kind) {
    PartitionView view = partitions.get(partition);
    OffsetSet offsets = view == null ? null : view.settled.get(kind);
    return offsets == null ? new OffsetSet() : offsets.copy();
  }

  /** Offsets that were deferred and are neither replayed nor gone. */
  public OffsetSet open(InputPartition partition) {
    OffsetSet open = rejected(partition, Outcome.DEFERRED);
    for (Settlement.Kind kind : Settlement.Kind.values()) {
      open.removeAll(settled(partition, kind));
    }
    return open;
  }

  /** The runs that settled any offset. */
  public Set<String> settledBy() {
    return Set.copyOf(settledByRun.keySet());
  }

  /** Number of offsets that this run settled in this way. */
  public long settledBy(String run, Settlement.Kind kind) {
    return settledByRun.getOrDefault(run, Map.of()).getOrDefault(kind, 0L);
  }

  /** Number of records that could not be read. */
  public long unreadable() {
    return unreadable;
  }

  /** Place and reason of the first {@value #PROBLEMS_KEPT} of them. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
