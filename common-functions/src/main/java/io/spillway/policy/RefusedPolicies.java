package io.spillway.policy;

import io.spillway.event.DeadLetter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Letters on their way to the subtask that writes them: kept until a checkpoint has them behind it,
 * and sent again after a failure that goes back to before. At most {@value #MOST} are kept, the
 * newest; those before them were sent once.
 *
 * <p>Pure; not thread safe.
 */
final class RefusedPolicies {
  static final int MOST = 100;

  private final Deque<DeadLetter> letters = new ArrayDeque<>();
  private final TreeMap<Long, Long> sentByCheckpoint = new TreeMap<>();
  private long first;
  private long sent;

  void add(DeadLetter letter) {
    if (letters.size() == MOST) {
      letters.removeFirst();
      first++;
      sent = Math.max(sent, first);
    }
    letters.add(letter);
  }

  /** Hands over what has not been sent, and takes it as sent. */
  void sendTo(Consumer<DeadLetter> subtask) {
    notSent().forEach(subtask);
    sent = first + letters.size();
  }

  /** What has not been sent: the part of the state that a checkpoint must have. */
  List<DeadLetter> notSent() {
    return new ArrayList<>(letters).subList((int) (sent - first), letters.size());
  }

  /** A checkpoint begins here: what was sent is before it. */
  void checkpoint(long id) {
    sentByCheckpoint.put(id, sent);
  }

  /** What was sent before this checkpoint is safe. */
  void completed(long id) {
    Long safe = sentByCheckpoint.get(id);
    sentByCheckpoint.headMap(id, true).clear();
    while (safe != null && first < safe) {
      letters.removeFirst();
      first++;
    }
  }

  /** The subtask goes on from this checkpoint, or from none if it is negative. */
  void reset(long id) {
    sent = Math.max(first, sentByCheckpoint.getOrDefault(id, first));
    sentByCheckpoint.tailMap(id, false).clear();
  }
}
