package io.spillway.event;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

  @Property
  void agreesWithJavaTimeOnEveryInstantAndOffset(@ForAll("times") OffsetDateTime time) {
    String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    assertThat(millis(text)).isEqualTo(time.toInstant().toEpochMilli());
  }

  @Property
  void agreesWithJavaTimeOnTimesWithoutSeconds(@ForAll("times") OffsetDateTime time) {
    assertThat(millis(time.withSecond(0).withNano(0).toString()))
        .isEqualTo(time.withSecond(0).withNano(0).toInstant().toEpochMilli());
  }

  /** One changed character: whatever is accepted means what java.time says it means. */
  @Property
  void neverAcceptsWhatJavaTimeReadsOtherwise(
      @ForAll("times") OffsetDateTime time,
      @ForAll @IntRange(max = 34) int at,
      @ForAll("timeCharacters") char changed) {
    StringBuilder text = new StringBuilder(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
    text.setCharAt(at % text.length(), changed);
    long millis = millis(text.toString());
    Long expected = javaTime(text.toString());
    if (expected != null) {
      assertThat(millis).isEqualTo(expected);
    } else if (millis != Rfc3339.INVALID) {
      assertThat(text.toString()).matches(".{10} .*|.*:60.*|.*[+-](18|19|2[0-3]):[0-5][0-9]");
    }
  }

  @Property
  void neverThrows(@ForAll @Size(max = 50) byte[] bytes) {
    Rfc3339.epochMillis(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
    "2026-03-01t12:00:00z, 2026-03-01T12:00:00Z",
    "2026-03-01 12:00:00+00:00, 2026-03-01T12:00:00Z",
    "2026-03-01T12:00:00-00:00, 2026-03-01T12:00:00Z",
    "2026-03-01T12:00:00.1+05:30, 2026-03-01T06:30:00.100Z",
    "2026-03-01T12:00:00.123456789123456Z, 2026-03-01T12:00:00.123Z",
    "2026-03-01T12:00Z, 2026-03-01T12:00:00Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
    "2017-01-01T00:59:60+01:00, 2017-01-01T00:00:00Z",
    "2026-03-01T12:00:00+23:59, 2026-02-28T12:01:00Z",
  })
  void readsEveryFormOfTheRfc(String text, Instant expected) {
    assertThat(millis(text)).isEqualTo(expected.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "1772366400000",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00.5",
        "2026-03-01T12:00:00Zulu",
        "2026-03-01T12:00:00+0100",
        "2026-03-01T12:00:00+24:00",
        "2026-03-01T12:00:00+01:60",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:61Z",
        "2026-03-01T12:00:60Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z",
        "2026-04-31T12:00:00Z",
        "2026-03-00T12:00:00Z",
        "+10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2O26-03-01T12:00:00Z"
      })
  void refusesWhatIsNotATime(String text) {
    assertThat(millis(text)).isEqualTo(Rfc3339.INVALID);
  }

  @Test
  void knowsWhereFebruaryEnds() {
    for (int year = 0; year <= 9999; year++) {
      boolean leap = Year.isLeap(year);
      long millis = millis("%04d-02-29T00:00:00Z".formatted(year));
      assertThat(millis != Rfc3339.INVALID).isEqualTo(leap);
    }
  }

  @Provide
  Arbitrary<OffsetDateTime> times() {
    Arbitrary<Long> seconds =
        Arbitraries.longs()
            .between(
                Instant.parse("0001-01-01T00:00:00Z").getEpochSecond(),
                Instant.parse("9998-12-31T00:00:00Z").getEpochSecond());
    Arbitrary<Integer> nanos =
        Arbitraries.oneOf(
            Arbitraries.of(0, 1_000_000, 999_000_000, 120_000),
            Arbitraries.integers().between(0, 999_999_999));
    Arbitrary<Integer> offsetMinutes =
        Arbitraries.oneOf(Arbitraries.of(0), Arbitraries.integers().between(-1079, 1079));
    return Combinators.combine(seconds, nanos, offsetMinutes)
        .as(
            (second, nano, minutes) ->
                Instant.ofEpochSecond(second, nano)
                    .atOffset(ZoneOffset.ofTotalSeconds(minutes * 60)));
  }

  @Provide
  Arbitrary<Character> timeCharacters() {
    return Arbitraries.chars().with("0123456789:+-.TtZz x".toCharArray());
  }

  private static long millis(String text) {
    return Rfc3339.epochMillis(text.getBytes(US_ASCII));
  }

  private static Long javaTime(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      boolean inRange = time.getYear() >= 0 && time.getYear() <= 9999;
      return inRange ? time.toInstant().toEpochMilli() : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
