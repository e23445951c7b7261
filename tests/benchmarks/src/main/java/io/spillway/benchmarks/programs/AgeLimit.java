package io.spillway.benchmarks.programs;

import io.spillway.priority.Priority;
import java.time.Duration;

/**
 * Drops what is older than this before any work is spent on it, but never CRITICAL: what a program
 * can do that reads in order of arrival and has no other queue than the topic. Immutable.
 */
record AgeLimit(Duration limit) {
  boolean isTooOld(Priority priority, long sentMillis, long nowMillis) {
    return priority != Priority.CRITICAL && nowMillis - sentMillis > limit.toMillis();
  }
}
