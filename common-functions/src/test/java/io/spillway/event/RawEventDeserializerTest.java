package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RawEventDeserializerTest {

  @Test
  void keepsEverythingInItsOrder() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", new byte[] {1});
    headers.add("x", null);
    headers.add("ce_id", new byte[] {2});

    RawEvent event = read(record(new byte[] {7}, new byte[] {8, 9}, headers));

    EventHeaders expected =
        EventHeaders.of(new String[] {"ce_id", "x", "ce_id"}, new byte[][] {{1}, null, {2}});
    assertThat(event)
        .isEqualTo(new RawEvent("topic", 3, 99, 1234, new byte[] {7}, new byte[] {8, 9}, expected));
    assertThat(event.header("ce_id")).containsExactly(2);
    assertThat(event.headers().name(0)).isSameAs(CloudEventHeaders.ID);
  }

  @Test
  void takesARecordOfNothing() {
    RawEvent event = read(record(null, null, new RecordHeaders()));
    assertThat(event.key()).isNull();
    assertThat(event.value()).isNull();
    assertThat(event.headers()).isSameAs(EventHeaders.empty());
  }

  /** A failure of the operators behind the source is theirs, and must reach Flink. */
  @Test
  void doesNotHideAFailureDownstream() {
    Collector<RawEvent> failing =
        new Collector<>() {
          @Override
          public void collect(RawEvent event) {
            throw new IllegalStateException("downstream");
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(
            () ->
                new RawEventDeserializer()
                    .deserialize(record(null, null, new RecordHeaders()), failing))
        .hasMessage("downstream");
  }

  @Test
  void travelsInItsOwnFormat() {
    assertThat(new RawEventDeserializer().getProducedType())
        .isEqualTo(
            new RawEventTypeInfoFactory().createTypeInfo(RawEvent.class, java.util.Map.of()));
  }

  private static RawEvent read(ConsumerRecord<byte[], byte[]> record) {
    List<RawEvent> read = new ArrayList<>();
    new RawEventDeserializer()
        .deserialize(
            record,
            new Collector<>() {
              @Override
              public void collect(RawEvent event) {
                read.add(event);
              }

              @Override
              public void close() {}
            });
    assertThat(read).hasSize(1);
    return read.get(0);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      byte[] key, byte[] value, RecordHeaders headers) {
    return new ConsumerRecord<>(
        "topic",
        3,
        99,
        1234,
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        key,
        value,
        headers,
        Optional.empty());
  }
}
