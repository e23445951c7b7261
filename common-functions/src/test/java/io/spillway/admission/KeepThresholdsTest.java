package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.config.Settings;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepThresholdsTest {
  private final KeepThresholds thresholds = new KeepThresholds();

  @Property
  void whatALowerProbabilityKeepsAHigherOneKeepsToo(
      @ForAll @LongRange(min = 0) long hash,
      @ForAll @DoubleRange(max = 1) double p,
      @ForAll @DoubleRange(max = 1) double q) {
    thresholds.set(Priority.BULK, Math.min(p, q));
    boolean keptByLower = thresholds.keeps(Priority.BULK, hash);
    thresholds.set(Priority.BULK, Math.max(p, q));
    if (keptByLower) {
      assertThat(thresholds.keeps(Priority.BULK, hash)).isTrue();
    }
  }

  @Property
  void oneKeepsAllAndZeroKeepsNone(@ForAll @LongRange(min = 0) long hash) {
    thresholds.set(Priority.BULK, 1);
    assertThat(thresholds.keeps(Priority.BULK, hash)).isTrue();
    thresholds.set(Priority.BULK, 0);
    assertThat(thresholds.keeps(Priority.BULK, hash)).isFalse();
  }

  @Test
  void oneKeepsTheLargestHash() {
    assertThat(thresholds.keeps(Priority.NORMAL, Long.MAX_VALUE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
  void keepsTheShareItIsToldAndTheWeightsAddUpToWhatArrived(double p) {
    EventHash hash = new EventHash(7);
    thresholds.set(Priority.NORMAL, p);
    int events = 200_000;
    double kept = 0;
    double weights = 0;
    for (int i = 0; i < events; i++) {
      byte[] id = ("sensor-" + i % 100 + "-" + i).getBytes(StandardCharsets.US_ASCII);
      if (thresholds.keeps(Priority.NORMAL, hash.of(event(i), id))) {
        kept++;
        weights += thresholds.weight(Priority.NORMAL, 1.0);
      }
    }
    double sixSigma = 6 * Math.sqrt(p * (1 - p) / events);
    assertThat(kept / events).isCloseTo(p, within(sixSigma));
    assertThat(weights / events).isCloseTo(1.0, within(sixSigma / p));
  }

  @Test
  void anotherReadingOfTheSameRecordDecidesTheSame() {
    byte[] id = {1, 2, 3};
    assertThat(new EventHash(1).of(event(5), id)).isEqualTo(new EventHash(1).of(event(9), id));
    assertThat(new EventHash(1).of(event(5), null)).isEqualTo(new EventHash(1).of(event(5), null));
    assertThat(new EventHash(1).of(event(5), id)).isNotEqualTo(new EventHash(2).of(event(5), id));
  }

  @Test
  void jobsInARowWithOtherSeedsDecideIndependently() {
    EventHash first = new EventHash(1);
    EventHash second = new EventHash(2);
    thresholds.set(Priority.BULK, 0.5);
    int keptByBoth = 0;
    int events = 100_000;
    for (int i = 0; i < events; i++) {
      if (thresholds.keeps(Priority.BULK, first.of(event(i), null))
          && thresholds.keeps(Priority.BULK, second.of(event(i), null))) {
        keptByBoth++;
      }
    }
    assertThat(keptByBoth / (double) events).isCloseTo(0.25, within(0.01));
  }

  @Test
  void allEventsOfAKeyHaveOneHashWhateverTheirIds() {
    EventHash hash = new EventHash(1);
    assertThat(hash.ofKey(keyed(5, "a"), new byte[] {1}))
        .isEqualTo(hash.ofKey(keyed(6, "a"), new byte[] {2}))
        .isNotEqualTo(hash.ofKey(keyed(6, "b"), new byte[] {2}));
    for (byte[] id : new byte[][] {{1, 2}, null}) {
      assertThat(hash.ofKey(event(5), id)).isEqualTo(hash.of(event(5), id));
      assertThat(hash.ofKey(keyed(5, ""), id)).isEqualTo(hash.of(event(5), id));
    }
  }

  @Property
  void aShareOfThoseKeptAreTheOnesWithTheSmallestHashes(
      @ForAll @LongRange(min = 0) long hash,
      @ForAll @DoubleRange(max = 1) double p,
      @ForAll @DoubleRange(max = 1) double share) {
    thresholds.set(Priority.BULK, p);
    boolean enters = KeepThresholds.keeps(thresholds.probability(Priority.BULK) * share, hash);
    if (enters) {
      assertThat(thresholds.keeps(Priority.BULK, hash)).isTrue();
      assertThat(KeepThresholds.keeps(thresholds.probability(Priority.BULK) * share, hash / 2))
          .isTrue();
    }
    assertThat(KeepThresholds.keeps(thresholds.probability(Priority.BULK), hash))
        .isEqualTo(thresholds.keeps(Priority.BULK, hash));
  }

  /** Else all kept keys would lie in a few of the groups that their variance is made of. */
  @Test
  void theUnitOfAKeySaysNothingOfWhetherItIsKept() {
    AdmissionOptions options =
        AdmissionOptions.from(
            Settings.of(Map.of("admission.sampling-unit", "key"), AdmissionOptions.OPTIONS));
    UnitHash units = new UnitHash(options);
    EventHash hash = new EventHash(options.seed());
    thresholds.set(Priority.NORMAL, 0.1);
    int[] inGroup = new int[64];
    for (int i = 0; i < 64_000; i++) {
      RawEvent event = keyed(i, "device-" + i);
      if (thresholds.keeps(Priority.NORMAL, hash.ofKey(event, null))) {
        inGroup[(int) (units.of(event, null) % 64)]++;
      }
    }
    for (int keys : inGroup) {
      assertThat(keys).isBetween(50, 150);
    }
    assertThat(new UnitHash(AdmissionOptions.defaults()).of(keyed(1, "a"), null))
        .isEqualTo(UnitHash.ALONE);
  }

  private static RawEvent keyed(long offset, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    return new RawEvent("t", 0, offset, 0, bytes, null, EventHeaders.empty());
  }

  private static RawEvent event(long offset) {
    return new RawEvent("t", 0, offset, 0, null, null, EventHeaders.empty());
  }
}
