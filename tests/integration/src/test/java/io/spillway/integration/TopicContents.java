package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What has come into a topic since it was created, in the order of the log. Not thread safe. */
final class TopicContents implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String topic;
  private final TopicReader reader;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  TopicContents(LocalCluster cluster, String topic) {
    this.topic = topic;
    this.reader = TopicReader.fromBeginning(cluster.bootstrapServers(), List.of(topic));
  }

  /** Reads on until this many records are there, then what else there is. */
  List<ConsumerRecord<byte[], byte[]>> await(int count) {
    boolean met = Await.until(IotRun.LIMIT, () -> read() >= count);
    assertThat(met).as("%d records in %s, seen %d", count, topic, records.size()).isTrue();
    Map<TopicPartition, Long> ends = reader.ends();
    assertThat(Await.until(IotRun.LIMIT, () -> read() >= 0 && reader.hasReached(ends))).isTrue();
    return records;
  }

  /** Reads on until JSON records like this are there; returns those that are like it. */
  List<JsonNode> await(int count, Predicate<JsonNode> like) {
    boolean met =
        Await.until(
            IotRun.LIMIT,
            () -> {
              read();
              return jsons(like).size() >= count;
            });
    assertThat(met).as("%d such records in %s, seen %s", count, topic, jsons(j -> true)).isTrue();
    return jsons(like);
  }

  private int read() {
    reader.poll(POLL).forEach(records::add);
    return records.size();
  }

  private List<JsonNode> jsons(Predicate<JsonNode> like) {
    return records.stream().map(record -> json(record.value())).filter(like).toList();
  }

  private static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
