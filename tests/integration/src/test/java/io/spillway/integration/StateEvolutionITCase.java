package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.sandbox.cluster.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A savepoint that an earlier version of a job has taken restores, and the job goes on with what is
 * in it: the place in the input, and windows that were open. The savepoints lie in {@code
 * src/test/resources/savepoints}; one is only made anew where state really cannot be carried over,
 * and then the documentation of the job says what that means for its users:
 *
 * <pre>mvn verify -pl tests/integration -am -Dtest=None -Dit.test=StateEvolutionITCase \
 *   -Dsurefire.failIfNoSpecifiedTests=false -Dsavepoint.update=true</pre>
 */
@ExtendWith(SharedCluster.class)
class StateEvolutionITCase {
  private static final boolean UPDATE = Boolean.getBoolean("savepoint.update");
  private static final int PARTITIONS = 4;
  private static final int BEFORE = 8;
  private static final int AFTER = 4;

  /** Some minute long ago; its window is of 10 s. */
  private static final long WINDOW = 1_700_000_000_000L;

  @Test
  void windowsThatWereOpenGoOnAfterAnUpgradeOfTheIotJob(LocalCluster cluster) throws IOException {
    Path savepoint = Path.of("src", "test", "resources", "savepoints", "iot").toAbsolutePath();
    try (IotRun run = IotRun.named("evolution", cluster, Map.of());
        HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents receipts = new TopicContents(cluster, run.topic("receipts"));
        TopicContents aggregates = new TopicContents(cluster, run.topic("aggregates"))) {
      send(producer, run, 0, BEFORE, WINDOW + 1_000);
      if (UPDATE) {
        run.start(2);
        receipts.await(BEFORE);
        replace(savepoint, Path.of(URI.create(run.stopWithSavepoint())));
      }
      run.startFrom(savepoint.toUri().toString(), 2);
      send(producer, run, BEFORE, AFTER, WINDOW + 2_000);
      // In each partition, so that the watermark passes the window.
      send(producer, run, BEFORE + AFTER, PARTITIONS, WINDOW + 60_000);

      String start = Instant.ofEpochMilli(WINDOW).toString();
      List<JsonNode> results =
          aggregates.await(1, each -> each.path("start").asText().equals(start));
      assertThat(results.get(0).path("kept").asInt()).isEqualTo(BEFORE + AFTER);
      assertThat(results.get(0).path("count").asInt()).isEqualTo(BEFORE + AFTER);
    }
  }

  private static void send(
      HandProducer<byte[]> producer, IotRun run, int from, int count, long millis) {
    for (int i = from; i < from + count; i++) {
      producer.send(
          SensorRecord.reading(run.topic("events"), i % PARTITIONS, millis, "s-1", i).toKafka());
    }
  }

  /** A canonical savepoint is whole in its folder: it may be moved. */
  private static void replace(Path kept, Path taken) throws IOException {
    if (Files.exists(kept)) {
      try (Stream<Path> old = Files.walk(kept)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(kept);
    try (Stream<Path> files = Files.list(taken)) {
      for (Path file : files.toList()) {
        Files.copy(file, kept.resolve(file.getFileName()));
      }
    }
  }
}
