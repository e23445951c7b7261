package io.spillway.jobs.load;

import static io.spillway.jobs.load.LoadOptionsTest.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventPlanTest {
  @Property(tries = 100)
  void everySourceCountsItsEventsFromOneWithoutAGap(
      @ForAll @IntRange(min = 2, max = 40) int sources,
      @ForAll @DoubleRange(min = 0, max = 1) double hotShare,
      @ForAll @IntRange(min = 1, max = 30) int noisyFactor,
      @ForAll @IntRange(min = 0, max = 1_000) int seed) {
    EventPlan plan =
        plan(
            Map.of(
                "sources", String.valueOf(sources),
                "hot.share", String.valueOf(hotShare),
                "noisy.factor", String.valueOf(noisyFactor),
                "seed", String.valueOf(seed)));
    Map<Integer, Long> last = new HashMap<>();
    for (long event = 0; event < 2_000; event++) {
      int source = plan.source(event);
      assertThat(source).isBetween(1, sources);
      assertThat(plan.sequence(event)).isEqualTo(last.merge(source, 1L, Long::sum));
    }
  }

  @Property(tries = 50)
  void copiesAreOfEventsBeforeThemAndLeaveNoGap(
      @ForAll @DoubleRange(min = 0, max = 0.9) double share,
      @ForAll @IntRange(min = 0, max = 1_000) int seed) {
    EventPlan plan =
        plan(
            Map.of(
                "sources",
                "20",
                "duplicates.share",
                String.valueOf(share),
                "malformed.share",
                "0.1",
                "seed",
                String.valueOf(seed)));
    EventPlan without =
        plan(Map.of("sources", "20", "malformed.share", "0.1", "seed", String.valueOf(seed)));
    long next = 0;
    for (long event = 0; event < 2_000; event++) {
      long original = plan.original(event);
      assertThat(original).isBetween(0L, next);
      next = Math.max(next, original + 1);
      assertThat(plan.source(event)).isEqualTo(without.source(original));
      assertThat(plan.sequence(event)).isEqualTo(without.sequence(original));
      assertThat(plan.priority(event)).isEqualTo(without.priority(original));
      assertThat(plan.malformed(event)).isEqualTo(without.malformed(original));
    }
    assertThat(2_000 - next).isCloseTo(Math.round(share * 2_000), within(2L));
  }

  @Test
  void sourcesTakeEqualTurns() {
    long[] counts = countsBySource(plan(Map.of("sources", "50")), 50, 5_000);
    assertThat(IntStream.rangeClosed(1, 50).mapToLong(i -> counts[i])).containsOnly(100L);
  }

  @Test
  void theHotSourceSendsItsShareAndTheOthersEqualPartsOfTheRest() {
    long[] counts = countsBySource(plan(Map.of("sources", "11", "hot.share", "0.3")), 11, 10_000);
    assertThat(counts[EventPlan.HOT_SOURCE]).isEqualTo(3_000);
    assertThat(IntStream.rangeClosed(2, 11).mapToLong(i -> counts[i])).containsOnly(700L);
  }

  @Test
  void theNoisySourceSendsItsMultipleOfTheOthers() {
    long[] counts = countsBySource(plan(Map.of("sources", "51", "noisy.factor", "50")), 51, 10_000);
    assertThat(counts[EventPlan.NOISY_SOURCE]).isEqualTo(5_000);
    assertThat(counts[1]).isEqualTo(100);
    assertThat(counts[51]).isEqualTo(100);
  }

  @Test
  void malformedEventsHaveTheirShareAndTakeTurnsInKind() {
    EventPlan plan = plan(Map.of("malformed.share", "0.07"));
    Map<Malformed, Long> counts = new HashMap<>();
    LongStream.range(0, 10_000)
        .mapToObj(plan::malformed)
        .filter(kind -> kind != null)
        .forEach(kind -> counts.merge(kind, 1L, Long::sum));
    assertThat(counts).hasSize(Malformed.values().length);
    assertThat(counts.values()).containsOnly(100L);
  }

  @Test
  void theSameSeedGivesTheSameEventsAndAnotherOneOthers() {
    Map<String, String> settings = Map.of("hot.share", "0.1", "malformed.share", "0.1");
    assertThat(describe(plan(settings))).isEqualTo(describe(plan(settings)));
    assertThat(describe(plan(Map.of("hot.share", "0.1", "malformed.share", "0.1", "seed", "2"))))
        .isNotEqualTo(describe(plan(settings)));
  }

  private static String describe(EventPlan plan) {
    StringBuilder text = new StringBuilder();
    for (long n = 0; n < 1_000; n++) {
      text.append(plan.source(n)).append(plan.priority(n)).append(plan.malformed(n));
    }
    return text.toString();
  }

  private static long[] countsBySource(EventPlan plan, int sources, int events) {
    long[] counts = new long[sources + 1];
    LongStream.range(0, events).forEach(n -> counts[plan.source(n)]++);
    return counts;
  }

  private static EventPlan plan(Map<String, String> settings) {
    return new EventPlan(options(settings));
  }
}
