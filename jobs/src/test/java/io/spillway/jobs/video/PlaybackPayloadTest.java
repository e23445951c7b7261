package io.spillway.jobs.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.BadPayload;
import io.spillway.priority.Priority;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaybackPayloadTest {
  private static final String WHO = "\"viewer\":\"u\",\"cdn\":\"c-1\",\"isp\":\"i-1\"";

  @Test
  void readsTheFieldsInAnyOrderAndSkipsOthers() throws BadPayload {
    PlaybackEvent event =
        read(
            PlaybackKind.HEARTBEAT,
            "{\"positionMillis\":8000,\"more\":{\"cdn\":[1]},\"isp\":\"i-1\",\"viewer\":\"u\","
                + "\"bitrateKbps\":3200,\"cdn\":\"c-1\"}");
    assertThat(event.point())
        .isEqualTo(
            new PlaybackPoint(
                PlaybackKind.HEARTBEAT,
                "u",
                new Route("c-1", "i-1"),
                1_000,
                8_000,
                3_200,
                PlaybackPoint.NONE,
                0,
                4,
                1,
                7));
    assertThat(event.attributed()).isTrue();
    assertThat(event.value()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "HEARTBEAT, 3200, -1, 0",
    "START, -1, 420, 0",
    "REBUFFER, -1, -1, 300",
    "START_FAILURE, -1, -1, 0",
    "DEBUG, -1, -1, 0"
  })
  void takesOnlyTheFigureOfItsKind(PlaybackKind kind, long bitrate, long startup, long rebuffer)
      throws BadPayload {
    PlaybackPoint point = read(kind, PlaybackEvents.payload("u", "c-1", "i-1", 0, 300)).point();
    assertThat(List.of(point.bitrateKbps(), point.startupMillis(), point.rebufferMillis()))
        .containsExactly(bitrate, startup, rebuffer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HEARTBEAT     | []                                | not a JSON object
          HEARTBEAT     | {}                                | field 'cdn' is missing or empty
          HEARTBEAT     | {WHO}                             | field 'bitrateKbps' is missing
          START         | {WHO}                             | field 'startupMillis' is missing
          REBUFFER      | {WHO}                             | field 'rebufferMillis' is missing
          REBUFFER      | {WHO,"rebufferMillis":-1}         | field 'rebufferMillis' is not between 0 and 31536000000: -1
          REBUFFER      | {WHO,"rebufferMillis":1.5}        | field 'rebufferMillis' is not a whole number
          HEARTBEAT     | {WHO,"bitrateKbps":"3"}           | field 'bitrateKbps' is not a whole number
          DEBUG         | {WHO,"positionMillis":31536000001} | field 'positionMillis' is not between 0 and 31536000000: 31536000001
          START_FAILURE | {WHO,"cdn":"c"}                   | field 'cdn' stands twice
          """)
  void refusesWhatWouldFalsifyASession(PlaybackKind kind, String payload, String message) {
    assertThatThrownBy(() -> read(kind, payload.replace("WHO", WHO)))
        .isInstanceOf(BadPayload.class)
        .hasMessage(message);
  }

  @Test
  void refusesATypeThatIsNoneOfAPlayer() {
    RawEvent raw =
        PlaybackEvents.with(
            PlaybackEvents.event(1, PlaybackKind.DEBUG, 1_000, "u"),
            CloudEventHeaders.TYPE,
            "video.other");
    assertThatThrownBy(() -> read(raw))
        .isInstanceOf(BadPayload.class)
        .hasMessage("ce_type 'video.other' is not that of a player's event");
  }

  @ParameterizedTest
  @CsvSource({"c-1/i-1, true", "c-2/i-1, false", "c-1, false", "/i-1, false", "c-1/, false"})
  void isAttributedWhenItsSubjectNamesItsWay(String subject, boolean attributed) throws BadPayload {
    RawEvent raw =
        PlaybackEvents.with(
            PlaybackEvents.event(1, PlaybackKind.DEBUG, 1_000, "u"),
            CloudEventHeaders.SUBJECT,
            subject);
    assertThat(read(raw).attributed()).isEqualTo(attributed);
  }

  @Property(tries = 2_000)
  void noOtherExceptionLeavesWhateverTheJson(
      @ForAll PlaybackKind kind, @ForAll("json") String json) {
    assertThatCode(
            () -> {
              try {
                PlaybackEvent event = read(kind, json);
                assertThat(event.value()).isNotNegative();
              } catch (BadPayload expected) {
                assertThat(expected.getMessage()).isNotEmpty();
              }
            })
        .doesNotThrowAnyException();
  }

  @Property(tries = 2_000)
  void noOtherExceptionLeavesWhateverTheBytes(@ForAll PlaybackKind kind, @ForAll byte[] bytes) {
    AdmittedEvent event =
        PlaybackEvents.admitted(PlaybackEvents.event(1, kind, 1_000, "u"), Priority.NORMAL, 4);
    EventAttributes attributes = EventAttributes.read(event.raw(), EventLimits.defaults());
    assertThatThrownBy(() -> PlaybackPayload.read(event, attributes, 7, bytes))
        .isInstanceOf(BadPayload.class);
  }

  @Provide
  Arbitrary<String> json() {
    return value(3);
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> names =
        Arbitraries.frequencyOf(
            Tuple.of(
                4,
                Arbitraries.of(
                    "viewer",
                    "cdn",
                    "isp",
                    "positionMillis",
                    "bitrateKbps",
                    "startupMillis",
                    "rebufferMillis")),
            Tuple.of(1, Arbitraries.strings().alpha().ofMaxLength(4)));
    Arbitrary<String> plain =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMaxLength(5).map(text -> '"' + text + '"'),
            Arbitraries.longs().map(Object::toString),
            Arbitraries.bigIntegers().map(Object::toString),
            Arbitraries.doubles().map(Object::toString),
            Arbitraries.of("null", "true", "1e999", "-0", "\"\\ud800\"", "[]", ""));
    if (depth == 0) {
      return plain;
    }
    Arbitrary<String> inner = value(depth - 1);
    Arbitrary<String> object =
        Combinators.combine(names, Arbitraries.oneOf(plain, inner))
            .as((name, value) -> '"' + name + "\":" + value)
            .list()
            .ofMaxSize(8)
            .map(fields -> fields.stream().collect(Collectors.joining(",", "{", "}")));
    Arbitrary<String> array =
        inner.list().ofMaxSize(3).map(each -> "[" + String.join(",", each) + "]");
    return Arbitraries.frequencyOf(Tuple.of(8, object), Tuple.of(1, array), Tuple.of(1, plain));
  }

  private static PlaybackEvent read(PlaybackKind kind, String payload) throws BadPayload {
    return read(PlaybackEvents.event(1, kind, 1_000, "u", payload));
  }

  private static PlaybackEvent read(RawEvent raw) throws BadPayload {
    return PlaybackPayload.read(
        PlaybackEvents.admitted(raw, Priority.NORMAL, 4),
        EventAttributes.read(raw, EventLimits.defaults()),
        7,
        raw.value());
  }
}
