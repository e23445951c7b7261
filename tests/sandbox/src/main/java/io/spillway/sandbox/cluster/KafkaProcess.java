package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files and command lines of one Kafka node that is broker and controller (KRaft). */
record KafkaProcess(ClusterSpec spec, Distribution distribution) {
  /** Heap and what a JVM needs beside it. */
  static final long MIB = 512 + 192;

  private static final String LOGGING = "kafka-log4j2.properties";

  String bootstrapServers() {
    return Ports.HOST + ":" + spec.ports().kafka();
  }

  /** Writes the configuration. */
  void prepare() throws IOException {
    Files.createDirectories(conf());
    Files.writeString(conf().resolve("server.properties"), serverProperties());
    try (var in = KafkaProcess.class.getResourceAsStream(LOGGING)) {
      Files.write(conf().resolve(LOGGING), in.readAllBytes());
    }
  }

  boolean isFormatted() {
    return Files.exists(data().resolve("meta.properties"));
  }

  /**
   * Formats the storage; the cluster id is always the same, as there is one cluster a directory.
   */
  List<String> formatCommand() {
    return command(
        "kafka.tools.StorageTool",
        "format",
        "--standalone",
        "-t",
        "c3BpbGx3YXktc2FuZGJveA",
        "-c",
        conf().resolve("server.properties").toString());
  }

  List<String> runCommand() {
    return command("kafka.Kafka", conf().resolve("server.properties").toString());
  }

  String serverProperties() {
    Ports ports = spec.ports();
    var values = new TreeMap<String, Object>();
    values.put("process.roles", "broker,controller");
    values.put("node.id", 1);
    values.put("controller.quorum.bootstrap.servers", Ports.HOST + ":" + ports.controller());
    values.put("controller.listener.names", "CONTROLLER");
    values.put(
        "listeners",
        "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d"
            .formatted(Ports.HOST, ports.kafka(), ports.controller()));
    values.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    values.put("log.dirs", data());
    // A misspelt topic is an error and not an empty topic.
    values.put("auto.create.topics.enable", false);
    values.put("num.partitions", 4);
    for (String internal :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      values.put(internal + ".replication.factor", 1);
      values.put(internal + ".num.partitions", 4);
    }
    values.put("transaction.state.log.min.isr", 1);
    values.put("share.coordinator.state.topic.min.isr", 1);
    // Consumers of measurements begin at once.
    values.put("group.initial.rebalance.delay.ms", 0);
    // A record that is too large for the job has to reach the job.
    values.put("message.max.bytes", 16 << 20);
    // A machine's disk is not filled by a generator that was left running.
    values.put("log.retention.hours", 24);
    values.put("log.segment.bytes", 128 << 20);
    values.put("log.retention.bytes", 2L << 30);
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private Path conf() {
    return spec.dir("conf");
  }

  private Path data() {
    return spec.dir("kafka");
  }

  private List<String> command(String mainClass, String... arguments) {
    List<String> start =
        List.of(
            Distribution.java(),
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dlog.file=" + spec.dir("log").resolve("kafka.log"),
            "-Dlog4j2.configurationFile=" + conf().resolve(LOGGING),
            "-cp",
            distribution.kafkaClassPath(),
            mainClass);
    return Stream.concat(start.stream(), List.of(arguments).stream()).toList();
  }
}
