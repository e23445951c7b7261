package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TimelineTest {
  private static final long START = 1_700_000_000_000L;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Accounts accounts = new Accounts();

  @Example
  void latencyBelongsToTheSecondOfSendingAndDeliveryToTheSecondOfTheResult() {
    accounts.produced("in", 0, 0, Priority.HIGH, START + 500);
    accounts.delivered("in", 0, 0, START + 3700);
    Timeline timeline = Timeline.of(accounts, START, SECOND);
    assertThat(timeline.offered()[Priority.HIGH.ordinal()]).containsExactly(1, 0, 0, 0);
    assertThat(timeline.delivered()[Priority.HIGH.ordinal()]).containsExactly(0, 0, 0, 1);
    assertThat(timeline.p99()[Priority.HIGH.ordinal()][0]).isBetween(3198.0, 3202.0);
    assertThat(timeline.p99()[Priority.HIGH.ordinal()][3]).isNaN();
    assertThat(timeline.waiting()).containsExactly(1, 1, 1, 0);
  }

  @Example
  void aRejectedEventDoesNotWaitAndALostOneWaitsForEver() {
    accounts.produced("in", 0, 0, Priority.BULK, START);
    accounts.rejected("in", 0, 0, Outcome.SHED);
    accounts.produced("in", 0, 1, Priority.BULK, START + 1000);
    accounts.produced("in", 0, 2, Priority.BULK, START + 2000);
    accounts.deadLetter("in", 0, 2);
    Timeline timeline = Timeline.of(accounts, START, SECOND);
    assertThat(timeline.rejected()[Priority.BULK.ordinal()]).containsExactly(1, 0, 0);
    assertThat(timeline.waiting()).containsExactly(0, 1, 1);
  }

  @Property(tries = 50)
  void theStepsAddUpToTheAccounts(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 500) int n) {
    Accounts all = new Accounts();
    for (int i = 0; i < n; i++) {
      all.produced("in", 0, i, Priority.of(random.nextInt(4)), START + random.nextInt(20_000));
      if (random.nextBoolean()) {
        all.delivered("in", 0, i, START + 20_000 + random.nextInt(9_000));
      } else {
        all.rejected("in", 0, i, Outcome.THROTTLED);
      }
    }
    Timeline timeline = Timeline.of(all, START, Duration.ofMillis(100));
    assertThat(sum(timeline.offered())).isEqualTo(n);
    assertThat(sum(timeline.delivered())).isEqualTo(all.count(Fate.DELIVERED));
    assertThat(sum(timeline.rejected())).isEqualTo(all.count(Fate.THROTTLED));
    assertThat(timeline.waiting()[timeline.steps() - 1]).isZero();
  }

  private static long sum(long[][] counts) {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }
}
