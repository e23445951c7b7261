package io.spillway.jobs.iot;

import static io.spillway.jobs.iot.SensorEvents.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.UnitHash;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.BadPayload;
import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorPayloadTest {
  private static final AdmittedEvent EVENT =
      SensorEvents.admitted(SensorEvents.event(1, "telemetry", 0, 1.5), Priority.NORMAL, 2);
  private static final EventAttributes ATTRIBUTES =
      EventAttributes.read(EVENT.raw(), EventLimits.defaults());

  @Test
  void readsTheFieldsInAnyOrderAndSkipsOthers() throws BadPayload {
    SensorReading reading =
        read(
            """
            {"value":-2.5e1,"more":{"value":[1,{"site":"x"}]},"metric":"temperature",
             "sensor":"t-7","site":"Malm\\u00f6","unit":"C"}
            """);
    assertThat(reading)
        .isEqualTo(
            new SensorReading(
                EVENT, "Malm\u00f6", "t-7", "temperature", -25, "C", 1, false, UnitHash.ALONE));
    assertThat(reading.weight()).isEqualTo(2);
    assertThat(reading.key()).isEqualTo(new SiteMetric("Malm\u00f6", "temperature"));
  }

  @Test
  void takesAWholeNumberAndNoUnit() throws BadPayload {
    SensorReading reading = read("{\"site\":\"s\",\"sensor\":\"t\",\"metric\":\"m\",\"value\":7}");
    assertThat(reading)
        .isEqualTo(new SensorReading(EVENT, "s", "t", "m", 7, "", 1, false, UnitHash.ALONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "\u0000\u0001",
        "{",
        "{\"site\":\"s\"",
        "{'site':'s'}",
        "{\"site\":\"s\",}",
      })
  void refusesWhatIsNotJson(String payload) {
    assertThatThrownBy(() -> read(payload)).isInstanceOf(BadPayload.class);
  }

  @Test
  void refusesEveryPrefixOfAPayloadWithoutAnyOtherException() {
    byte[] whole = bytes(SensorEvents.payload("s", "t", "m", 1.25));
    for (int length = 0; length < whole.length; length++) {
      byte[] prefix = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SensorPayload.read(EVENT, ATTRIBUTES, UnitHash.ALONE, prefix))
          .isInstanceOf(BadPayload.class);
    }
  }

  /** What Jackson takes for a mark of UTF-32 or UTF-16, also of kinds that there are not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000FFFE",
        "FFFE0000",
        "0000FEFF00",
        "00007B00",
        "007B0000",
        "EFBBBF",
        "FEFF",
        "FFFE"
      })
  void refusesBytesThatLookLikeAnOddCharacterSet(String hex) {
    byte[] odd = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> SensorPayload.read(EVENT, ATTRIBUTES, UnitHash.ALONE, odd))
        .isInstanceOf(BadPayload.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                                     | not a JSON object
          42                                                     | not a JSON object
          null                                                   | not a JSON object
          {}                                                     | field 'site' is missing or empty
          {"site":"","sensor":"t","metric":"m","value":1}        | field 'site' is missing or empty
          {"site":"s","metric":"m","value":1}                    | field 'sensor' is missing or empty
          {"site":"s","sensor":"t","value":1}                    | field 'metric' is missing or empty
          {"site":"s","sensor":"t","metric":"m"}                 | field 'value' is missing
          {"site":null}                                          | field 'site' is not a text
          {"site":7}                                             | field 'site' is not a text
          {"unit":{}}                                            | field 'unit' is not a text
          {"value":"21.5"}                                       | field 'value' is not a number
          {"value":"NaN"}                                        | field 'value' is not a number
          {"value":null}                                         | field 'value' is not a number
          {"value":[1]}                                          | field 'value' is not a number
          {"value":1e400}                                        | field 'value' is beyond 1e100: 1e400
          {"value":-1e101}                                       | field 'value' is beyond 1e100: -1e101
          {"site":"s","site":"s"}                                | field 'site' stands twice
          {"value":1,"value":1}                                  | field 'value' stands twice
          {"site":"s","sensor":"t","metric":"m","value":1} {}    | something follows the JSON object
          """)
  void refusesWhatWouldFalsifyAWindow(String payload, String message) {
    assertThatThrownBy(() -> read(payload)).isInstanceOf(BadPayload.class).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "+1", "01", "0x1F"})
  void refusesNumbersThatJsonDoesNotHave(String number) {
    assertThatThrownBy(() -> read("{\"value\":" + number + "}"))
        .isInstanceOf(BadPayload.class)
        .hasMessageStartingWith("not JSON: ");
  }

  @Test
  void refusesATextThatCouldNotBeAKey() {
    String payload = SensorEvents.payload("s".repeat(257), "t", "m", 1);
    assertThatThrownBy(() -> read(payload))
        .isInstanceOf(BadPayload.class)
        .hasMessage("field 'site' is longer than 256 characters");
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowingTheStack() {
    String payload = "{\"more\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> read(payload)).isInstanceOf(BadPayload.class);
  }

  @Test
  void saysWhatIsWrongInOneShortLine() {
    String payload = "x\n".repeat(5_000);
    assertThatThrownBy(() -> read(payload))
        .isInstanceOf(BadPayload.class)
        .satisfies(
            e -> assertThat(e.getMessage()).hasSizeLessThanOrEqualTo(200).doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "s-1/temperature, true",
    "s-2/temperature, false",
    "s-1, false",
    "/temperature, false",
    "s-1/, false",
  })
  void isAttributedWhenItsSubjectNamesSiteAndMetric(String subject, boolean attributed)
      throws BadPayload {
    RawEvent raw = SensorEvents.withSubject(EVENT.raw(), subject);
    assertThat(
            SensorPayload.read(
                    SensorEvents.admitted(raw, Priority.NORMAL, 2),
                    EventAttributes.read(raw, EventLimits.defaults()),
                    UnitHash.ALONE,
                    raw.value())
                .attributed())
        .isEqualTo(attributed);
  }

  private static SensorReading read(String payload) throws BadPayload {
    return SensorPayload.read(EVENT, ATTRIBUTES, UnitHash.ALONE, bytes(payload));
  }
}
