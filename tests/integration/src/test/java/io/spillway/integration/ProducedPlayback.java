package io.spillway.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.CloudEventHeaders;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Receipt;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event of a player as it was produced, and what became of it.
 *
 * @param route network and provider, by its headers
 * @param kept whether there is a receipt for it
 */
record ProducedPlayback(
    String id,
    String source,
    String type,
    String viewer,
    String route,
    long timeMillis,
    long positionMillis,
    long rebufferMillis,
    boolean kept) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All of a topic. */
  static List<ProducedPlayback> read(LocalCluster cluster, String input, String receipts) {
    Set<String> kept = new HashSet<>();
    TopicReader.readAll(
        cluster.bootstrapServers(), receipts, IotRun.LIMIT, record -> kept.add(place(record)));
    List<ProducedPlayback> produced = new ArrayList<>();
    TopicReader.readAll(
        cluster.bootstrapServers(),
        input,
        IotRun.LIMIT,
        record ->
            produced.add(of(record, kept.contains(record.partition() + "@" + record.offset()))));
    return produced;
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    try {
      Receipt receipt = Receipt.parse(record.value());
      return receipt.partition() + "@" + receipt.offset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProducedPlayback of(ConsumerRecord<byte[], byte[]> record, boolean kept) {
    try {
      JsonNode payload = JSON.readTree(record.value());
      return new ProducedPlayback(
          header(record, CloudEventHeaders.ID),
          header(record, CloudEventHeaders.SOURCE),
          header(record, CloudEventHeaders.TYPE),
          payload.path("viewer").asText(),
          header(record, CloudEventHeaders.SUBJECT),
          millis(header(record, CloudEventHeaders.TIME)),
          payload.path("positionMillis").asLong(),
          payload.path("rebufferMillis").asLong(),
          kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it shows that a video plays. */
  boolean isBeat() {
    return type.equals("video.heartbeat") || type.equals("video.start");
  }

  boolean beginsASession() {
    return type.equals("video.start") || type.equals("video.start-failure");
  }

  /** A time in RFC 3339. */
  static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
