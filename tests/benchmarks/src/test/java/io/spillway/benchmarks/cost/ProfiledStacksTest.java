package io.spillway.benchmarks.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.benchmarks.cost.ProfiledStacks.Place;
import io.spillway.benchmarks.cost.ProfiledStacks.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfiledStacksTest {
  private static final String BENCHMARK = "io.spillway.benchmarks.cost.DropCost.shed";
  private static final String READ = "io.spillway.event.EventAttributes.read";
  private static final String EQUALS = "java.util.Arrays.equals";

  private final ProfiledStacks stacks =
      new ProfiledStacks(
          List.of(
              new Sample(List.of(EQUALS, READ, BENCHMARK), "", 1),
              new Sample(List.of(READ, BENCHMARK), "", 1),
              new Sample(List.of(EQUALS, BENCHMARK), "", 2),
              new Sample(List.of("jdk.jfr.internal.Periodic.run"), "", 100),
              new Sample(List.of("jdk.jfr.internal.Periodic.run"), "byte[]", 100),
              new Sample(List.of(EQUALS, READ, BENCHMARK), "byte[]", 300),
              new Sample(List.of(BENCHMARK), "long[]", 100)));

  @Test
  void sharesAreOfTheBenchmarkAloneAndTheLargestComesFirst() {
    assertThat(stacks.methods(9))
        .containsExactly(new Place("Arrays.equals", 0.75), new Place("EventAttributes.read", 0.25));
  }

  @Test
  void whatAMethodCallsIsOnBehalfOfTheInnermostMethodOfTheLibrary() {
    assertThat(stacks.ours(9))
        .containsExactly(
            new Place("EventAttributes.read", 0.5), new Place("the benchmark itself", 0.5));
  }

  @Test
  void allocationsCountByTheirBytes() {
    assertThat(stacks.allocations(9))
        .containsExactly(
            new Place("byte[] in EventAttributes.read", 0.75),
            new Place("long[] in the benchmark itself", 0.25));
  }

  @Test
  void noMoreThanAreAskedFor() {
    assertThat(stacks.allocations(1)).hasSize(1);
  }
}
