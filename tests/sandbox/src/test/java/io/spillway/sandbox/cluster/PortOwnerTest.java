package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortOwnerTest {
  private static final String HEADER =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

  @TempDir Path proc;

  @Test
  void findsTheProcessThatListens() throws IOException {
    table(
        "tcp",
        "   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n");
    table("tcp6", "");
    process("17", "socket:[1]", "bash\0");
    process(
        "42", "socket:[4711]", "/usr/bin/java\0-Xmx1g\0-cp\0/a:/b\0com.example.Server\0--port\0");

    assertThat(PortOwner.of(8081, proc)).contains(new PortOwner(42, "java com.example.Server"));
  }

  @Test
  void findsAListenerOnAllAddressesOfEitherProtocol() throws IOException {
    table("tcp", "");
    table(
        "tcp6",
        "   0: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A"
            + " 00000000:00000000 00:00000000 00000000 0 0 9 1\n");
    process("42", "socket:[9]", "nginx\0");

    assertThat(PortOwner.of(8081, proc)).contains(new PortOwner(42, "nginx"));
  }

  @Test
  void aConnectionFromTheSamePortIsNotAListener() throws IOException {
    table(
        "tcp",
        "   0: 0100007F:1F91 0100007F:2384 01 00000000:00000000 00:00000000 00000000 0 0 4711 1\n");
    process("42", "socket:[4711]", "curl\0");

    assertThat(PortOwner.of(8081, proc)).isEmpty();
  }

  @Test
  void anOwnerThatMayNotBeSeenIsUnknown() throws IOException {
    table(
        "tcp",
        "   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n");

    assertThat(PortOwner.of(8081, proc)).isEmpty();
  }

  @Test
  void thisProcessOwnsThePortItListensOn() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(PortOwner.isTaken(socket.getLocalPort())).isTrue();
      assertThat(PortOwner.of(socket.getLocalPort()))
          .hasValueSatisfying(
              owner -> assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid()));
    }
  }

  private void table(String name, String lines) throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net").resolve(name), HEADER + lines);
  }

  private void process(String pid, String socket, String command) throws IOException {
    Path descriptors = Files.createDirectories(proc.resolve(pid).resolve("fd"));
    Files.createSymbolicLink(descriptors.resolve("3"), Path.of(socket));
    Files.writeString(proc.resolve(pid).resolve("cmdline"), command);
  }
}
