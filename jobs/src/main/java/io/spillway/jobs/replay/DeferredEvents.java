package io.spillway.jobs.replay;

import java.util.List;
import java.util.Set;

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

  /**
   * What the ledger says now.
   *
   * @param splits what is open, of all input partitions
   * @param settledBy runs that have settled events
   */
  record Ledger(List<ReplaySplit> splits, Set<String> settledBy) {}

  /** Reads the ledger to its end, for a run that begins. */
  Ledger open() throws Exception;

  /** Reads the ledger to its end, for a run that goes on: the runs that have settled events. */
  Set<String> settledBy() throws Exception;

  /** Gives the claim back. */
  @Override
  void close();
}
