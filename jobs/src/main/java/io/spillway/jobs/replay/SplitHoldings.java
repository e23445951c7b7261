package io.spillway.jobs.replay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a reader has to say about its splits: those that it may be the only one to know it has, or
 * had. A split that has ended stays in its checkpoints until the enumerator has let go of it; if it
 * did not, a run that goes on from one of them would read it again. The enumerator's side is {@link
 * SplitHandout}. Called by the task's thread.
 */
final class SplitHoldings {
  private final Set<String> unsettled = new LinkedHashSet<>();
  private final Map<String, ReplaySplit> ended = new LinkedHashMap<>();

  /**
   * Splits come from the enumerator or from a checkpoint.
   *
   * @return those to be read
   */
  List<ReplaySplit> take(Collection<ReplaySplit> splits) {
    List<ReplaySplit> toRead = new ArrayList<>();
    for (ReplaySplit split : splits) {
      unsettled.add(split.splitId());
      if (split.hasEnded()) {
        ended.put(split.splitId(), split);
      } else {
        toRead.add(split);
      }
    }
    return toRead;
  }

  void end(ReplaySplit split) {
    if (unsettled.contains(split.splitId())) {
      ended.put(split.splitId(), split.ended());
    }
  }

  /** The enumerator has let go of them. */
  void settle(Collection<String> ids) {
    ids.forEach(unsettled::remove);
    ids.forEach(ended::remove);
  }

  Set<String> unsettled() {
    return unsettled;
  }

  /** Splits that have nothing left to read and still belong into checkpoints. */
  Collection<ReplaySplit> ended() {
    return ended.values();
  }
}
