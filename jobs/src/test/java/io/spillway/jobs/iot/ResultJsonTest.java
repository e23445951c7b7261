package io.spillway.jobs.iot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.admission.Strata;
import io.spillway.admission.UnitHash;
import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.QuantileEstimates;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.JsonObject;
import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

/** The records on the output topics: others parse them, so every byte of the form is fixed. */
class ResultJsonTest {
  private static final long TIME = 1_732_431_234_567L;

  @Test
  void aReceiptHasItsFieldsInTheAgreedOrder() {
    Receipt receipt =
        new Receipt("iot.events", 0, 12, "sensor-7", 34, Priority.CRITICAL, TIME, 1.0);
    assertThat(text(receipt.toJson()))
        .isEqualTo(
            "{\"topic\":\"iot.events\",\"partition\":0,\"offset\":12,\"source\":\"sensor-7\","
                + "\"sequence\":34,\"priority\":\"critical\",\"sent\":1732431234567,"
                + "\"weight\":1.0}");
  }

  @Test
  void aReceiptTakesSourceSequenceAndSendTimeFromTheHeaders() {
    RawEvent raw = SensorEvents.event(33, "telemetry", TIME, 20);
    assertThat(
            Receipt.of(
                SensorEvents.admitted(raw, Priority.HIGH, 2.5),
                EventAttributes.read(raw, EventLimits.defaults())))
        .isEqualTo(new Receipt("iot.events", 0, 33, "sensor-7", 34, Priority.HIGH, TIME + 3, 2.5));
  }

  @Test
  void aReceiptOfAnEventWithoutHeadersStillNamesItsPlace() {
    RawEvent raw = new RawEvent("t", 3, 9, TIME, null, new byte[] {'{', '}'}, EventHeaders.empty());
    assertThat(
            Receipt.of(
                SensorEvents.admitted(raw, Priority.NORMAL, 1),
                EventAttributes.read(raw, EventLimits.defaults())))
        .isEqualTo(new Receipt("t", 3, 9, "", 0, Priority.NORMAL, TIME, 1));
  }

  @Test
  void anAlertSaysWhoWhatWhereAndWhen() {
    RawEvent raw = SensorEvents.event(33, "alarm.fire", TIME, 91.5);
    SensorReading reading =
        new SensorReading(
            SensorEvents.admitted(raw, Priority.CRITICAL, 1),
            "s-3",
            "t",
            "temperature",
            91.5,
            "",
            1,
            false,
            UnitHash.ALONE);
    Alert alert = Alert.of(reading, EventAttributes.read(raw, EventLimits.defaults()));
    assertThat(text(alert.toJson()))
        .isEqualTo(
            "{\"id\":\"id-33\",\"source\":\"sensor-7\",\"type\":\"iot.alarm.fire\","
                + "\"priority\":\"critical\",\"time\":\"2024-11-24T06:53:54.567Z\","
                + "\"site\":\"s-3\",\"sensor\":\"t\",\"metric\":\"temperature\","
                + "\"value\":91.5,\"sent\":1732431234570}");
    assertThat(text(alert.kafkaKey())).isEqualTo("sensor-7");
  }

  @Test
  void anEstimateSaysHowMuchOfTheTruthItHasSeen() {
    SiteMetricEstimate result =
        new SiteMetricEstimate(
            new SiteMetric("s-3", "temperature"),
            new WindowEstimate(
                0,
                10_000,
                2,
                2,
                8,
                true,
                new Estimated(160, 100, 220),
                new Estimated(20, 12.5, 27.5),
                15,
                25,
                new QuantileEstimates(15, 25, 25, 0.5),
                1,
                40,
                "AgAA"));
    assertThat(text(result.toJson()))
        .isEqualTo(
            "{\"site\":\"s-3\",\"metric\":\"temperature\",\"start\":\"1970-01-01T00:00:00Z\","
                + "\"end\":\"1970-01-01T00:00:10Z\",\"kept\":2,\"count\":8.0,\"coverage\":0.25,"
                + "\"sum\":160.0,\"mean\":20.0,\"min\":15.0,\"max\":25.0,\"countExact\":true,"
                + "\"sumLow\":100.0,\"sumHigh\":220.0,\"meanLow\":12.5,\"meanHigh\":27.5,"
                + "\"p50\":15.0,\"p95\":25.0,\"p99\":25.0,\"rankError\":0.5,"
                + "\"distinctSensors\":1.0,\"reliable\":false,\"keptSum\":40.0,\"sample\":\"AgAA\"}");
    assertThat(text(result.kafkaKey())).isEqualTo("s-3|temperature");
  }

  @Test
  void anEstimateOfAWindowOfWhichNothingWasKeptHasACountAndNulls() throws IOException {
    WindowSample sample = new WindowSample();
    sample.addNotAdmitted(Strata.of(Priority.BULK, 0.01), 7);
    JsonNode json =
        new ObjectMapper()
            .readTree(
                new SiteMetricEstimate(
                        new SiteMetric("s-3", "temperature"), WindowEstimate.of(0, 10, sample))
                    .toJson());
    assertThat(json.get("count").doubleValue()).isEqualTo(7);
    assertThat(json.get("coverage").doubleValue()).isZero();
    for (String unknown : List.of("sum", "mean", "min", "sumLow", "p50", "rankError")) {
      assertThat(json.get(unknown).isNull()).as(unknown).isTrue();
    }
    assertThat(json.get("reliable").booleanValue()).isFalse();
  }

  @Test
  void textsAreEscapedSoThatAnyParserReadsThemBack() throws IOException {
    String nasty = "a\"b\\c\n\t\u0001\u00e9\ud83d\udd25";
    Receipt receipt = new Receipt("t", 0, 0, nasty, 0, Priority.BULK, 0, 1e21);
    assertThat(new ObjectMapper().readTree(receipt.toJson()).get("source").textValue())
        .isEqualTo(nasty);
    assertThat(new ObjectMapper().readTree(receipt.toJson()).get("weight").doubleValue())
        .isEqualTo(1e21);
  }

  @Test
  void aNumberThatJsonDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> new JsonObject().with("sum", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sum = NaN cannot be written as JSON");
  }

  @Test
  void recordsTravelWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SensorReading.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SiteMetric.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SiteMetricEstimate.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Alert.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Receipt.class);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
