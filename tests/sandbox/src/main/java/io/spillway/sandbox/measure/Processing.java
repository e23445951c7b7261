package io.spillway.sandbox.measure;

/**
 * What works on the events of a run while it is measured: a job of the cluster ({@link
 * RunningJob}), or a program that stands beside it. It runs from when it is made until it is
 * closed; one that has failed meanwhile says so when it is closed.
 */
public interface Processing extends AutoCloseable {
  /** What progress calls it. */
  String id();

  /** What it failed with last and was started again after, in one line; empty if it never did. */
  default String failure() {
    return "";
  }

  /** Ends it with all that is in it: open windows come out, transactions are committed. */
  default void drain() {
    close();
  }

  @Override
  void close();
}
