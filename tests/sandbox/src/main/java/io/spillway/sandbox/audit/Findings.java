package io.spillway.sandbox.audit;

import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an audit has found: counts, the first problems, and what it could not prove. */
public final class Findings {
  /** Problems that are listed; the others are counted. */
  public static final int LISTED = 100;

  private final long[][] counts = new long[Priority.COUNT][Destination.COUNT];
  private final Map<Problem.Kind, Long> problems = new EnumMap<>(Problem.Kind.class);
  private final List<Problem> listed = new ArrayList<>();
  private final Sources sources = new Sources();
  private final Map<InputPartition, InputRange> ranges = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();
  private long unreadableCount;
  private long withoutSource;
  private long receiptsAgain;
  private long recordsAgain;
  private long twoFates;
  private long outOfSight;
  private long ofOtherTopics;
  private long deferredAndDeleted;
  private long alertsOfNoEvent;
  private long notCommitted;
  private long compared;
  private long keptInWindows;

  void event(Audit.Event event, Destination destination, boolean twice) {
    counts[event.priority().ordinal()][destination.ordinal()]++;
    boolean missing = destination == Destination.MISSING;
    if (missing) {
      problem(Problem.Kind.MISSING, event, "no topic says what became of it");
    }
    if (event.source().isEmpty()) {
      withoutSource++;
    } else {
      sources.seen(event.source(), event.sequence(), missing, twice);
    }
  }

  void problem(Problem.Kind kind, Audit.Event event, String detail) {
    add(
        new Problem(
            kind,
            event.partition(),
            event.offset(),
            event.source(),
            event.sequence(),
            event.priority().wireName() + ": " + detail));
  }

  void forged(InputPartition partition, long offset, String witness) {
    add(
        new Problem(
            Problem.Kind.FORGED, partition, offset, "", 0, witness + " names it, the input not"));
  }

  void miscounted(InputPartition partition, String detail) {
    add(new Problem(Problem.Kind.MISCOUNTED, partition, -1, "", 0, detail));
  }

  void again(boolean receipts, boolean records, boolean fates) {
    receiptsAgain += receipts ? 1 : 0;
    recordsAgain += records ? 1 : 0;
    twoFates += fates ? 1 : 0;
  }

  void range(InputPartition partition, InputRange range, long border) {
    ranges.put(partition, range);
    notCommitted += range.committed().isEmpty() && border > range.from() ? 1 : 0;
  }

  void outOfSight(long offsets) {
    outOfSight += offsets;
  }

  void ofOtherTopic() {
    ofOtherTopics++;
  }

  void deferredAndDeleted(long offsets) {
    deferredAndDeleted += offsets;
  }

  void window(long kept) {
    keptInWindows += kept;
  }

  void alertsOfNoEvent(long count) {
    alertsOfNoEvent = count;
  }

  void compared(boolean comparable) {
    compared += comparable ? 1 : 0;
  }

  /** A record of an output that says nothing that can be understood. */
  void unreadable(String place, String reason) {
    unreadableCount++;
    if (unreadable.size() < LISTED) {
      unreadable.add(place + ": " + reason);
    }
  }

  private void add(Problem problem) {
    problems.merge(problem.kind(), 1L, Long::sum);
    if (listed.size() < LISTED) {
      listed.add(problem);
    }
  }

  /** Whether nothing is missing, double or forged. */
  public boolean holds() {
    return problems.isEmpty() && alertsOfNoEvent == 0;
  }

  public long count(Priority priority, Destination destination) {
    return counts[priority.ordinal()][destination.ordinal()];
  }

  public long count(Destination destination) {
    long sum = 0;
    for (long[] byDestination : counts) {
      sum += byDestination[destination.ordinal()];
    }
    return sum;
  }

  /** Events of this priority in the input. */
  public long seen(Priority priority) {
    long sum = 0;
    for (long count : counts[priority.ordinal()]) {
      sum += count;
    }
    return sum;
  }

  /** Events in the input. */
  public long seen() {
    long sum = 0;
    for (Priority priority : Priority.values()) {
      sum += seen(priority);
    }
    return sum;
  }

  /** Number of problems of this kind. */
  public long count(Problem.Kind kind) {
    return problems.getOrDefault(kind, 0L);
  }

  /** The first {@value #LISTED} problems. */
  public List<Problem> listed() {
    return List.copyOf(listed);
  }

  Sources sources() {
    return sources;
  }

  Map<InputPartition, InputRange> ranges() {
    return ranges;
  }

  /** Place and reason of the first records that could not be understood. */
  List<String> unreadable() {
    return unreadable;
  }

  long unreadableCount() {
    return unreadableCount;
  }

  long withoutSource() {
    return withoutSource;
  }

  /** Events with more than one receipt. */
  long receiptsAgain() {
    return receiptsAgain;
  }

  /** Events that the ledger describes more than once, or that are several dead letters. */
  long recordsAgain() {
    return recordsAgain;
  }

  /** Events with a receipt that were turned away as well. */
  long twoFates() {
    return twoFates;
  }

  /** Offsets that outputs name and that are before the part of the input that was read. */
  long outOfSight() {
    return outOfSight;
  }

  long ofOtherTopics() {
    return ofOtherTopics;
  }

  /** Deferred events that Kafka deleted before anybody read them again. */
  long deferredAndDeleted() {
    return deferredAndDeleted;
  }

  long alertsOfNoEvent() {
    return alertsOfNoEvent;
  }

  /** Input partitions of which the job has committed no offset. */
  long notCommitted() {
    return notCommitted;
  }

  /** Input partitions where the ledger's number of events seen could be compared. */
  long compared() {
    return compared;
  }

  /** Events that the results of windows say they are made of. */
  long keptInWindows() {
    return keptInWindows;
  }
}
