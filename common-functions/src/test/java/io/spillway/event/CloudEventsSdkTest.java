package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.spillway.priority.Priority;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that the official SDK wrote, in both content modes. */
class CloudEventsSdkTest {
  private static final String TIME = "2026-03-01T13:59:59.25+02:00";
  private static final long TIME_MILLIS = OffsetDateTime.parse(TIME).toInstant().toEpochMilli();
  private static final String JSON = "{\"site\":\"s-3\",\"value\":21.5}";

  /** One of the SDK's two ways to write an event. */
  interface Mode
      extends BiFunction<
          MessageWriter<?, ProducerRecord<Void, byte[]>>,
          CloudEvent,
          ProducerRecord<Void, byte[]>> {}

  static Named<Mode>[] modes() {
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    Named<Mode>[] modes =
        new Named[] {
          Named.<Mode>of("binary", (writer, event) -> writer.writeBinary(event)),
          Named.<Mode>of(
              "structured", (writer, event) -> writer.writeStructured(event, new JsonFormat()))
        };
    return modes;
  }

  @ParameterizedTest
  @MethodSource("modes")
  void readsWhatTheSdkWrites(Mode mode) {
    RawEvent raw =
        written(
            mode,
            event()
                .withData("application/json", JSON.getBytes(StandardCharsets.UTF_8))
                .withExtension("priority", "high")
                .withExtension("severitynumber", 17)
                .withExtension("sampledrate", 4)
                .withExtension("sequence", "12")
                .withExtension("expirytime", OffsetDateTime.parse("2026-03-01T12:00:10Z"))
                .withExtension("intendedsendtime", Long.toString(TIME_MILLIS - 1))
                .withExtension("tenant", "gold")
                .build());

    EventAttributes event = EventAttributes.read(raw, EventLimits.defaults());

    assertThat(event.detail()).isNull();
    assertThat(event.id()).isEqualTo(SampleEvent.utf8("a-1"));
    assertThat(event.source()).isEqualTo("/plant-7/sensör");
    assertThat(event.type()).isEqualTo("com.example.alarm.fire");
    assertThat(event.eventTimeMillis()).isEqualTo(TIME_MILLIS);
    assertThat(event.priority()).isEqualTo(Priority.HIGH);
    assertThat(event.severityNumber()).isEqualTo(17);
    assertThat(event.sampledRate()).isEqualTo(4);
    assertThat(event.sequence()).isEqualTo(12);
    assertThat(event.expiryMillis()).isEqualTo(SampleEvent.NOW.plusSeconds(10).toEpochMilli());
    assertThat(event.sentMillis()).isEqualTo(TIME_MILLIS - 1);
    assertThat(event.text("ce_tenant")).isEqualTo("gold");
    assertThat(event.text("ce_subject")).isEqualTo("oven");
    assertThat(EventData.of(raw)).asString(StandardCharsets.UTF_8).isEqualTo(JSON);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void findsBinaryAndTextPayloads(Mode mode) {
    byte[] bytes = {0, 1, (byte) 0xFF};
    CloudEvent binary = event().withData("application/octet-stream", bytes).build();
    assertThat(EventData.of(written(mode, binary))).isEqualTo(bytes);

    byte[] text = "wärm".getBytes(StandardCharsets.UTF_8);
    CloudEvent plain = event().withData("text/plain", text).build();
    assertThat(EventData.of(written(mode, plain))).isEqualTo(text);
  }

  private static CloudEventBuilder event() {
    return CloudEventBuilder.v1()
        .withId("a-1")
        .withSource(URI.create("/plant-7/sensör"))
        .withType("com.example.alarm.fire")
        .withSubject("oven")
        .withTime(OffsetDateTime.parse(TIME));
  }

  /** The event as a consumer gets it. */
  private static RawEvent written(Mode mode, CloudEvent event) {
    ProducerRecord<Void, byte[]> sent =
        mode.apply(KafkaMessageFactory.createWriter("iot.events"), event);
    return RawEventDeserializer.rawEvent(
        new ConsumerRecord<>(
            sent.topic(),
            0,
            1,
            SampleEvent.NOW.toEpochMilli(),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            sent.value().length,
            null,
            sent.value(),
            sent.headers(),
            Optional.empty()));
  }
}
