package io.spillway.event;

import static io.spillway.event.SampleEvent.NOW;
import static io.spillway.event.SampleEvent.bare;
import static io.spillway.event.SampleEvent.complete;
import static io.spillway.event.SampleEvent.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.DeadLetter.Reason;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventAttributesTest {
  private static final byte[] NOT_UTF8 = {'a', (byte) 0xC3, '('};

  @Test
  void readsEveryAttributeFromTheHeaders() {
    EventAttributes event =
        complete()
            .header("ce_priority", "critical")
            .header("ce_severitynumber", "21")
            .header("ce_expirytime", "2026-03-01T12:00:30Z")
            .header("ce_sampledrate", "8")
            .header("ce_sequence", "77")
            .header("ce_intendedsendtime", "1772366399990")
            .header("ce_tenant", "gold")
            .attributes();

    assertThat(event.problem()).isNull();
    assertThat(event.detail()).isNull();
    assertThat(event.id()).isEqualTo(utf8("a-1"));
    assertThat(event.source()).isEqualTo("plant-7/sensor-3");
    assertThat(event.sourceBytes()).isEqualTo(utf8("plant-7/sensor-3"));
    assertThat(event.type()).isEqualTo("com.example.telemetry.temperature");
    assertThat(event.typeBytes()).isEqualTo(utf8("com.example.telemetry.temperature"));
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.toEpochMilli());
    assertThat(event.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(event.severityNumber()).isEqualTo(21);
    assertThat(event.expiryMillis()).isEqualTo(NOW.plusSeconds(30).toEpochMilli());
    assertThat(event.sampledRate()).isEqualTo(8);
    assertThat(event.sequence()).isEqualTo(77);
    assertThat(event.sentMillis()).isEqualTo(1772366399990L);
    assertThat(event.text("ce_tenant")).isEqualTo("gold");
    assertThat(event.text("ce_specversion")).isEqualTo("1.0");
  }

  @Test
  void takesARecordWithoutHeadersAsItIs() {
    EventAttributes event = bare().attributes();

    assertThat(event.problem()).isNull();
    assertThat(event.id()).isNull();
    assertThat(event.source()).isNull();
    assertThat(event.sourceBytes()).isNull();
    assertThat(event.type()).isNull();
    assertThat(event.priority()).isNull();
    assertThat(event.severityNumber()).isZero();
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.toEpochMilli());
    assertThat(event.sentMillis()).isEqualTo(NOW.toEpochMilli());
    assertThat(event.expiryMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(event.sampledRate()).isEqualTo(1);
    assertThat(event.sequence()).isZero();
    assertThat(event.text("ce_tenant")).isNull();
  }

  @Test
  void countsTheSendTimeFromCeTimeWhereNoneWasIntended() {
    Instant earlier = NOW.minusSeconds(5);
    EventAttributes event = bare().header("ce_time", earlier.toString()).attributes();
    assertThat(event.sentMillis()).isEqualTo(earlier.toEpochMilli());
  }

  @Test
  void takesTheLastOfARepeatedHeader() {
    EventAttributes event =
        complete().header("ce_priority", "urgent").header("ce_priority", "high").attributes();
    assertThat(event.priority()).isEqualTo(Priority.HIGH);
  }

  @Test
  void takesANullOrEmptyAttributeAsAbsent() {
    EventAttributes event =
        bare()
            .header("ce_priority", (byte[]) null)
            .header("ce_time", (byte[]) null)
            .header("ce_id", "")
            .header("ce_source", "")
            .attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.priority()).isNull();
    assertThat(event.id()).isNull();
    assertThat(event.source()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_time",
        "ce_priority",
        "ce_severitynumber",
        "ce_expirytime",
        "ce_sampledrate",
        "ce_sequence",
        "ce_intendedsendtime"
      })
  void refusesAnAttributeThatIsNotUtf8(String name) {
    EventAttributes event = complete().header(name, NOT_UTF8).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail()).startsWith(name + " 'a").endsWith("is not UTF-8");
  }

  @Test
  void leavesAForeignHeaderThatIsNotUtf8Alone() {
    EventAttributes event = complete().header("trace", NOT_UTF8).attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.text("trace")).isEqualTo("a\uFFFD(");
  }

  @Test
  void readsTextBeyondAscii() {
    EventAttributes event = complete().header("ce_source", "/werk/süd/\uD83D\uDD25").attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.source()).isEqualTo("/werk/süd/\uD83D\uDD25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"urgent", "CRITICAL", "", " high", "0"})
  void refusesAnUnknownPriority(String word) {
    EventAttributes event = complete().header("ce_priority", word).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail())
        .isEqualTo("ce_priority '" + word + "' is not one of critical, high, normal, bulk");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "", "many", "1.5", "1000000001", "99999999999999999999999", "0x10"})
  void refusesASampledRateThatNoSamplerWrites(String rate) {
    EventAttributes event = complete().header("ce_sampledrate", rate).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail())
        .isEqualTo("ce_sampledrate '" + rate + "' is not a whole number from 1 to 1000000000");
    assertThat(event.sampledRate()).isEqualTo(1);
  }

  @Test
  void takesTheLargestSampledRate() {
    EventAttributes event = complete().header("ce_sampledrate", "1000000000").attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.sampledRate()).isEqualTo(1_000_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "25", "-3", "ERROR", ""})
  void refusesASeverityOutsideTheScale(String severity) {
    EventAttributes event = complete().header("ce_severitynumber", severity).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail()).contains("ce_severitynumber", "1 to 24");
  }

  @Test
  void refusesAnExpiryThatIsNotATime() {
    EventAttributes event = complete().header("ce_expirytime", "soon").attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail()).isEqualTo("ce_expirytime 'soon' is not an RFC 3339 time");
  }

  @Test
  void refusesASendTimeThatIsNotANumber() {
    EventAttributes event = complete().header("ce_intendedsendtime", NOW.toString()).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
  }

  @Test
  void hasNoUseForASequenceThatIsNotANumber() {
    EventAttributes event = complete().header("ce_sequence", "0a").attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.sequence()).isZero();
  }

  @Test
  void refusesATimeThatCannotBeRead() {
    EventAttributes event = complete().header("ce_time", "01/03/2026").attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_TIME);
    assertThat(event.detail()).isEqualTo("ce_time '01/03/2026' is not an RFC 3339 time");
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void believesATimeUpToOneMinuteAhead() {
    Instant edge = NOW.plus(Duration.ofMinutes(1));
    EventAttributes believed = complete().header("ce_time", edge.toString()).attributes();
    assertThat(believed.problem()).isNull();
    assertThat(believed.eventTimeMillis()).isEqualTo(edge.toEpochMilli());

    EventAttributes ahead =
        complete().header("ce_time", edge.plusMillis(1).toString()).attributes();
    assertThat(ahead.problem()).isEqualTo(Reason.BAD_TIME);
    assertThat(ahead.detail())
        .isEqualTo(
            "ce_time '2026-03-01T12:01:00.001Z' is more than PT1M (event.max-ahead) after the"
                + " Kafka timestamp 2026-03-01T12:00:00Z");
  }

  @Test
  void refusesATimeInTheFarFuture() {
    EventAttributes event = complete().header("ce_time", "9999-12-31T23:59:59Z").attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_TIME);
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void takesATimeInTheFarPast() {
    EventAttributes event = complete().header("ce_time", "0001-01-01T00:00:00Z").attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.eventTimeMillis())
        .isEqualTo(Instant.parse("0001-01-01T00:00:00Z").toEpochMilli());
  }

  @Test
  void cannotCompareATimeWhereKafkaHasNone() {
    EventAttributes event = complete().timestamp(-1).attributes();
    assertThat(event.problem()).isNull();
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void refusesATombstone() {
    EventAttributes event = complete().value((byte[]) null).attributes();
    assertThat(event.problem()).isEqualTo(Reason.EMPTY_VALUE);
    assertThat(event.detail()).isEqualTo("the record has no value");
    assertThat(complete().value("").attributes().problem()).isEqualTo(Reason.EMPTY_VALUE);
  }

  @Test
  void refusesFiveMegabytesUnlessTheJobTakesThem() {
    RawEvent large = complete().value(new byte[5_000_000]).event();
    EventAttributes refused = EventAttributes.read(large, EventLimits.defaults());
    assertThat(refused.problem()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused.detail())
        .isEqualTo("value of 5000000 bytes, limit is 1048576 (event.max-bytes)");

    EventLimits wide = new EventLimits(Duration.ofMinutes(1), 5_000_000);
    assertThat(EventAttributes.read(large, wide).problem()).isNull();
  }

  @Test
  void namesOneProblemInTheOrderSizeEmptinessHeadersTime() {
    SampleEvent broken =
        complete().header("ce_priority", "urgent").header("ce_time", "never").value("");
    assertThat(broken.attributes().problem()).isEqualTo(Reason.EMPTY_VALUE);
    assertThat(broken.value(new byte[2_000_000]).attributes().problem())
        .isEqualTo(Reason.TOO_LARGE);
    assertThat(broken.value("{}").attributes().problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(broken.value("{}").header("ce_priority", "high").attributes().problem())
        .isEqualTo(Reason.BAD_TIME);
  }

  @Test
  void shortensAndCleansWhatItQuotes() {
    EventAttributes event =
        complete().header("ce_priority", "line\nfeed" + "x".repeat(100_000)).attributes();
    assertThat(event.detail())
        .hasSizeLessThan(150)
        .doesNotContain("\n")
        .contains("line?feed", "...");
  }
}
