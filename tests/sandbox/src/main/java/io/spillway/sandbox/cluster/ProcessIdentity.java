package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * One process, for good: its number and when it started. Numbers are given out again, so a number
 * alone must never be signalled. The start is the boot id and the clock ticks since boot from
 * {@code /proc/PID/stat} (proc(5), field 22), which no change of the clock moves; where there is no
 * {@code /proc}, the start instant the operating system reports.
 */
record ProcessIdentity(long pid, String start) {
  private static final Path PROC = Path.of("/proc");

  /** The identity of a process that is running now; empty if there is none or it is a zombie. */
  static Optional<ProcessIdentity> of(long pid) {
    return startOf(pid).map(start -> new ProcessIdentity(pid, start));
  }

  /** The identity a file of {@link #write} holds; empty if there is no file or no sense in it. */
  static Optional<ProcessIdentity> read(Path file) {
    try {
      String[] parts = Files.readString(file).strip().split(" ", 2);
      return Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), parts[1]));
    } catch (NoSuchFileException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(whole, pid + " " + start + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  boolean isAlive() {
    return startOf(pid).filter(start::equals).isPresent();
  }

  /** The handle for signals, only while the number still is this process. */
  Optional<ProcessHandle> handle() {
    return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
  }

  /** When it started; empty if it is gone. */
  Optional<Instant> since() {
    return handle().flatMap(handle -> handle.info().startInstant());
  }

  private static Optional<String> startOf(long pid) {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(handle -> handle.info().startInstant())
          .map(Instant::toString);
    }
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return startTicks(Files.readString(PROC.resolve(pid + "/stat"))).map(t -> boot + " " + t);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * Field 22 of a stat line; the name of the command before it may hold blanks and brackets. A
   * zombie is gone once it is down to one thread: until then the others hold its ports.
   */
  static Optional<String> startTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
    boolean ended = zombie && Integer.parseInt(fields[17]) <= 1;
    return ended ? Optional.empty() : Optional.of(fields[19]);
  }
}
