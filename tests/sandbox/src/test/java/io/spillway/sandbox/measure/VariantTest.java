package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VariantTest {
  private static final Variant PLAIN = Variant.plain("iot", 2, 1000);

  @Test
  void theVariantsDifferInAdmissionAndLanesOnly() {
    Variant spillway = Variant.spillway("iot", 2, 1000);
    assertThat(PLAIN.parallelism()).isEqualTo(spillway.parallelism());
    assertThat(PLAIN.settings()).containsAllEntriesOf(spillway.settings());
    TreeSet<String> more = new TreeSet<>(PLAIN.settings().keySet());
    more.removeAll(spillway.settings().keySet());
    assertThat(more).containsExactly("admission.enabled", "lanes");
  }

  @Test
  void plainFlinkReadsOneTopicWhateverTheJobReads() {
    Variant plain = Variant.plain("transactions", 2, 1000);
    Variant spillway = Variant.spillway("transactions", 2, 1000);
    assertThat(plain.topics().inputs()).containsExactly("transactions.commands");
    assertThat(spillway.topics().inputs()).hasSize(4).contains("transactions.commands.critical");
    assertThat(spillway.topics().receipts())
        .isEqualTo(plain.topics().receipts())
        .isEqualTo("transactions.receipts");
  }

  @Test
  void itsTopicsFollowItsSettings() {
    assertThat(PLAIN.topics().inputs()).containsExactly("iot.events");
    assertThat(PLAIN.with("input.mode", "per_priority").topics().inputs())
        .containsExactly(
            "iot.events.critical", "iot.events.high", "iot.events.normal", "iot.events.bulk");
    assertThat(PLAIN.with("receipts.topic", "r").topics().receipts()).isEqualTo("r");
  }

  @Test
  void capacityIsExpectedFromTheWorkAndMeasuredAfterTheRamp() {
    assertThat(Calibration.expectedPerSecond(PLAIN)).isEqualTo(2000);
    Accounts accounts = new Accounts();
    int ramp = 1000 * Calibration.RAMP_SECONDS;
    for (int millis = 0; millis < ramp + 1000 * Calibration.MEASURED_SECONDS; millis++) {
      accounts.produced("in", 0, millis, Priority.BULK, millis);
      if (millis > ramp - 1500 && millis % 2 == 0) {
        accounts.delivered("in", 0, millis, millis);
      }
    }
    Timeline timeline = Timeline.of(accounts, 0, Duration.ofSeconds(1));
    assertThat(Calibration.steadyPerSecond(timeline)).isEqualTo(500, within(1.0));
  }
}
