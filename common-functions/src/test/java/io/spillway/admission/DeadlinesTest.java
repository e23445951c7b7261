package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NOW = 1_700_000_000_000L;

  private final Deadlines deadlines =
      new Deadlines(Map.of(Priority.BULK, Duration.ofSeconds(10), Priority.NORMAL, Duration.ZERO));

  @Test
  void anEventExpiresWhenItIsOlderThanItsPriorityMayBe() {
    assertThat(deadlines.passed(Priority.BULK, NEVER, NOW - 10_000, NOW)).isFalse();
    assertThat(deadlines.passed(Priority.BULK, NEVER, NOW - 10_001, NOW)).isTrue();
  }

  @Test
  void anEventExpiresAtItsOwnDeadline() {
    assertThat(deadlines.passed(Priority.HIGH, NOW + 1, NOW, NOW)).isFalse();
    assertThat(deadlines.passed(Priority.HIGH, NOW, NOW, NOW)).isTrue();
  }

  @Property
  void withoutDeadlineAndMaximumAgeNothingExpires(
      @ForAll @LongRange(min = -1, max = NOW) long timestamp) {
    assertThat(deadlines.passed(Priority.CRITICAL, NEVER, timestamp, NOW)).isFalse();
    assertThat(deadlines.passed(Priority.NORMAL, NEVER, timestamp, NOW)).isFalse();
    assertThat(deadlines.apply(Priority.NORMAL, NEVER)).isFalse();
  }

  @Test
  void theAgeOfAnEventWithoutATimestampIsNotKnownSoItDoesNotExpire() {
    assertThat(deadlines.passed(Priority.BULK, NEVER, -1, NOW)).isFalse();
  }

  @Test
  void anEventFromTheFutureDoesNotExpire() {
    assertThat(deadlines.passed(Priority.BULK, NEVER, NOW + 60_000, NOW)).isFalse();
  }
}
