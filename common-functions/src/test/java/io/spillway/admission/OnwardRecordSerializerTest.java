package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.config.InvalidSettings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.event.SampleEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnwardRecordSerializerTest {
  private static final int EVENTS = 100_000;

  private final OnwardRecordSerializer serializer = opened(0);

  @Test
  void changesNothingOfAnEventThatStandsForItself() {
    RawEvent event =
        SampleEvent.complete()
            .header(CloudEventHeaders.EXPIRY_TIME, "2030-01-01T00:00:00Z")
            .header("traceparent", "00-1")
            .header("null", (byte[]) null)
            .event();
    RawEvent again = onward(event, 1.0);

    assertThat(again.key()).isSameAs(event.key());
    assertThat(again.value()).isSameAs(event.value());
    assertThat(again.timestampMillis()).isEqualTo(event.timestampMillis());
    assertThat(again.headers()).isEqualTo(event.headers());
    assertThat(again.topic()).isEqualTo("iot.admitted");
  }

  @Test
  void saysHowManyEventsItStandsForAndKeepsEveryOtherHeader() {
    RawEvent event = SampleEvent.complete().event();
    assertThat(onward(event, 4.0).headers())
        .isEqualTo(event.headers().with(CloudEventHeaders.SAMPLED_RATE, utf8("4")));
  }

  @Test
  void replacesTheRateAnEventCameWithAlsoWhereItIsRepeated() {
    RawEvent event =
        SampleEvent.complete()
            .header(CloudEventHeaders.SAMPLED_RATE, "2")
            .header(CloudEventHeaders.SAMPLED_RATE, "3")
            .event();
    assertThat(onward(event, 6.0).headers())
        .isEqualTo(SampleEvent.complete().event().headers().with("ce_sampledrate", utf8("6")));
  }

  @Test
  void keepsAHeaderThatSaysOne() {
    RawEvent event = SampleEvent.complete().header(CloudEventHeaders.SAMPLED_RATE, "1").event();
    assertThat(onward(event, 1.0).headers()).isEqualTo(event.headers());
  }

  /** Four standard errors of a coin that is tossed so often. */
  @ParameterizedTest
  @ValueSource(doubles = {1.0001, 1.25, 2.5, 10.0 / 3, 99.99})
  void roundsAtRandomSoThatTheSumIsKept(double weight) {
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      long rate = rate(serializer, event("id-" + i), weight);
      assertThat(rate).isBetween((long) weight, (long) weight + 1);
      sum += rate;
    }
    double rest = weight - (long) weight;
    double standardError = Math.sqrt(rest * (1 - rest) / EVENTS);
    assertThat((double) sum / EVENTS).isCloseTo(weight, within(4 * standardError));
  }

  @Test
  void roundsAsBeforeWhenTheEventIsReadAgain() {
    OnwardRecordSerializer restarted = opened(0);
    for (int i = 0; i < 1_000; i++) {
      RawEvent event = event("id-" + i);
      assertThat(rate(restarted, event, 1.5)).isEqualTo(rate(serializer, event, 1.5));
    }
  }

  /** Those that survive admission have small hashes: rounding by the same hash would round up. */
  @Test
  void roundsWithoutRegardToWhoWasAdmitted() {
    EventHash admission = new EventHash(0);
    double keep = 0.4;
    double kept = 0;
    double sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      RawEvent event = event("id-" + i);
      if (admission.of(event, event.header(CloudEventHeaders.ID)) < keep * 0x1.0p63) {
        kept++;
        sum += rate(serializer, event, 1 / keep);
      }
    }
    assertThat(sum / kept).isCloseTo(1 / keep, within(4 * 0.5 / Math.sqrt(kept)));
  }

  /** 1.5 becomes 1 or 2; a second job that doubles 3/4 of it must round independently of that. */
  @Test
  void roundsInASecondJobWithoutRegardToHowTheFirstRounded() {
    OnwardRecordSerializer second = opened(1);
    double sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      RawEvent event = event("id-" + i);
      sum += rate(second, event, rate(serializer, event, 1.5) * 1.5);
    }
    assertThat(sum / EVENTS).isCloseTo(2.25, within(4 * 0.95 / Math.sqrt(EVENTS)));
  }

  @ParameterizedTest
  @CsvSource({"999999999.9, 1000000000", "1e10, 1000000000", "Infinity, 1000000000"})
  void writesNoRateThatAReaderRefuses(double weight, long most) {
    RawEvent again = onward(event("a"), weight);
    EventAttributes attributes = EventAttributes.read(again, EventLimits.defaults());
    assertThat(attributes.problem()).isNull();
    assertThat(attributes.sampledRate()).isBetween(most - 1, most);
  }

  @Test
  void anEventWithoutIdIsRoundedByItsPlace() {
    RawEvent event = SampleEvent.bare().event();
    assertThat(rate(serializer, event, 1.5)).isEqualTo(rate(opened(0), event, 1.5));
  }

  @Test
  void inStructuredModeTheHeaderBesideTheEnvelopeCounts() {
    RawEvent event =
        SampleEvent.bare()
            .header("content-type", "application/cloudevents+json")
            .value("{\"id\":\"a\",\"source\":\"s\",\"sampledrate\":4,\"data\":1}")
            .event();
    assertThat(EventAttributes.read(event, EventLimits.defaults()).sampledRate()).isEqualTo(4);

    RawEvent again = onward(event, 12.0);
    assertThat(again.value()).isSameAs(event.value());
    EventAttributes attributes = EventAttributes.read(again, EventLimits.defaults());
    assertThat(attributes.sampledRate()).isEqualTo(12);
    assertThat(attributes.source()).isEqualTo("s");
  }

  @Test
  void passesAKeyOfAMegabyteThroughUncopied() {
    byte[] key = new byte[1 << 20];
    RawEvent sample = SampleEvent.complete().event();
    RawEvent event = new RawEvent("iot.events", 0, 1, 5, key, sample.value(), sample.headers());
    assertThat(onward(event, 2.0).key()).isSameAs(key);
  }

  @Test
  void leavesOutATimestampThatKafkaDidNotHave() {
    RawEvent event = SampleEvent.complete().timestamp(-1).event();
    assertThat(record(serializer, event, 1.0).timestamp()).isNull();
  }

  @Test
  void needsATopic() {
    assertThatThrownBy(() -> new OnwardRecordSerializer(" ", 0))
        .isInstanceOf(InvalidSettings.class);
  }

  @Test
  void namesItsTopicToATransactionalSink() {
    assertThat(serializer.getKafkaDatasetFacet())
        .hasValueSatisfying(
            facet ->
                assertThat(facet.getTopicIdentifier().getTopics()).containsExactly("iot.admitted"));
  }

  static OnwardRecordSerializer opened(long admissionSeed) {
    OnwardRecordSerializer serializer = new OnwardRecordSerializer("iot.admitted", admissionSeed);
    serializer.open(null, null);
    return serializer;
  }

  /** The event as the next job reads it, from partition 0 at the offset it had. */
  static RawEvent onward(OnwardRecordSerializer serializer, AdmittedEvent event) {
    ProducerRecord<byte[], byte[]> record = serializer.serialize(event, null, null);
    return RawEventDeserializer.rawEvent(
        new ConsumerRecord<>(
            record.topic(),
            0,
            event.raw().offset(),
            record.timestamp(),
            TimestampType.CREATE_TIME,
            -1,
            -1,
            record.key(),
            record.value(),
            record.headers(),
            java.util.Optional.empty()));
  }

  private RawEvent onward(RawEvent event, double weight) {
    return onward(serializer, new AdmittedEvent(event, Priority.NORMAL, 0, weight));
  }

  private static ProducerRecord<byte[], byte[]> record(
      OnwardRecordSerializer serializer, RawEvent event, double weight) {
    return serializer.serialize(new AdmittedEvent(event, Priority.NORMAL, 0, weight), null, null);
  }

  private static long rate(OnwardRecordSerializer serializer, RawEvent event, double weight) {
    Header header =
        record(serializer, event, weight).headers().lastHeader(CloudEventHeaders.SAMPLED_RATE);
    return header == null ? 1 : Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
  }

  private static RawEvent event(String id) {
    return SampleEvent.bare().header(CloudEventHeaders.ID, id).event();
  }

  private static byte[] utf8(String text) {
    return SampleEvent.utf8(text);
  }
}
