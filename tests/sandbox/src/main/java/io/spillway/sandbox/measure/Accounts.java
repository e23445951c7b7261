package io.spillway.sandbox.measure;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What became of every event of a run. The rule, for each offset of the input: delivered if a
 * receipt names it, else rejected if a ledger entry lists it, else a dead letter if it is on that
 * topic, else unaccounted. The topics may be read in any order and any of them may repeat itself.
 * Nine bytes an event. Knows nothing of Kafka. Not thread safe.
 */
public final class Accounts {
  private final PartitionAccount.Totals totals = new PartitionAccount.Totals();
  private final Map<String, List<PartitionAccount>> partitions = new TreeMap<>();
  private long epochMillis = Long.MIN_VALUE;
  private long firstSentMillis = Long.MAX_VALUE;
  private long duplicates;

  /** An event is in the input. */
  public void produced(
      String topic, int partition, long offset, Priority priority, long sentMillis) {
    firstSentMillis = Math.min(firstSentMillis, sentMillis);
    at(topic, partition).produced(offset, priority, relative(sentMillis));
  }

  /**
   * A result of this event came out.
   *
   * @return whether it is the first one
   */
  public boolean delivered(String topic, int partition, long offset, long atMillis) {
    boolean first = at(topic, partition).delivered(offset, relative(atMillis));
    if (!first) {
      duplicates++;
    }
    return first;
  }

  /** The ledger lists this event. */
  public void rejected(String topic, int partition, long offset, Outcome outcome) {
    at(topic, partition).rejected(offset, outcome);
  }

  /** This event is on the dead-letter topic. */
  public void deadLetter(String topic, int partition, long offset) {
    at(topic, partition).deadLetter(offset);
  }

  /** Events of this priority that have this fate so far. */
  public long count(Priority priority, Fate fate) {
    return totals.count(priority, fate);
  }

  /** Events that have this fate so far. */
  public long count(Fate fate) {
    long sum = 0;
    for (Priority priority : Priority.values()) {
      sum += count(priority, fate);
    }
    return sum;
  }

  /** Events of this priority in the input. */
  public long produced(Priority priority) {
    long sum = 0;
    for (Fate fate : Fate.values()) {
      sum += count(priority, fate);
    }
    return sum;
  }

  /** Events in the input. */
  public long produced() {
    long sum = 0;
    for (Priority priority : Priority.values()) {
      sum += produced(priority);
    }
    return sum;
  }

  /** The earliest intended send time, since the epoch: the start of the run. Empty before it. */
  public OptionalLong firstSentMillis() {
    return firstSentMillis == Long.MAX_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(firstSentMillis);
  }

  /** Events that admission turned away, for whatever reason. */
  public long rejected(Priority priority) {
    long sum = 0;
    for (Fate fate : Fate.values()) {
      sum += fate.isRejection() ? count(priority, fate) : 0;
    }
    return sum;
  }

  /** Results beyond the first of an event. */
  public long duplicates() {
    return duplicates;
  }

  /** Offsets that an output names and that the input does not have: above zero, an output lies. */
  public long unknown() {
    long sum = totals.outOfRange();
    for (List<PartitionAccount> topic : partitions.values()) {
      for (PartitionAccount partition : topic) {
        for (int i = 0; i < partition.size(); i++) {
          sum += partition.isKnownOnlyFromOutputs(i) ? 1 : 0;
        }
      }
    }
    return sum;
  }

  /** One produced event. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param sentMillis when it was meant to be sent, since the epoch
     * @param doneMillis when its first result came out, since the epoch; meaningful if delivered
     */
    void visit(Priority priority, Fate fate, long sentMillis, long doneMillis);
  }

  /** Shows every produced event, partition by partition in order of offset. */
  public void forEach(Visitor visitor) {
    for (List<PartitionAccount> topic : partitions.values()) {
      for (PartitionAccount partition : topic) {
        for (int i = 0; i < partition.size(); i++) {
          if (partition.isProduced(i)) {
            visitor.visit(
                partition.priority(i),
                partition.fate(i),
                epochMillis + partition.sent(i),
                epochMillis + partition.done(i));
          }
        }
      }
    }
  }

  private int relative(long millis) {
    if (epochMillis == Long.MIN_VALUE) {
      epochMillis = millis;
    }
    return Math.toIntExact(millis - epochMillis);
  }

  private PartitionAccount at(String topic, int partition) {
    List<PartitionAccount> list = partitions.get(topic);
    if (list == null) {
      list = new ArrayList<>();
      partitions.put(topic, list);
    }
    while (list.size() <= partition) {
      list.add(new PartitionAccount(totals));
    }
    return list.get(partition);
  }
}
