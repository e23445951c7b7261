package io.spillway.event;

import static io.spillway.event.SampleEvent.NOW;
import static io.spillway.event.SampleEvent.bare;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredModeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void readsAttributesFromTheEnvelopeWhetherTextOrNumber() {
    EventAttributes event =
        structured(
                """
                {"specversion": "1.0", "id": "a-1", "source": "plant-7", "type": "alarm",
                 "data": {"severitynumber": 3, "nested": {"id": "no"}},
                 "time": "2026-03-01T11:59:59Z", "priority": "critical", "severitynumber": 21,
                 "sampledrate": "8", "sequence": 77, "expirytime": null, "urgent": true,
                 "datacontenttype": "application/json"}
                """)
            .attributes();

    assertThat(event.problem()).isNull();
    assertThat(event.id()).isEqualTo(SampleEvent.utf8("a-1"));
    assertThat(event.source()).isEqualTo("plant-7");
    assertThat(event.type()).isEqualTo("alarm");
    assertThat(event.eventTimeMillis()).isEqualTo(NOW.minusSeconds(1).toEpochMilli());
    assertThat(event.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(event.severityNumber()).isEqualTo(21);
    assertThat(event.sampledRate()).isEqualTo(8);
    assertThat(event.sequence()).isEqualTo(77);
    assertThat(event.expiryMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(event.text("ce_urgent")).isEqualTo("true");
    assertThat(event.text("content-type")).isEqualTo("application/json");
  }

  @Test
  void findsOtherHeadersOfTheRecordToo() {
    EventAttributes event = structured("{\"id\":\"1\"}").header("traceparent", "00-1").attributes();
    assertThat(event.text("traceparent")).isEqualTo("00-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+json",
        "application/cloudevents+json; charset=UTF-8",
        "Application/CloudEvents+JSON",
        "application/cloudevents+json ;charset=utf-8"
      })
  void knowsStructuredModeByItsMediaType(String contentType) {
    SampleEvent event =
        bare().header("content-type", contentType).value("{\"source\":\"s\",\"data\":[1]}");
    assertThat(event.attributes().source()).isEqualTo("s");
    assertThat(data(event)).isEqualTo("[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/cloudevent", "text/plain", ""})
  void takesEveryOtherMediaTypeAsBinaryMode(String contentType) {
    SampleEvent event = bare().header("content-type", contentType).value("{\"source\":\"s\"}");
    assertThat(event.attributes().problem()).isNull();
    assertThat(event.attributes().source()).isNull();
    assertThat(data(event)).isEqualTo("{\"source\":\"s\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+avro",
        "application/cloudevents-batch+json",
        "application/cloudevents+jsonx"
      })
  void refusesAnEventFormatItCannotRead(String contentType) {
    EventAttributes event = bare().header("content-type", contentType).attributes();
    assertThat(event.problem()).isEqualTo(Reason.BAD_HEADER);
    assertThat(event.detail()).startsWith("content-type '" + contentType + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "[]",
        "\"text\"",
        "{\"id\":\"1\"",
        "{\"id\":\"1\"} {}",
        "{\"id\":{\"a\":1}}",
        "{\"data_base64\":\"%%%\"}",
        "{\"data_base64\":5}",
        "{\"data\":",
        "{\"data\":[1,2}",
        "\u0000"
      })
  void refusesAnEnvelopeThatCannotBeRead(String value) {
    SampleEvent event = structured(value);
    assertThat(event.attributes().problem()).isEqualTo(Reason.BAD_PAYLOAD);
    assertThat(event.attributes().detail()).startsWith("CloudEvents envelope is not readable");
    assertThat(EventData.of(event.event())).isEmpty();
  }

  @Test
  void refusesAnEnvelopeThatIsNotUtf8() {
    byte[] utf16 = "{\"id\":\"1\",\"data\":{\"a\":1}}".getBytes(StandardCharsets.UTF_16BE);
    assertThat(structured("").value(utf16).attributes().problem()).isEqualTo(Reason.BAD_PAYLOAD);
    byte[] utf32 = "{\"id\":\"1\"}".getBytes(Charset.forName("UTF-32LE"));
    assertThat(structured("").value(utf32).attributes().problem()).isEqualTo(Reason.BAD_PAYLOAD);
    byte[] broken = "{\"id\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
    broken[7] = (byte) 0xFF;
    assertThat(structured("").value(broken).attributes().problem()).isEqualTo(Reason.BAD_PAYLOAD);
  }

  @Test
  void refusesABadAttributeInAnEnvelopeAsInAHeader() {
    assertThat(structured("{\"priority\":\"urgent\"}").attributes().problem())
        .isEqualTo(Reason.BAD_HEADER);
    assertThat(structured("{\"time\":\"never\"}").attributes().problem())
        .isEqualTo(Reason.BAD_TIME);
    assertThat(structured("{\"sampledrate\":0}").attributes().problem())
        .isEqualTo(Reason.BAD_HEADER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":{\"a\":[1,{}]},\"id\":\"1\"}      | {\"a\":[1,{}]}",
        "{\"data\" : [ 1 , 2 ] , \"id\":\"1\"}       | [ 1 , 2 ]",
        "{\"id\":\"1\",\"data\": 1.50 }              | 1.50",
        "{\"data\":-7,\"id\":\"1\"}                  | -7",
        "{\"data\":true}                             | true",
        "{\"data\":\"te\\u0078t\"}                   | \"te\\u0078t\"",
        "{\"datacontenttype\":\"a/b+json\",\"data\":\"x\"} | \"x\"",
        "{\"data\":\"plain \\\"q\\\"\",\"datacontenttype\":\"text/plain\"} | plain \"q\"",
        "{\"datacontenttype\":\"text/xml\",\"data\":{\"a\":1}} | {\"a\":1}",
        "{\"data\":null}                             | ``",
        "{\"id\":\"1\"}                              | ``"
      })
  void cutsTheDataOutOfTheEnvelope(String envelope, String data) {
    assertThat(data(structured(envelope))).isEqualTo(data);
  }

  @Test
  void decodesDataInBase64() {
    assertThat(EventData.of(structured("{\"data_base64\":\"AQID/w==\"}").event()))
        .containsExactly(1, 2, 3, -1);
  }

  @Property
  void cutsOutAnyDataThatJsonCanHold(
      @ForAll("json") String json, @ForAll("space") String space, @ForAll boolean last)
      throws IOException {
    String data = "\"data\"" + space + ":" + space + json + space;
    String id = "\"id\":\"ü\"";
    String envelope = "{" + (last ? id + "," + data : data + "," + id) + "}";
    byte[] found = EventData.of(structured(envelope).event());
    JsonNode expected = MAPPER.readTree(json);
    if (expected.isNull()) {
      assertThat(found).isEmpty();
    } else {
      assertThat(new String(found, StandardCharsets.UTF_8)).isEqualTo(json);
    }
  }

  @Provide
  Arbitrary<String> json() {
    return Arbitraries.lazyOf(
        () -> Arbitraries.of("true", "false", "null", "0", "-1.5e10", "123456789012345678901"),
        () -> Arbitraries.strings().ofMaxLength(8).map(StructuredModeTest::quoted),
        () -> json().list().ofMaxSize(3).map(StructuredModeTest::array),
        () -> json().map(value -> "{ \"data\" :" + value + "}"));
  }

  @Provide
  Arbitrary<String> space() {
    return Arbitraries.of("", " ", "\n\t ");
  }

  private static String array(List<String> values) {
    return values.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    try {
      return MAPPER.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SampleEvent structured(String value) {
    return bare().header("content-type", CloudEventHeaders.STRUCTURED_JSON).value(value);
  }

  private static String data(SampleEvent event) {
    return new String(EventData.of(event.event()), StandardCharsets.UTF_8);
  }
}
