package io.spillway.policy;

import io.spillway.event.RawEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;

/** A policy topic whose reader gets what the test hands it, when it does. */
final class HandedTopic implements PolicyTopic {
  private static final long serialVersionUID = 1L;
  private static final List<RawEvent> BROKEN = List.of(PolicyRecords.tombstone(-1));

  final transient List<Long> openedAt = new CopyOnWriteArrayList<>();
  transient volatile int closed;
  private final transient BlockingQueue<List<RawEvent>> hand = new SynchronousQueue<>();

  /** Returns when the reader has done with these records, and asks for more. */
  void give(RawEvent... records) throws InterruptedException {
    hand.put(List.of(records));
    hand.put(List.of());
  }

  /** The reader fails, and is opened again. */
  void breakDown() throws InterruptedException {
    hand.put(BROKEN);
    hand.put(List.of());
  }

  @Override
  public Reader open(long offset) {
    openedAt.add(offset);
    return new Reader() {
      @Override
      public List<RawEvent> poll() throws InterruptedException, IOException {
        List<RawEvent> records = hand.take();
        if (records == BROKEN) {
          throw new IOException("the broker is away");
        }
        return records;
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }
}
