package io.spillway.admission;

/** How the lanes of a job are laid out. The value in configuration is the lower-case word. */
public enum LaneMode {
  /**
   * Express and bulk lane from one source, met again as two inputs of the shared stage. Default.
   */
  MERGED,
  /** Each lane with its own source, its own slots and its own copy of the expensive stage. */
  ISOLATED,
  /** One lane for everything: plain Flink. */
  SINGLE
}
