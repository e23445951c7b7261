package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long SECOND = 1_000_000_000;

  @Property(tries = 200)
  void aStepHasRateTimesDurationEvents(
      @ForAll @IntRange(min = 1, max = 50_000) int before,
      @ForAll @IntRange(min = 1, max = 200_000) int rate,
      @ForAll @IntRange(min = 1, max = 3_600) int seconds) {
    Schedule schedule =
        Schedule.builder()
            .steady(before, Duration.ofSeconds(7))
            .steady(rate, Duration.ofSeconds(seconds))
            .steady(before, Duration.ofSeconds(3))
            .build();

    long start = schedule.dueBy(7 * SECOND - 1);
    long end = schedule.dueBy((7 + seconds) * SECOND - 1);

    assertThat(end - start).isEqualTo((long) rate * seconds);
    assertThat(schedule.events()).isEqualTo(10L * before + (long) rate * seconds);
    assertThat(schedule.dueNanos(start)).isEqualTo(7 * SECOND);
  }

  @Property(tries = 300)
  void dueTimesNeverFallAndStayInsideTheSchedule(@ForAll("schedules") Schedule schedule) {
    long earlier = 0;
    for (long event = 0; event < schedule.events(); event++) {
      long due = schedule.dueNanos(event);
      assertThat(due).isBetween(earlier, schedule.duration().toNanos() - 1);
      earlier = due;
    }
  }

  @Property(tries = 1000)
  void anEventIsDueByATimeExactlyIfItIsDueAtItOrBefore(
      @ForAll("schedules") Schedule schedule,
      @ForAll @LongRange(min = 0, max = 1000) long permille) {
    long nanos = schedule.duration().toNanos() * permille / 1000;

    long due = schedule.dueBy(nanos);

    assertThat(due).isBetween(0L, schedule.events());
    if (due > 0) {
      assertThat(schedule.dueNanos(due - 1)).isLessThanOrEqualTo(nanos);
    }
    if (due < schedule.events()) {
      assertThat(schedule.dueNanos(due)).isGreaterThan(nanos);
    }
  }

  @Property(tries = 200)
  void dueByIsTheInverseOfDue(@ForAll("schedules") Schedule schedule) {
    for (long event = 0; event < schedule.events(); event += 1 + schedule.events() / 100) {
      long due = schedule.dueNanos(event);
      assertThat(schedule.dueBy(due)).isGreaterThan(event);
      assertThat(schedule.dueBy(due - 1)).isLessThanOrEqualTo(event);
    }
  }

  @Property(tries = 200)
  void aRampHasTheEventsOfItsMeanRate(
      @ForAll @IntRange(min = 0, max = 5_000) int from,
      @ForAll @IntRange(min = 1, max = 5_000) int to) {
    Schedule schedule = Schedule.builder().ramp(from, to, Duration.ofSeconds(10)).build();

    assertThat(schedule.events()).isEqualTo(Math.round((from + to) / 2.0 * 10));
    double firstHalf = (from + (from + to) / 2.0) / 2 * 5;
    assertThat((double) schedule.dueBy(5 * SECOND)).isBetween(firstHalf - 1, firstHalf + 2);
  }

  @Test
  void fractionsOfEventsAddUpOverSteps() {
    Schedule.Builder thirds = Schedule.builder();
    for (int i = 0; i < 300; i++) {
      thirds.steady(1, Duration.ofNanos(SECOND / 3));
    }
    assertThat(thirds.build().events()).isEqualTo(100);
  }

  @Test
  void nothingIsDueBeforeTheStartAndAllAfterTheEnd() {
    Schedule schedule = Schedule.builder().steady(10, Duration.ofSeconds(1)).build();

    assertThat(schedule.dueBy(-1)).isZero();
    assertThat(schedule.dueBy(0)).isEqualTo(1);
    assertThat(schedule.dueBy(Long.MAX_VALUE)).isEqualTo(10);
  }

  @Test
  void aPauseHasNoEventsAndDelaysTheNext() {
    Schedule schedule =
        Schedule.builder()
            .steady(10, Duration.ofSeconds(1))
            .steady(0, Duration.ofSeconds(5))
            .steady(10, Duration.ofSeconds(1))
            .build();

    assertThat(schedule.dueNanos(10)).isEqualTo(6 * SECOND);
    assertThat(schedule.dueBy(6 * SECOND - 1)).isEqualTo(10);
  }

  @Test
  void thereIsNoEventBeyondTheLast() {
    Schedule schedule = Schedule.builder().steady(10, Duration.ofSeconds(1)).build();
    assertThatThrownBy(() -> schedule.dueNanos(10)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    record Stretch(int from, int to, int millis) {}
    Arbitrary<Integer> rate = Arbitraries.integers().between(0, 400);
    Arbitrary<List<Stretch>> stretches =
        Combinators.combine(rate, rate, Arbitraries.integers().between(1, 2_000))
            .as(Stretch::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(6);
    return stretches.map(
        list -> {
          Schedule.Builder builder = Schedule.builder();
          list.forEach(s -> builder.ramp(s.from(), s.to(), Duration.ofMillis(s.millis())));
          return builder.build();
        });
  }
}
