package io.spillway.jobs.replay;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader tells the enumerator that it has: when it starts, and with each checkpoint.
 *
 * @param checkpoint whose part of this reader holds them; {@link #AT_START} for what it starts with
 * @param ids of splits, ended ones too, but for those it knows to be {@link SettledSplits settled}
 */
record HeldSplits(long checkpoint, List<String> ids) implements SourceEvent {
  static final long AT_START = -1;

  HeldSplits {
    ids = List.copyOf(ids);
  }

  static HeldSplits atStart(Collection<String> ids) {
    return new HeldSplits(AT_START, List.copyOf(ids));
  }

  boolean isAtStart() {
    return checkpoint == AT_START;
  }
}
