package io.spillway.policy;

import io.spillway.event.RawEvent;
import java.io.Serializable;
import java.util.List;

/**
 * Where policies come from: a log of records with offsets, whose last record of each key is kept
 * for ever. This library does not say which; a job does.
 */
public interface PolicyTopic extends Serializable {
  /** Begins to read at this offset, or at the oldest record there still is. May block. */
  Reader open(long offset) throws Exception;

  /** Not thread safe; an interrupt ends what it waits for. */
  interface Reader extends AutoCloseable {
    /**
     * Records in their order. The first call returns everything that was there when it was made,
     * however long it takes; a later one what has come since, after a moment at most.
     */
    List<RawEvent> poll() throws Exception;

    @Override
    void close();
  }
}
