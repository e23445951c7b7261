package io.spillway.sandbox.measure;

import io.spillway.event.CloudEventHeaders;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.ProducedWindows.Comparison;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topics from which the windows of a run are judged, read as far as they are committed. */
public record WindowTopics(String events, String aggregates, String corrections) {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private interface Told {
    void about(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  /**
   * Compares what is in these topics now.
   *
   * @param window length of the windows
   */
  public Comparison compare(String bootstrapServers, Duration window) {
    ProducedWindows windows = new ProducedWindows(window.toMillis());
    read(bootstrapServers, events, event -> windows.produced(timeMillis(event), event.value()));
    read(bootstrapServers, aggregates, result -> windows.first(result.value()));
    read(bootstrapServers, corrections, result -> windows.correction(result.value()));
    try {
      return windows.compare();
    } catch (IOException e) {
      throw SandboxException.failure("a result of %s: %s".formatted(aggregates, e.getMessage()), e);
    }
  }

  private static void read(String bootstrapServers, String topic, Told told) {
    TopicReader.readAll(
        bootstrapServers,
        topic,
        LIMIT,
        record -> {
          try {
            told.about(record);
          } catch (IOException | RuntimeException e) {
            throw SandboxException.failure(
                "record %s-%d@%d cannot be compared: %s"
                    .formatted(topic, record.partition(), record.offset(), e.getMessage()),
                e);
          }
        });
  }

  private static long timeMillis(ConsumerRecord<byte[], byte[]> event) {
    byte[] time = event.headers().lastHeader(CloudEventHeaders.TIME).value();
    return Instant.parse(Attributes.text(time)).toEpochMilli();
  }
}
