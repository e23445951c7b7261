package io.spillway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SustainableRatesTest {
  private static final double ANY = Double.POSITIVE_INFINITY;
  private static final long SECOND = 1_000_000_000L;
  private final SustainableRates rates = new SustainableRates("iot.events", 15 * SECOND);
  private long now = 77;

  @Test
  void withoutNewsThereIsNoLimit() {
    assertThat(rate()).isEqualTo(ANY);
    take("job", "all-0", 100, 0);
    assertThat(rates.perSecond(Priority.HIGH, now)).isEqualTo(ANY);
  }

  @Test
  void subtasksOfAJobAddUpAndTheSlowestOfSeveralJobsCounts() {
    take("one", "all-0", 100, 0);
    take("one", "all-1", 50, 0);
    assertThat(rate()).isEqualTo(150);
    take("two", "all-0", 120, 0);
    assertThat(rate()).isEqualTo(120);
  }

  @Test
  void aSubtaskThatKnowsNoLimitMakesTheSumOne() {
    take("one", "all-0", 100, 0);
    take("one", "all-1", ANY, 0);
    assertThat(rate()).isEqualTo(ANY);
  }

  @Test
  void aSubtaskThatIsGoneExpiresByTheTimeOfTheOthersAndIsNoGhost() {
    take("job", "all-0", 100, 0);
    take("job", "all-1", 50, 0);
    take("job", "all-0", 100, 14_000);
    assertThat(rate()).isEqualTo(150);
    take("job", "all-0", 100, 16_000);
    assertThat(rate()).isEqualTo(100);
  }

  @Test
  void whenNothingHasBeenHeardForLongThereIsNoLimit() {
    take("job", "all-0", 100, 0);
    now += 15 * SECOND;
    assertThat(rate()).isEqualTo(100);
    now += 1;
    assertThat(rate()).isEqualTo(ANY);
  }

  @Test
  void anOlderReportAndThatOfAnotherTopicChangeNothing() {
    take("job", "all-0", 100, 5_000);
    take("job", "all-0", 7, 4_000);
    rates.take(report("job", "other", "all-0", 7, 9_000), now);
    assertThat(rate()).isEqualTo(100);
  }

  @Test
  void aFollowerTakesItsShareOfWhatIsSlowed() {
    EdgeOptions options = EdgeOptions.of("spillway.admission", "iot.events").withShare(0.5);
    try (AdmissionFollower follower = new AdmissionFollower(options)) {
      follower.take(report("job", "iot.events", "all-0", 100, 0));
      assertThat(follower.perSecond(Priority.BULK)).isEqualTo(50);
      assertThat(follower.perSecond(Priority.CRITICAL)).isEqualTo(ANY);
    }
    try (AdmissionFollower follower =
        new AdmissionFollower(options.slowing(Set.of(Priority.CRITICAL)))) {
      follower.take(report("job", "iot.events", "all-0", 100, 0));
      assertThat(follower.perSecond(Priority.BULK)).isEqualTo(ANY);
    }
  }

  @Test
  void reportsComeOutAsTheyWentIn() {
    AdmissionReport known = report("job \"x\"", "iot.events", "all-0", 12.5, 1_700_000_000_000L);
    assertThat(AdmissionReport.read(known.toJson())).contains(known);
    AdmissionReport unlimited = report("job", "iot.events", "all-0", ANY, 1);
    assertThat(AdmissionReport.read(unlimited.toJson())).contains(unlimited);
    assertThat(new String(unlimited.toJson(), StandardCharsets.UTF_8))
        .contains("\"sustainablePerSecond\":null");
    assertThat(new String(known.kafkaKey(), StandardCharsets.UTF_8))
        .isEqualTo("job \"x\"|iot.events|bulk|all-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"job\":\"j\",\"topic\":\"t\",\"priority\":\"urgent\",\"reporter\":\"r\",\"at\":1,\"sustainablePerSecond\":1}",
        "{\"job\":\"j\",\"topic\":\"t\",\"priority\":\"bulk\",\"reporter\":\"r\",\"at\":1,\"sustainablePerSecond\":-1}",
        "{\"job\":\"j\",\"topic\":\"t\",\"priority\":\"bulk\",\"reporter\":\"r\",\"at\":1}",
        "{\"job\":\"j\",\"topic\":\"t\",\"priority\":\"bulk\",\"reporter\":\"r\",\"sustainablePerSecond\":1}",
      })
  void whatIsNoReportIsPassedOver(String json) {
    assertThat(AdmissionReport.read(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(AdmissionReport.read(null)).isEmpty();
  }

  private double rate() {
    return rates.perSecond(Priority.BULK, now);
  }

  private void take(String job, String reporter, double perSecond, long atMillis) {
    rates.take(report(job, "iot.events", reporter, perSecond, atMillis), now);
  }

  private static AdmissionReport report(
      String job, String topic, String reporter, double perSecond, long atMillis) {
    return new AdmissionReport(
        job, topic, Priority.BULK, reporter, 0.5, 200, perSecond, 3, atMillis);
  }
}
