package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No record can make reading fail: it is fine, or it has one problem and a line about it. */
class EventAttributesProperties {

  @Property(tries = 5000)
  void anyRecordIsFineOrHasAProblem(@ForAll("records") RawEvent raw) {
    EventAttributes event = EventAttributes.read(raw, EventLimits.defaults());

    assertThat(event.detail() == null).isEqualTo(event.problem() == null);
    if (event.detail() != null) {
      assertThat(event.detail())
          .isNotBlank()
          .hasSizeLessThan(300)
          .doesNotContainPattern("\\p{Cntrl}");
    }
    assertThat(event.sampledRate()).isBetween(1L, 1_000_000_000L);
    assertThat(event.severityNumber()).isBetween(0, 24);
    assertThat(event.sequence()).isNotNegative();
    assertThat(EventData.of(raw)).isNotNull();
    for (int i = 0; i < raw.headers().size(); i++) {
      event.text(raw.headers().name(i));
    }
    event.source();
    event.type();
  }

  @Property(tries = 2000)
  void aDeadLetterOfAnyRecordKeepsItWhole(@ForAll("records") RawEvent raw) {
    var record =
        new DeadLetterRecordSerializer("letters")
            .serialize(new DeadLetter(raw, DeadLetter.Reason.BAD_HEADER, "why"), null, null);
    assertThat(record.key()).isSameAs(raw.key());
    assertThat(record.value()).isSameAs(raw.value());
    for (int i = 0; i < raw.headers().size(); i++) {
      assertThat(record.headers().toArray()[i].key()).isEqualTo(raw.headers().name(i));
      assertThat(record.headers().toArray()[i].value()).isEqualTo(raw.headers().value(i));
    }
  }

  @Provide
  static Arbitrary<RawEvent> records() {
    return Combinators.combine(Arbitraries.longs(), bytes(), bytes(), header().list().ofMaxSize(12))
        .as(
            (timestamp, key, value, headers) ->
                new RawEvent("iot.events", 0, 1, timestamp, key, value, headers(headers)));
  }

  private static Arbitrary<Header> header() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "content-type",
                "ce_id",
                "ce_source",
                "ce_type",
                "ce_time",
                "ce_priority",
                "ce_severitynumber",
                "ce_expirytime",
                "ce_sampledrate",
                "ce_sequence",
                "ce_intendedsendtime"),
            Arbitraries.strings().ofMaxLength(10));
    return Combinators.combine(names, bytes()).as(Header::new);
  }

  private static Arbitrary<byte[]> bytes() {
    Arbitrary<byte[]> meant =
        Arbitraries.of(
                "critical",
                "bulk",
                "5",
                "17",
                "-1",
                "999999999999",
                "2026-03-01T12:00:00Z",
                "9999-12-31T23:59:59.999999Z",
                "application/cloudevents+json",
                "Application/CloudEvents+JSON; charset=UTF-8",
                "application/cloudevents+avro",
                "{\"id\":\"1\",\"data\":{\"a\":[1,2]},\"priority\":\"high\"}",
                "{\"id\":{},\"data_base64\":\"!\"}",
                "{\"time\":5,\"data\":")
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
    return Arbitraries.oneOf(meant, any).injectNull(0.1);
  }

  private static EventHeaders headers(List<Header> headers) {
    return EventHeaders.of(
        headers.stream().map(Header::name).toArray(String[]::new),
        headers.stream().map(Header::value).toArray(byte[][]::new));
  }

  private record Header(String name, byte[] value) {}
}
