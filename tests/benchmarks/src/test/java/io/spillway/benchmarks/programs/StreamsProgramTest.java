package io.spillway.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsProgramTest {
  @Test
  void writesAReceiptOfEachEventButOfWhatIsTooOldOnlyOfCritical(@TempDir Path state)
      throws Exception {
    ProgramTopics topics = new ProgramTopics("none:1", "events", "receipts");
    Properties settings = new Properties();
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(
        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    settings.put(
        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    AgeLimit age = new AgeLimit(Duration.ofHours(1));
    long now = System.currentTimeMillis();
    long old = now - Duration.ofHours(2).toMillis();
    List<Receipt> receipts = new ArrayList<>();
    try (TopologyTestDriver driver =
        new TopologyTestDriver(StreamsProgram.topology(age, topics, 0), settings)) {
      TestInputTopic<byte[], byte[]> events =
          driver.createInputTopic("events", new ByteArraySerializer(), new ByteArraySerializer());
      events.pipeInput(event(Priority.BULK, now));
      events.pipeInput(event(Priority.HIGH, old));
      events.pipeInput(event(Priority.CRITICAL, old));
      for (byte[] receipt :
          driver
              .createOutputTopic(
                  "receipts", new ByteArrayDeserializer(), new ByteArrayDeserializer())
              .readValuesToList()) {
        receipts.add(Receipt.parse(receipt));
      }
    }
    assertThat(receipts)
        .containsExactly(
            new Receipt("events", 0, 0, "pump", 7, Priority.BULK, now),
            new Receipt("events", 0, 2, "pump", 7, Priority.CRITICAL, old));
  }

  private static TestRecord<byte[], byte[]> event(Priority priority, long sentMillis) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_priority", utf8(priority.wireName()));
    headers.add("ce_source", utf8("pump"));
    headers.add("ce_sequence", utf8("7"));
    headers.add("ce_intendedsendtime", utf8(Long.toString(sentMillis)));
    return new TestRecord<>(null, utf8("{}"), headers, sentMillis);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
