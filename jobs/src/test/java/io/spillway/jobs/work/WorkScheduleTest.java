package io.spillway.jobs.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class WorkScheduleTest {
  private static final long MICROS = 1_000;
  private static final long PER_EVENT = 500 * MICROS;

  private final WorkSchedule schedule = new WorkSchedule();

  @Example
  void anEventAfterIdlenessTakesItsFullTime() {
    schedule.begin(0, PER_EVENT);
    assertThat(schedule.remainingNanos(0)).isEqualTo(PER_EVENT);
    schedule.end(PER_EVENT + 60 * MICROS);
    long later = 1_000_000 * MICROS;
    schedule.begin(later, PER_EVENT);
    assertThat(schedule.remainingNanos(later)).isEqualTo(PER_EVENT);
  }

  @Example
  void anOvershootShortensTheNextWait() {
    schedule.begin(0, PER_EVENT);
    long end = PER_EVENT + 60 * MICROS;
    schedule.end(end);
    schedule.begin(end, PER_EVENT);
    assertThat(schedule.remainingNanos(end)).isEqualTo(PER_EVENT - 60 * MICROS);
  }

  @Example
  void aLongPauseIsMadeUpWithoutWaitingBetweenEvents() {
    schedule.begin(0, PER_EVENT);
    long end = PER_EVENT + 3 * PER_EVENT;
    schedule.end(end);
    for (int i = 0; i < 3; i++) {
      schedule.begin(end, PER_EVENT);
      assertThat(schedule.remainingNanos(end)).isLessThanOrEqualTo(0);
      schedule.end(end);
    }
    schedule.begin(end, PER_EVENT);
    assertThat(schedule.remainingNanos(end)).isEqualTo(PER_EVENT);
  }

  @Example
  void noMoreThanATenthOfASecondIsMadeUp() {
    schedule.begin(0, PER_EVENT);
    long end = 10_000_000 * MICROS;
    schedule.end(end);
    int withoutWait = 0;
    for (schedule.begin(end, PER_EVENT);
        schedule.remainingNanos(end) <= 0;
        schedule.begin(end, PER_EVENT)) {
      schedule.end(end);
      withoutWait++;
    }
    assertThat(withoutWait).isEqualTo((int) (100_000 * MICROS / PER_EVENT));
  }

  @Property
  void aWorkerThatIsNeverIdleDoesExactlyItsRate(
      @ForAll @LongRange(min = 50, max = 5_000) long micros, @ForAll long seed) {
    long perEvent = micros * MICROS;
    WorkSchedule busy = new WorkSchedule();
    Random random = new Random(seed);
    int events = 2_000;
    long now = 0;
    for (int i = 0; i < events; i++) {
      busy.begin(now, perEvent);
      long wait = busy.remainingNanos(now);
      long overshoot = random.nextLong(perEvent);
      now += wait > 0 ? wait + overshoot : 0;
      busy.end(now);
      now += random.nextLong(perEvent / 4);
    }
    assertThat(now).isBetween(events * perEvent, (events + 3) * perEvent);
  }

  @Property
  void aWorkerThatIsIdleNowAndThenNeverGetsAheadOfItsRate(@ForAll long seed) {
    WorkSchedule schedule = new WorkSchedule();
    Random random = new Random(seed);
    int events = 500;
    long now = 0;
    for (int i = 0; i < events; i++) {
      schedule.begin(now, PER_EVENT);
      long wait = schedule.remainingNanos(now);
      assertThat(wait).isLessThanOrEqualTo(PER_EVENT);
      now += wait > 0 ? wait + random.nextLong(300 * MICROS) : 0;
      schedule.end(now);
      now += random.nextLong(4 * PER_EVENT);
    }
    assertThat(now).isGreaterThanOrEqualTo((events - 1) * PER_EVENT);
  }

  @Example
  void anOvershootIsStillOwedAfterAShortIdleness() {
    schedule.begin(0, PER_EVENT);
    long end = PER_EVENT + 60 * MICROS;
    schedule.end(end);
    long later = end + 3 * PER_EVENT;
    schedule.begin(later, PER_EVENT);
    assertThat(schedule.remainingNanos(later)).isEqualTo(PER_EVENT - 60 * MICROS);
  }

  @Example
  void theNextEventMayTakeLonger() {
    schedule.begin(0, PER_EVENT);
    schedule.end(PER_EVENT);
    schedule.begin(PER_EVENT, 2 * PER_EVENT);
    assertThat(schedule.remainingNanos(PER_EVENT)).isEqualTo(2 * PER_EVENT);
  }
}
