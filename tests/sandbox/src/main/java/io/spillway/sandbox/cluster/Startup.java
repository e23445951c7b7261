package io.spillway.sandbox.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Processes that are started together or not at all: until {@link #commit}, a failure, an exception
 * or Ctrl-C ends every one of them. Thread safe, as Ctrl-C comes on a thread of its own.
 */
final class Startup implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(3);

  private final List<ManagedProcess> started = new ArrayList<>();
  private final Thread onInterrupt = new Thread(this::endAll, "end-what-was-started");
  private boolean over;

  Startup() {
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  synchronized void start(ManagedProcess process, List<String> command, Map<String, String> env) {
    if (over) {
      throw SandboxException.failure("interrupted");
    }
    started.add(process);
    process.start(command, env);
  }

  /** From now on they stay. */
  synchronized void commit() {
    if (over) {
      throw SandboxException.failure("interrupted");
    }
    over = true;
  }

  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running or has run: it did the same.
      return;
    }
  }

  private synchronized void endAll() {
    if (over) {
      return;
    }
    over = true;
    started.forEach(ManagedProcess::terminate);
    started.forEach(process -> process.stop(END_LIMIT));
  }
}
