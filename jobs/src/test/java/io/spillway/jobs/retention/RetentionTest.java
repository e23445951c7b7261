package io.spillway.jobs.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final long HOUR = 3_600_000;

  @Test
  void byAgeItIsWhatIsLeftOfTheTimeTheTopicKeepsEvents() {
    Retention day = Retention.of(Map.of("retention.ms", String.valueOf(24 * HOUR)));
    assertThat(day.byAge(0, 6 * HOUR)).isEqualTo(new Retention.Left(18 * 3600, 0.75));
    assertThat(day.byAge(0, 30 * HOUR)).isEqualTo(new Retention.Left(0, 0));
    assertThat(day.byAge(2 * HOUR, HOUR).share()).as("a clock that is off").isEqualTo(1);
  }

  @Test
  void bySizeItIsWhatFitsIntoThePartitionStill() {
    Retention megabyte = Retention.of(Map.of("retention.ms", "-1", "retention.bytes", "1000000"));
    assertThat(megabyte.bySize()).isTrue();
    assertThat(megabyte.bySize(600_000, 100)).isEqualTo(new Retention.Left(4_000, 0.4));
    assertThat(megabyte.bySize(2_000_000, 100)).isEqualTo(new Retention.Left(0, 0));
    assertThat(megabyte.bySize(600_000, 0).seconds()).isInfinite();
  }

  @Test
  void whicheverIsLessCounts() {
    Retention.Left long_ = new Retention.Left(100, 0.2);
    assertThat(long_.min(new Retention.Left(50, 0.9))).isEqualTo(new Retention.Left(50, 0.2));
  }

  @Test
  void aTopicThatKeepsEverythingHasNoLimit() {
    Retention unlimited = Retention.of(Map.of("retention.ms", "-1", "retention.bytes", "-1"));
    assertThat(unlimited.byAge(0, Long.MAX_VALUE)).isEqualTo(Retention.Left.UNLIMITED);
    assertThat(unlimited.bySize(1e18, 1e9)).isEqualTo(Retention.Left.UNLIMITED);
  }

  @Test
  void aTopicThatIsOnlyCompactedDeletesNothingByAge() {
    assertThat(Retention.of(Map.of("cleanup.policy", "compact", "retention.ms", "1000")))
        .isEqualTo(Retention.UNLIMITED);
    assertThat(Retention.of(Map.of("cleanup.policy", "compact,delete", "retention.ms", "1000")))
        .isEqualTo(new Retention(1000, -1));
  }

  @Test
  void aTopicThatKeepsNothingLeavesNothing() {
    assertThat(new Retention(0, 0).byAge(5, 5)).isEqualTo(new Retention.Left(0, 0));
    assertThat(new Retention(0, 0).bySize(0, 1)).isEqualTo(new Retention.Left(0, 0));
  }
}
