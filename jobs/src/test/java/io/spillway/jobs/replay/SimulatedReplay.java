package io.spillway.jobs.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.SourceEvent;
import org.roaringbitmap.RoaringBitmap;

/**
 * Enumerator and readers of a replay as Flink runs them, step by step: events between them take
 * their time and keep their order; the enumerator's part of a checkpoint comes first, and what it
 * sends after that reaches a reader only after the reader's part (Flink's event valve); a reader's
 * part does not wait for what was sent before. What a reader has read is undone when it fails, up
 * to its checkpoint.
 */
final class SimulatedReplay {
  private static final int AT_ONCE = 2;

  /** One side's message to the other, and the checkpoint it must not come before, or 0. */
  private record Sent(Object what, long notBefore) {}

  /** A reader's part of a checkpoint. */
  private record Part(List<ReplaySplit> splits, List<ReplaySplit> read) {}

  private static final class Reader {
    private final SplitHoldings holdings = new SplitHoldings();
    private final Map<String, ReplaySplit> reading = new LinkedHashMap<>();
    private final List<ReplaySplit> read = new ArrayList<>();
    private final Deque<Sent> inbox = new ArrayDeque<>();
    private final Deque<SourceEvent> outbox = new ArrayDeque<>();
    private long lastPart;

    private Reader(Part from) {
      read.addAll(from.read());
      take(from.splits());
      outbox.add(HeldSplits.atStart(holdings.unsettled()));
    }

    private void take(List<ReplaySplit> splits) {
      holdings.take(splits).forEach(split -> reading.put(split.splitId(), split));
    }

    private void end() {
      ReplaySplit split = reading.values().iterator().next();
      reading.remove(split.splitId());
      read.add(split);
      holdings.end(split);
    }

    private Part part(long checkpoint) {
      lastPart = checkpoint;
      outbox.add(new HeldSplits(checkpoint, List.copyOf(holdings.unsettled())));
      return new Part(
          Stream.concat(reading.values().stream(), holdings.ended().stream()).toList(),
          List.copyOf(read));
    }
  }

  private final int size;
  private SplitHandout handout = new SplitHandout();
  private List<Reader> readers = new ArrayList<>();
  private List<ReplaySplit> planInCheckpoint;
  private Map<Integer, Part> completed = new HashMap<>();

  private long checkpoint;
  private boolean underWay;
  private List<ReplaySplit> planUnderWay;
  private Map<Integer, Part> parts = new HashMap<>();

  SimulatedReplay(int parallelism, int splits) {
    this.size = splits;
    handout.add(splits(splits));
    planInCheckpoint = splits(splits);
    for (int reader = 0; reader < parallelism; reader++) {
      readers.add(new Reader(new Part(List.of(), List.of())));
    }
  }

  static List<ReplaySplit> splits(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new ReplaySplit("t", 0, 10L * i, 10L * i + 9, RoaringBitmap.bitmapOf(0), 10L * i))
        .toList();
  }

  List<String> planned() {
    return ids(splits(size));
  }

  /** What all readers have read, each as often as it was. */
  List<String> read() {
    return readers.stream().flatMap(reader -> ids(reader.read).stream()).toList();
  }

  /** Splits in the enumerator's and the readers' parts of the last checkpoint. */
  List<String> leftInCheckpoints() {
    List<ReplaySplit> left = new ArrayList<>(planInCheckpoint);
    completed.values().forEach(part -> left.addAll(part.splits()));
    return ids(left);
  }

  /** Does one thing that can happen now. */
  void step(int choice) {
    Reader reader = readers.get(choice / 16 % readers.size());
    int number = readers.indexOf(reader);
    switch (choice % 16) {
      case 0, 1, 2 -> deliver(reader);
      case 3, 4, 5 -> hear(number);
      case 6, 7 -> give(number);
      case 8, 9, 10 -> end(reader);
      case 11 -> trigger();
      case 12, 13 -> take(number);
      case 14 -> fail(List.of(number));
      default -> failAll(choice / 64 % 4);
    }
  }

  /** Without another failure; two more checkpoints, for what is settled to be known. */
  void runToItsEnd() {
    underWay = false;
    for (int round = 0; round < 4 * size; round++) {
      for (int reader = 0; reader < readers.size(); reader++) {
        drain(reader);
        give(reader);
        drain(reader);
        end(readers.get(reader));
      }
    }
    for (int times = 0; times < 3; times++) {
      trigger();
      for (int reader = 0; reader < readers.size(); reader++) {
        take(reader);
        drain(reader);
      }
      IntStream.range(0, readers.size()).forEach(this::drain);
    }
  }

  private void drain(int reader) {
    while (hear(reader) || deliver(readers.get(reader))) {
      // until nothing is on its way
    }
  }

  private boolean deliver(Reader reader) {
    Sent next = reader.inbox.peek();
    boolean held = next != null && underWay && next.notBefore() > reader.lastPart;
    if (next == null || held) {
      return false;
    }
    reader.inbox.remove();
    if (next.what() instanceof SettledSplits settled) {
      reader.holdings.settle(settled.ids());
    } else {
      reader.take(List.of((ReplaySplit) next.what()));
    }
    return true;
  }

  private boolean hear(int number) {
    HeldSplits held = (HeldSplits) readers.get(number).outbox.poll();
    if (held == null) {
      return false;
    }
    if (held.isAtStart()) {
      handout.holds(number, held.ids());
    } else {
      tell(handout.named(held.checkpoint(), number, held.ids()));
    }
    return true;
  }

  private void tell(Map<Integer, ? extends Collection<String>> settled) {
    settled.forEach((reader, ids) -> send(readers.get(reader), SettledSplits.of(ids)));
  }

  private void send(Reader reader, Object what) {
    reader.inbox.add(new Sent(what, underWay ? checkpoint : 0));
  }

  private void give(int number) {
    Reader reader = readers.get(number);
    if (handout.knowsAll(readers.size()) && reader.reading.size() + reader.inbox.size() < AT_ONCE) {
      handout.next(number).ifPresent(split -> send(reader, split));
    }
  }

  private static void end(Reader reader) {
    if (!reader.reading.isEmpty()) {
      reader.end();
    }
  }

  private void trigger() {
    if (!underWay) {
      underWay = true;
      checkpoint++;
      planUnderWay = handout.open();
      parts = new HashMap<>();
    }
  }

  private void take(int number) {
    if (underWay && !parts.containsKey(number)) {
      parts.put(number, readers.get(number).part(checkpoint));
      if (parts.size() == readers.size()) {
        underWay = false;
        completed = parts;
        planInCheckpoint = planUnderWay;
        tell(handout.completed(checkpoint));
      }
    }
  }

  /** Only these readers: the enumerator lives on. */
  private void fail(List<Integer> failed) {
    underWay = false;
    for (int number : failed) {
      readers.set(
          number, new Reader(completed.getOrDefault(number, new Part(List.of(), List.of()))));
      handout.restarts(number);
    }
  }

  /** All readers, and the enumerator too unless {@code kind} is 0; with 2 and 3 as many readers. */
  private void failAll(int kind) {
    if (kind == 0) {
      fail(IntStream.range(0, readers.size()).boxed().toList());
      return;
    }
    underWay = false;
    List<ReplaySplit> splits = all(Part::splits);
    List<ReplaySplit> read = all(Part::read);
    int parallelism = kind == 1 ? readers.size() : kind;
    readers = new ArrayList<>();
    completed = new HashMap<>();
    for (int number = 0; number < parallelism; number++) {
      Part part = new Part(share(splits, number, parallelism), share(read, number, parallelism));
      completed.put(number, part);
      readers.add(new Reader(part));
    }
    handout = new SplitHandout();
    handout.add(planInCheckpoint);
  }

  private <T> List<T> all(Function<Part, List<T>> what) {
    return completed.values().stream().flatMap(part -> what.apply(part).stream()).toList();
  }

  private static <T> List<T> share(List<T> all, int number, int of) {
    return IntStream.range(0, all.size()).filter(i -> i % of == number).mapToObj(all::get).toList();
  }

  private static List<String> ids(Collection<ReplaySplit> splits) {
    return splits.stream().map(ReplaySplit::splitId).toList();
  }
}
