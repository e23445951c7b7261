package io.spillway.jobs.replay;

import java.util.List;

/**
 * The deferred events of a job, and the right to replay them. May block; called by one thread at a
 * time, but for {@link #close}, which may come from another one.
 */
interface DeferredEvents extends AutoCloseable {
  /**
   * Says that this run is at work.
   *
   * @throws AnotherReplay if another one has been at it for longer
   */
  void claim() throws Exception;

  /** What is open now, of all input partitions, in splits. */
  List<ReplaySplit> open() throws Exception;

  /** Gives the claim back. */
  @Override
  void close();
}
