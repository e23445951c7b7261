package io.spillway.sandbox.cluster;

import java.io.PrintStream;

/** Where long work says what it is doing, one short line for each step. */
@FunctionalInterface
public interface Progress {
  /** Says nothing. */
  Progress SILENT = line -> {};

  /** The step that begins or has ended now. */
  void say(String line);

  /** A line on this stream for each step. */
  static Progress to(PrintStream out) {
    return out::println;
  }
}
