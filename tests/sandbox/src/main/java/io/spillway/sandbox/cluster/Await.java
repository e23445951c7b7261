package io.spillway.sandbox.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for something outside this process, which can only be asked again and again. */
public final class Await {
  private static final long PAUSE_MILLIS = 100;

  private Await() {}

  /** Whether the condition became true within the limit; it is asked at least once. */
  public static boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw SandboxException.failure("interrupted while waiting");
      }
    }
    return true;
  }
}
