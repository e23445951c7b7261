package io.spillway.sandbox.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.edge.AdmissionFollower;
import io.spillway.edge.AdmissionReport;
import io.spillway.edge.EdgeOptions;
import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The streams of the example, in front of a Kafka that is not there. */
class ExampleProducerTest {
  private static final ProducerPlan PLAN =
      ProducerPlan.of("iot.events", 800, "critical=1,bulk=1", Duration.ofSeconds(2));

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());

  @Test
  void aHeedlessOneSendsBothAlike() {
    try (ExampleProducer producer = new ExampleProducer(kafka)) {
      producer.send(PLAN, null);
      assertThat(producer.sent(Priority.BULK)).isGreaterThan(100);
      assertThat(producer.sent(Priority.CRITICAL)).isGreaterThan(100);
      assertThat(kafka.history())
          .hasSize((int) (producer.sent(Priority.BULK) + producer.sent(Priority.CRITICAL)));
    }
  }

  @Test
  void oneThatFollowsHoldsBackWhatTheJobCannotTakeAndNothingElse() {
    try (ExampleProducer producer = new ExampleProducer(kafka);
        AdmissionFollower follower =
            new AdmissionFollower(EdgeOptions.of("spillway.admission", "iot.events"))) {
      for (Priority priority : Priority.values()) {
        follower.take(
            new AdmissionReport("job", "iot.events", priority, "all-0", 0.1, 400, 10, 0, 1));
      }
      long begin = System.nanoTime();
      producer.send(PLAN, follower);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat((double) producer.sent(Priority.BULK)).isBetween(1.0, 1 + 10 * seconds);
      assertThat(producer.sent(Priority.CRITICAL)).isGreaterThan(producer.sent(Priority.BULK));
    }
  }

  @Test
  void itsEventsAreNumberedWithoutGapsByEachSource() {
    Readings readings = new Readings("iot.events", "r");
    List<ProducerRecord<byte[], byte[]>> records =
        List.of(
            readings.record(Priority.BULK, 7, 1_000), readings.record(Priority.BULK, 107, 2_000));
    assertThat(records)
        .extracting(record -> header(record, CloudEventHeaders.SOURCE))
        .containsOnly("sensor-r-bulk-7");
    assertThat(records)
        .extracting(record -> header(record, CloudEventHeaders.SEQUENCE))
        .containsExactly("1", "2");
    assertThat(header(records.get(1), CloudEventHeaders.TIME)).isEqualTo("1970-01-01T00:00:02Z");
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
