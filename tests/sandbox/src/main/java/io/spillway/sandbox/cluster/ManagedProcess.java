package io.spillway.sandbox.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of the sandbox that outlives the command that started it. Its identity is in {@code
 * run/NAME.pid}, its log in {@code log/NAME.log} and what it prints in {@code log/NAME.out}, so
 * every later command finds it again. Holds no state of its own; two commands at once are kept
 * apart by {@link StateLock}.
 */
final class ManagedProcess {
  /** What is known about the process. */
  enum State {
    RUNNING,
    /** It was started, nobody stopped it, and it is not there. */
    DIED,
    STOPPED
  }

  private static final Path NEW_SESSION = Path.of("/usr/bin/setsid");
  private static final int SHOWN_LINES = 20;

  private final String name;
  private final Path pidFile;
  private final Path log;
  private final Path out;

  ManagedProcess(String name, Path stateDir) {
    this.name = name;
    this.pidFile = stateDir.resolve("run").resolve(name + ".pid");
    this.log = stateDir.resolve("log").resolve(name + ".log");
    this.out = stateDir.resolve("log").resolve(name + ".out");
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  Path out() {
    return out;
  }

  Optional<ProcessIdentity> identity() {
    return ProcessIdentity.read(pidFile);
  }

  State state() {
    return identity().map(id -> id.isAlive() ? State.RUNNING : State.DIED).orElse(State.STOPPED);
  }

  boolean isAlive() {
    return state() == State.RUNNING;
  }

  /** Starts it, in a session of its own so that Ctrl-C in the terminal does not reach it. */
  void start(List<String> command, Map<String, String> environment) {
    start(command, environment, true);
  }

  void start(List<String> command, Map<String, String> environment, boolean ownSession) {
    List<String> words = new ArrayList<>();
    if (ownSession && Files.isExecutable(NEW_SESSION)) {
      words.add(NEW_SESSION.toString());
    }
    words.addAll(command);
    try {
      Files.createDirectories(log.getParent());
      keepPrevious(log);
      keepPrevious(out);
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(out.toFile());
      builder.environment().putAll(environment);
      long pid = builder.start().pid();
      ProcessIdentity.of(pid).orElse(new ProcessIdentity(pid, "ended at once")).write(pidFile);
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be started: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Asks it to end. */
  void terminate() {
    identity().flatMap(ProcessIdentity::handle).ifPresent(ProcessHandle::destroy);
  }

  /** Ends it without asking, as {@code kill -9}. */
  void kill() {
    identity().flatMap(ProcessIdentity::handle).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Waits for its end; false if it is still there after the limit. */
  boolean awaitEnd(Duration limit) {
    return Await.until(limit, () -> !isAlive());
  }

  /** Asks it to end, ends it without asking after the limit, and forgets it. */
  void stop(Duration limit) {
    terminate();
    if (!awaitEnd(limit)) {
      kill();
      if (!awaitEnd(Duration.ofSeconds(10))) {
        throw SandboxException.failure(
            "%s (process %d) does not end, not even by kill -9"
                .formatted(name, identity().orElseThrow().pid()));
      }
    }
    forget();
  }

  /** From now on it counts as stopped. */
  void forget() {
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why the sandbox cannot go on: this process is gone; with the last lines of its log. */
  SandboxException died() {
    return SandboxException.failure(
        "%s died; its log: %s".formatted(name, lastWritten()), lastLines());
  }

  /** The last lines it wrote, into its log or to its output, whichever was later. */
  String lastLines() {
    List<String> lines = lines();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }

  /** What it wrote, into its log or to its output, whichever was later. */
  List<String> lines() {
    try {
      return new String(Files.readAllBytes(lastWritten()), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException nothingWritten) {
      return List.of();
    }
  }

  private Path lastWritten() {
    try {
      boolean printed = Files.exists(out) && Files.size(out) > 0;
      if (!Files.exists(log)) {
        return out;
      }
      FileTime logged = Files.getLastModifiedTime(log);
      return printed && Files.getLastModifiedTime(out).compareTo(logged) > 0 ? out : log;
    } catch (IOException e) {
      return log;
    }
  }

  private static void keepPrevious(Path file) throws IOException {
    if (Files.exists(file)) {
      Path previous = file.resolveSibling(file.getFileName() + ".previous");
      Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
