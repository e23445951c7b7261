package io.spillway.jobs.replay;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What the enumerator tells a reader that it has let go of, because a completed checkpoint holds it
 * as the reader's.
 *
 * @param ids of splits
 */
record SettledSplits(List<String> ids) implements SourceEvent {
  SettledSplits {
    ids = List.copyOf(ids);
  }

  static SettledSplits of(Collection<String> ids) {
    return new SettledSplits(List.copyOf(ids));
  }
}
