package io.spillway.integration;

import static io.spillway.integration.SensorRecord.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import io.spillway.sandbox.cluster.LocalCluster;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Events that the CloudEvents Java SDK has written, and nothing of this project, in both content
 * modes. The topics are the ones the job uses by default.
 */
@ExtendWith(SharedCluster.class)
class CloudEventsSdkITCase {
  private static final int PARTITIONS = 4;
  private static final long WINDOW_MILLIS = 10_000;

  /** A window that is over; its events are sent with their own time as Kafka timestamp. */
  private final long window =
      Math.floorDiv(System.currentTimeMillis(), WINDOW_MILLIS) * WINDOW_MILLIS - 6 * WINDOW_MILLIS;

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"BINARY", "STRUCTURED"})
  void comeOutAsAlertsAndAggregates(Encoding mode, LocalCluster cluster) {
    String prefix = mode == Encoding.BINARY ? "iot-binary" : "iot-structured";
    // Nothing is turned away, on the slowest machine.
    Map<String, String> settings = Map.of("admission.enabled", "false");
    try (IotRun run = IotRun.named(prefix, cluster, settings).start(1);
        HandProducer<CloudEvent> producer = HandProducer.of(cluster, serializer(mode));
        TopicContents alerts = new TopicContents(cluster, run.topic("alerts"));
        TopicContents aggregates = new TopicContents(cluster, run.topic("aggregates"));
        TopicContents deadLetters = new TopicContents(cluster, run.topic("dead-letters"))) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        send(producer, run, partition, 1_000, event("iot.telemetry", 1_000, 20.0 + partition));
      }
      // The type makes the first one critical, its own attribute the second.
      send(producer, run, 0, 2_000, event("iot.alarm.smoke", 2_000, 91.5));
      send(
          producer,
          run,
          1,
          3_000,
          CloudEventBuilder.v1(event("com.example.leak", 3_000, 7.25))
              .withExtension("priority", "critical")
              .build());
      for (int partition = 0; partition < PARTITIONS; partition++) {
        long later = 2 * WINDOW_MILLIS;
        send(producer, run, partition, later, event("iot.telemetry", later, 1.0));
      }

      assertThat(alerts.await(2, alert -> true))
          .extracting(
              a -> a.path("id").asText(),
              a -> a.path("source").asText(),
              a -> a.path("type").asText(),
              a -> a.path("priority").asText(),
              a -> Instant.parse(a.path("time").asText()).toEpochMilli(),
              a -> a.path("site").asText(),
              a -> a.path("value").asDouble())
          .containsExactlyInAnyOrder(
              tuple("iot.alarm.smoke", 2_000, 91.5), tuple("com.example.leak", 3_000, 7.25));
      JsonNode first = aggregates.await(1, this::isOfWindow).get(0);
      assertThat(first.path("site").asText()).isEqualTo("s-1");
      assertThat(first.path("metric").asText()).isEqualTo("temperature");
      assertThat(first.path("count").asDouble()).isEqualTo(PARTITIONS + 2);
      assertThat(first.path("coverage").asDouble()).isEqualTo(1.0);
      assertThat(first.path("sum").asDouble()).isEqualTo(20.0 + 21.0 + 22.0 + 23.0 + 91.5 + 7.25);
      assertThat(deadLetters.await(0)).isEmpty();
      assertThat(run.isUnharmed()).isTrue();
    }
  }

  private org.assertj.core.groups.Tuple tuple(String type, long offsetMillis, double value) {
    return org.assertj.core.api.Assertions.tuple(
        type + "@" + offsetMillis,
        "/sites/1/sensor-1",
        type,
        "critical",
        window + offsetMillis,
        "s-1",
        value);
  }

  private boolean isOfWindow(JsonNode aggregate) {
    return Instant.parse(aggregate.path("start").asText()).toEpochMilli() == window;
  }

  private void send(
      HandProducer<CloudEvent> producer,
      IotRun run,
      int partition,
      long offsetMillis,
      CloudEvent event) {
    producer.send(
        new ProducerRecord<>(
            run.topic("events"), partition, window + offsetMillis, utf8("sensor-1"), event));
  }

  private CloudEvent event(String type, long offsetMillis, double value) {
    String json =
        "{\"site\":\"s-1\",\"sensor\":\"sensor-1\",\"metric\":\"temperature\",\"value\":%s,\"unit\":\"C\"}"
            .formatted(value);
    return CloudEventBuilder.v1()
        .withId(type + "@" + offsetMillis)
        .withSource(URI.create("/sites/1/sensor-1"))
        .withType(type)
        .withTime(Instant.ofEpochMilli(window + offsetMillis).atOffset(ZoneOffset.UTC))
        .withData("application/json", utf8(json))
        .build();
  }

  private static CloudEventSerializer serializer(Encoding mode) {
    CloudEventSerializer serializer = new CloudEventSerializer();
    serializer.configure(
        Map.of(
            CloudEventSerializer.ENCODING_CONFIG,
            mode,
            CloudEventSerializer.EVENT_FORMAT_CONFIG,
            JsonFormat.CONTENT_TYPE),
        false);
    return serializer;
  }
}
