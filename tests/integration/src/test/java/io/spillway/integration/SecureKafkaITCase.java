package io.spillway.integration;

import static io.spillway.integration.SensorRecord.reading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.event.CloudEventHeaders;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The IoT job on brokers that take clients by TLS and login alone: from events to results, with a
 * password that only its file knows; and what a user is told whose password or certificate is
 * wrong.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureKafkaITCase {
  private static final int READINGS = 20;
  private static final long HOUR_MILLIS = 3_600_000;

  private final String password = "pw-" + UUID.randomUUID();
  private final Set<String> commandLines = new ConcurrentSkipListSet<>();

  private LocalCluster cluster;
  private SecureKafka kafka;
  private Path properties;
  private String jobId;

  @BeforeAll
  void runTheJob(LocalCluster cluster) throws Exception {
    this.cluster = cluster;
    kafka = SecureKafka.start(Path.of("target", "secure-kafka"), password);
    properties = kafka.clientProperties("client", password, "broker");
    Map<String, String> settings = new HashMap<>();
    for (String topic :
        List.of("input", "alerts", "aggregates", "ledger", "dead-letters", "policy")) {
      settings.put(topic + ".topic", "secure." + topic);
    }
    kafka.createTopics(settings.values());
    // Nothing is turned away, on the slowest machine.
    settings.put("admission.enabled", "false");
    settings.put("kafka.group.id", "secure");
    settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    settings.put("kafka.properties-file", properties.toString());
    CompletableFuture<String> submitted =
        CompletableFuture.supplyAsync(() -> cluster.submit("iot", settings, 1, Optional.empty()));
    assertThat(
            Await.until(
                IotRun.LIMIT,
                () -> {
                  lookAtProcesses();
                  return submitted.isDone();
                }))
        .isTrue();
    jobId = submitted.join();
    cluster.awaitRunning(jobId, IotRun.LIMIT);
    lookAtProcesses();
    send();
  }

  @AfterAll
  void stop() throws Exception {
    if (jobId != null) {
      cluster.cancel(jobId);
    }
    if (kafka != null) {
      kafka.close();
    }
  }

  @Test
  void runsFromEventsToResults() throws IOException {
    assertThat(received("secure.alerts", "\"site\":\"site-a\"")).isNotEmpty();
    assertThat(received("secure.aggregates", "\"site\":\"site-a\""))
        .contains("\"count\":" + READINGS);
  }

  @Test
  void keepsThePasswordOutOfCommandLines() {
    assertThat(commandLines)
        .anyMatch(line -> line.contains("kafka.properties-file=" + properties))
        .noneMatch(line -> line.contains(password));
  }

  @Test
  void keepsThePasswordOutOfLogsAndConfigurations() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (String folder : List.of("log", "conf", "run")) {
      try (Stream<Path> paths = Files.walk(cluster.spec().stateDir().resolve(folder))) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          seen.add(path.getFileName().toString());
          assertThat(Files.readString(path, StandardCharsets.ISO_8859_1).contains(password))
              .as("password in %s", path)
              .isFalse();
        }
      }
    }
    assertThat(seen).contains("client.log", "jobmanager.log", "taskmanager-1.log", "config.yaml");
  }

  @Test
  void keepsThePasswordOutOfTheWebUi() {
    FlinkRest rest = new FlinkRest(cluster.rest());
    String job = "/jobs/" + jobId;
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/jobs/overview",
                job,
                job + "/config",
                job + "/plan",
                job + "/exceptions",
                job + "/checkpoints/config",
                job + "/jobmanager/config",
                job + "/jobmanager/environment"));
    rest.taskManagers().keySet().forEach(id -> paths.add("/taskmanagers/" + id));
    for (JsonNode vertex : rest.get(job).path("vertices")) {
      paths.add(job + "/vertices/" + vertex.path("id").asText());
    }
    assertThat(paths)
        .allSatisfy(path -> assertThat(rest.get(path).toString()).doesNotContain(password));
  }

  @Test
  void saysInOneLineThatTheLoginIsWrong() throws Exception {
    String wrong = "wrong-" + UUID.randomUUID();
    Path file = kafka.clientProperties("wrong-password", wrong, "broker");

    assertThat(submit(file))
        .contains("kafka.properties-file = '" + file + "'")
        .contains("the broker at " + kafka.bootstrapServers() + " refused the login")
        .contains("sasl.jaas.config")
        .doesNotContain(wrong);
  }

  @Test
  void saysInOneLineThatTheCertificateIsNotTrusted() throws Exception {
    Path file = kafka.clientProperties("wrong-certificate", password, "stranger");

    assertThat(submit(file))
        .contains("kafka.properties-file = '" + file + "'")
        .contains("no TLS with the broker at " + kafka.bootstrapServers())
        .contains("ssl.truststore.location")
        .doesNotContain(password);
  }

  private String submit(Path file) throws Exception {
    return SubmitCommand.refused(
        "kafka.bootstrap.servers=" + kafka.bootstrapServers(), "kafka.properties-file=" + file);
  }

  /** What {@code ps} shows. */
  private void lookAtProcesses() {
    ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
        .forEach(
            file -> {
              try {
                commandLines.add(
                    Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' '));
              } catch (IOException ended) {
                // Gone since it was listed.
              }
            });
  }

  /** One window of readings, an alarm in it, and an hour later what closes it. */
  private void send() throws IOException {
    long start = System.currentTimeMillis() - 2 * HOUR_MILLIS;
    start -= start % HOUR_MILLIS;
    Map<String, Object> config = clients();
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
      for (int i = 0; i < READINGS - 1; i++) {
        producer.send(reading("secure.input", 0, start + i, "site-a", i).toKafka());
      }
      producer.send(
          reading("secure.input", 0, start + READINGS, "site-a", READINGS)
              .with(CloudEventHeaders.TYPE, "iot.alarm")
              .with(CloudEventHeaders.PRIORITY, "critical")
              .toKafka());
      producer.send(reading("secure.input", 0, start + HOUR_MILLIS, "later", 1).toKafka());
    }
  }

  /** The first record of a topic with this in it. */
  private String received(String topic, String part) throws IOException {
    Map<String, Object> config = clients();
    config.put("key.deserializer", ByteArrayDeserializer.class);
    config.put("value.deserializer", ByteArrayDeserializer.class);
    config.put("group.id", "reader-of-" + topic);
    config.put("auto.offset.reset", "earliest");
    List<String> values = new ArrayList<>();
    List<String> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
      consumer.subscribe(List.of(topic));
      boolean met =
          Await.until(
              IotRun.LIMIT,
              () -> {
                for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
                values.stream()
                    .filter(value -> value.contains(part))
                    .findFirst()
                    .ifPresent(found::add);
                return !found.isEmpty();
              });
      assertThat(met).as("%s in %s, seen %s", part, topic, values).isTrue();
    }
    return found.get(0);
  }

  /** As any other client: with the password out of the file. */
  private Map<String, Object> clients() throws IOException {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(properties)) {
      read.load(reader);
    }
    Map<String, Object> config = new HashMap<>();
    new TreeSet<>(read.stringPropertyNames())
        .forEach(name -> config.put(name, read.getProperty(name)));
    config.put("bootstrap.servers", kafka.bootstrapServers());
    return config;
  }
}
