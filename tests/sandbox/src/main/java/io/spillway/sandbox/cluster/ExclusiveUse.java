package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One command at a time measures on a local cluster: a second one would take its workers and make
 * its topics anew. Whoever measures holds this; the operating system lets go of it when the holder
 * ends, however it ends.
 */
public final class ExclusiveUse implements AutoCloseable {
  private final FileChannel channel;

  private ExclusiveUse(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the cluster of this state directory.
   *
   * @throws SandboxException naming the process that has it
   */
  public static ExclusiveUse of(Path stateDir) {
    Path file = stateDir.resolve("measuring.lock");
    try {
      Files.createDirectories(stateDir);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locks(channel)) {
        channel.close();
        throw SandboxException.failure(
            "process %s is measuring on this cluster: wait for it or stop it"
                .formatted(Files.readString(file)));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new ExclusiveUse(channel);
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be locked: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean locks(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw SandboxException.failure("the lock cannot be given back: " + e.getMessage(), e);
    }
  }
}
