package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.Await;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A real Kafka node that takes clients by TLS and SCRAM-SHA-512 alone: its certificate and key are
 * made by keytool when it starts, its one user by Kafka's admin client. Beside that it has an open
 * listener for whoever sets it up. On the loopback address, on ports that were free.
 */
final class SecureKafka implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String USER = "iot";
  private static final String STORE_PASSWORD = "of-the-test-broker";

  private final Path folder;
  private final int open;
  private final int secure;
  private Process process;

  private SecureKafka(Path folder) throws IOException {
    this.folder = folder;
    List<Integer> ports = freePorts(3);
    this.open = ports.get(0);
    this.secure = ports.get(1);
    Files.writeString(folder.resolve("server.properties"), serverProperties(ports.get(2)));
  }

  /** Starts it in this folder, which is emptied, and waits until it answers. */
  static SecureKafka start(Path folder, String password) throws Exception {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
    SecureKafka kafka = new SecureKafka(folder.toAbsolutePath());
    try {
      kafka.makeCertificate("broker");
      kafka.makeCertificate("stranger");
      kafka.run(password);
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
    return kafka;
  }

  /** Where clients come in by TLS and login. */
  String bootstrapServers() {
    return HOST + ":" + secure;
  }

  /** Of one partition each. */
  void createTopics(Collection<String> names) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(names.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /**
   * A file of properties for clients.
   *
   * @param trusted whose certificate the client trusts: that of the {@code broker} or of a {@code
   *     stranger}
   */
  Path clientProperties(String name, String password, String trusted) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".properties"),
        """
        security.protocol=SASL_SSL
        ssl.truststore.type=PEM
        ssl.truststore.location=%s
        sasl.mechanism=SCRAM-SHA-512
        sasl.jaas.config=%s required username="%s" password="%s";
        """
            .formatted(
                folder.resolve(trusted + ".pem"),
                "org.apache.kafka.common.security.scram.ScramLoginModule",
                USER,
                password));
  }

  private void run(String password) throws Exception {
    String config = folder.resolve("server.properties").toString();
    Process format =
        java(
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "-t",
            "c3BpbGx3YXktc2VjdXJpdHk",
            "-c",
            config);
    assertThat(format.waitFor(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(format.exitValue()).as("see %s", folder.resolve("out")).isZero();
    process = java("kafka.Kafka", config);
    assertThat(Await.until(IotRun.LIMIT, () -> listens(secure))).as("Kafka listens").isTrue();
    try (Admin admin = admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
          .all()
          .get(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private Process java(String... mainClassAndArguments) throws IOException {
    Path libraries = Path.of("..", "sandbox", "dist", "kafka", "target", "lib").toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libraries + "/*"));
    command.addAll(List.of(mainClassAndArguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
        .start();
  }

  /** A key and its self-signed certificate, which is also written down for those who trust it. */
  private void makeCertificate(String name) throws Exception {
    File store = folder.resolve(name + ".p12").toFile();
    ProcessBuilder keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass:env",
                "STORE_PASSWORD",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:" + HOST)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool").toFile());
    keytool.environment().put("STORE_PASSWORD", STORE_PASSWORD);
    Process made = keytool.start();
    assertThat(made.waitFor(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).as(Files.readString(folder.resolve("keytool"))).isZero();
    byte[] certificate =
        KeyStore.getInstance(store, STORE_PASSWORD.toCharArray()).getCertificate(name).getEncoded();
    Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(certificate)));
  }

  private String serverProperties(int controller) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=%1$s:%4$d
        controller.listener.names=CONTROLLER
        listeners=OPEN://%1$s:%2$d,SECURE://%1$s:%3$d,CONTROLLER://%1$s:%4$d
        listener.security.protocol.map=OPEN:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=OPEN
        listener.name.secure.ssl.keystore.type=PKCS12
        listener.name.secure.ssl.keystore.location=%5$s
        listener.name.secure.ssl.keystore.password=%6$s
        listener.name.secure.sasl.enabled.mechanisms=SCRAM-SHA-512
        listener.name.secure.scram-sha-512.sasl.jaas.config=\
        org.apache.kafka.common.security.scram.ScramLoginModule required;
        log.dirs=%7$s
        auto.create.topics.enable=false
        group.initial.rebalance.delay.ms=0
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.num.partitions=1
        transaction.state.log.min.isr=1
        """
        .formatted(
            HOST,
            open,
            secure,
            controller,
            folder.resolve("broker.p12"),
            STORE_PASSWORD,
            folder.resolve("data"));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", HOST + ":" + open));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), 1000);
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
    }
    List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
      if (!Await.until(Duration.ofSeconds(20), () -> !process.isAlive())) {
        process.destroyForcibly();
      }
    }
  }
}
