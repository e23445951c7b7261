package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.benchmarks.MicroContest.Side;
import io.spillway.benchmarks.cost.Cost;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class MicroContestTest {
  private final MicroContest contest =
      new MicroContest(Goal.MICRO_GRANTED, Object.class, "ours")
          .against("one", Object.class, "one")
          .against("another", Object.class, "another");
  private final Map<String, List<Cost>> costs = new LinkedHashMap<>();

  @BeforeEach
  void measure() {
    costs.put("Spillway", List.of(new Cost(10, 0), new Cost(20, 0), new Cost(10, 0)));
    costs.put("one", List.of(new Cost(30, 8), new Cost(30, 8), new Cost(30, 8)));
    costs.put("another", List.of(new Cost(40, 0), new Cost(10, 0), new Cost(40, 0)));
  }

  @Test
  void theFigureIsTheFastestOtherInEachRound() {
    assertThat(contest.result(costs).measured()).isEqualTo(new Spread(3, 0.5, 3));
  }

  @Test
  void timeAndHeapOfEverySideStandBesideIt() {
    assertThat(contest.result(costs).baselines())
        .containsExactly(
            Map.entry("Spillway, ns", 10.0),
            Map.entry("Spillway, B", 0.0),
            Map.entry("one, ns", 30.0),
            Map.entry("one, B", 8.0),
            Map.entry("another, ns", 40.0),
            Map.entry("another, B", 0.0));
  }

  @Test
  void whoeverIsFasterIsCalledFaster() {
    costs.put("one", List.of(new Cost(9, 8), new Cost(9, 8), new Cost(9, 8)));

    assertThat(contest.result(costs).baselines()).containsKey("one (FASTER), ns");
    assertThat(contest.lines(costs))
        .hasSize(3)
        .satisfiesExactly(
            ours -> assertThat(ours).contains("Spillway").doesNotContain("FASTER"),
            one -> assertThat(one).endsWith("FASTER THAN SPILLWAY"),
            another -> assertThat(another).doesNotContain("FASTER"));
  }

  @Test
  void everySideIsABenchmarkAndEveryContestHasAGoalOfItsOwn() {
    for (MicroContest one : MicroGoals.CONTESTS) {
      assertThat(one.sides()).hasSizeGreaterThan(1).extracting(Side::name).doesNotHaveDuplicates();
      for (Side side : one.sides()) {
        assertThat(side.benchmarks().getMethods())
            .filteredOn(method -> method.isAnnotationPresent(Benchmark.class))
            .extracting("name")
            .contains(side.method());
      }
    }
    assertThat(MicroGoals.CONTESTS)
        .extracting(MicroContest::goal)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Goal.values()).filter(goal -> goal.id().equals("MICRO")).toList());
  }
}
