package io.spillway.benchmarks.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterruptionsTest {
  private final Interruptions results =
      new Interruptions(new long[] {1_000, 4_000, 1_010, 4_010, 5_010, 5_020, 9_000});

  @Test
  void addsUpTheGapsThatEndWithinTheTime() {
    assertThat(results.seconds(1_010, 6_000)).isEqualTo(2.99 + 1.0);
    assertThat(results.count(1_010, 6_000)).isEqualTo(2);
  }

  @Test
  void countsAGapThatBeganBeforeAndNotOneThatEndsAfterwards() {
    assertThat(results.seconds(2_000, 4_500)).isEqualTo(2.99);
    assertThat(results.count(2_000, 4_500)).isEqualTo(1);
  }

  @Test
  void withoutAnInterruptionItIsTheLongestGap() {
    assertThat(results.seconds(5_010, 5_100)).isEqualTo(0.01);
    assertThat(results.count(5_010, 5_100)).isZero();
  }
}
