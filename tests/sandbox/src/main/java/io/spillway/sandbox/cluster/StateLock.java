package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One command at a time changes the processes of a state directory, whichever process or thread it
 * runs in. The operating system lets go of the lock when its holder ends, however it ends.
 */
final class StateLock {
  /** File locks belong to the whole process, so threads need one among themselves. */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private StateLock() {}

  /** Does the work when no other command is at work; says so if it has to wait for one. */
  static void holding(Path stateDir, Progress progress, Runnable work) {
    holding(
        stateDir,
        progress,
        () -> {
          work.run();
          return stateDir;
        });
  }

  /** The same for work that has a result. */
  static <T> T holding(Path stateDir, Progress progress, Supplier<T> work) {
    IN_PROCESS.lock();
    try {
      Files.createDirectories(stateDir);
      try (FileChannel channel =
          FileChannel.open(
              stateDir.resolve("cluster.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        if (channel.tryLock() == null) {
          progress.say("waiting for another spillway command that starts or stops the cluster");
          channel.lock();
        }
        return work.get();
      }
    } catch (IOException e) {
      throw SandboxException.failure(
          "%s cannot be locked: %s".formatted(stateDir, e.getMessage()), e);
    } finally {
      IN_PROCESS.unlock();
    }
  }
}
