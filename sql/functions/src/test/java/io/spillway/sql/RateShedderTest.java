package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.priority.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateShedderTest {
  private static final int SECONDS = 20;

  private final Map<Priority, Long> kept = new EnumMap<>(Priority.class);
  private final Map<Priority, Double> weights = new EnumMap<>(Priority.class);

  @Test
  void keepsTheRateAndShedsTheLeastImportantFirst() {
    offer(new RateShedder(500), 1000);

    assertThat(kept.get(Priority.CRITICAL)).as("5 % of all").isEqualTo(50L * SECONDS);
    assertThat(kept.get(Priority.HIGH)).as("15 % of all").isEqualTo(150L * SECONDS);
    assertThat(kept.get(Priority.NORMAL) / (double) SECONDS).isCloseTo(300, within(30.0));
    assertThat(kept.get(Priority.BULK) / (double) SECONDS).isCloseTo(5, within(3.0));
  }

  @Test
  void weightsAddUpToWhatWasOffered() {
    offer(new RateShedder(500), 1000);

    assertThat(weights.get(Priority.HIGH)).isEqualTo(150.0 * SECONDS);
    assertThat(weights.get(Priority.NORMAL) / SECONDS).isCloseTo(400, within(20.0));
    assertThat(weights.get(Priority.BULK) / SECONDS).isCloseTo(400, within(160.0));
  }

  @Test
  void belowTheRateNothingIsShed() {
    offer(new RateShedder(5000), 1000);

    assertThat(kept.values().stream().mapToLong(n -> n).sum()).isEqualTo(1000L * SECONDS);
    assertThat(weights.get(Priority.BULK)).isEqualTo(400.0 * SECONDS);
  }

  @Test
  void refusesARateThatIsNone() {
    assertThatThrownBy(() -> new RateShedder(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new RateShedder(Double.NaN)).hasMessageContaining("above 0");
  }

  /** 5 % critical, 15 % high, 40 % normal, 40 % bulk; judged after the first two seconds. */
  private void offer(RateShedder shedder, int perSecond) {
    Random random = new Random(7);
    for (long i = 0; i < (long) (SECONDS + 2) * perSecond; i++) {
      int turn = (int) (i % 20);
      Priority priority =
          turn < 1
              ? Priority.CRITICAL
              : turn < 4 ? Priority.HIGH : turn < 12 ? Priority.NORMAL : Priority.BULK;
      long millis = i * 1000 / perSecond;
      double weight = shedder.weight(priority, random.nextLong() >>> 1, 1.0, millis);
      if (weight > 0 && millis >= 2000) {
        kept.merge(priority, 1L, Long::sum);
        weights.merge(priority, weight, Double::sum);
      }
    }
  }
}
