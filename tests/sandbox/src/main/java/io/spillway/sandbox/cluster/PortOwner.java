package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who listens on a TCP port: the socket of {@code /proc/net/tcp} and {@code tcp6} that is in state
 * LISTEN on it, and the process that has this socket open (proc(5)). Processes of other users show
 * their number to root only; then the owner is unknown, and so it is without {@code /proc}.
 */
public record PortOwner(long pid, String command) {
  private static final String LISTEN = "0A";

  /** Whether something listens on this port of the loopback address or of all addresses. */
  public static boolean isTaken(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(Ports.HOST), port));
      return false;
    } catch (IOException taken) {
      return true;
    }
  }

  /** The process that listens on this port, as far as this user may know it. */
  public static Optional<PortOwner> of(int port) {
    return of(port, Path.of("/proc"));
  }

  static Optional<PortOwner> of(int port, Path proc) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      try (Stream<String> lines = Files.lines(proc.resolve(table))) {
        lines.skip(1).map(line -> listener(line, port)).forEach(o -> o.ifPresent(sockets::add));
      } catch (IOException absent) {
        continue;
      }
    }
    return sockets.isEmpty() ? Optional.empty() : holder(sockets, proc);
  }

  @Override
  public String toString() {
    return "process %d (%s)".formatted(pid, command);
  }

  /** Link text of the socket a line describes, if it listens on the port. */
  private static Optional<String> listener(String line, int port) {
    String[] fields = line.strip().split("\\s+");
    String local = fields[1];
    int localPort = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
    return localPort == port && fields[3].equals(LISTEN)
        ? Optional.of("socket:[" + fields[9] + "]")
        : Optional.empty();
  }

  private static Optional<PortOwner> holder(Set<String> sockets, Path proc) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holdsOne(process.resolve("fd"), sockets)) {
          long pid = Long.parseLong(process.getFileName().toString());
          return Optional.of(new PortOwner(pid, command(process)));
        }
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean holdsOne(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (Files.isSymbolicLink(link)
            && sockets.contains(Files.readSymbolicLink(link).toString())) {
          return true;
        }
      }
    } catch (IOException notOursOrGone) {
      return false;
    }
    return false;
  }

  /** The command line, for Java without its options: what a user would recognise. */
  private static String command(Path process) throws IOException {
    String[] words = Files.readString(process.resolve("cmdline")).split("\0");
    String shown = words[0].substring(words[0].lastIndexOf('/') + 1);
    for (int i = 1; i < words.length; i++) {
      boolean classPath = words[i].equals("-cp") || words[i].equals("-classpath");
      if (classPath) {
        i++;
      } else if (!words[i].startsWith("-")) {
        return shown + " " + words[i];
      }
    }
    return shown;
  }
}
