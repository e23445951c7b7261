package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class FairSharesTest {
  private static final double TICK = 0.02;
  private static final int TICKS = 500;
  private static final int SETTLED = 250;

  private final FairShares shares = new FairShares();
  private final SplittableRandom random = new SplittableRandom(1);
  private double[] sent;
  private double[] admitted;
  private IntPredicate room = source -> true;

  @Test
  void sourcesThatSendAlikeAreCutAlike() {
    double[] kept = run(equal(100), 4_000, 0.2);
    assertThat(jain(admitted)).as("0.98 if every coin is thrown anew").isGreaterThan(0.99);
    assertThat(sum(kept)).isCloseTo(0.2, within(0.01));
  }

  @Test
  void oneThatSendsFiftyTimesAsMuchGetsNoMoreThanTheOthers() {
    double[] kept = run(withNoisy(100, 50), 5_000, 0.2);
    assertThat(jain(kept)).isGreaterThan(0.98);
    assertThat(sum(kept)).isCloseTo(0.2, within(0.01));
  }

  @Test
  void sourcesBelowTheLimitKeepEverything() {
    double[] kept = run(withNoisy(100, 400), 5_000, 0.6);
    for (int i = 1; i < kept.length; i++) {
      assertThat(kept[i] / sent[i]).as("of source %d", i).isGreaterThan(0.97);
    }
    assertThat(sum(kept)).isCloseTo(0.6, within(0.03));
  }

  @Test
  void ofManyMoreSourcesThanBucketsTheOthersAreHardlyTouched() {
    double[] rates = withNoisy(40_000, 40_000);
    double[] kept = run(rates, 20_000, 0.4);
    double others = sum(kept) - kept[0];
    assertThat(kept[0]).as("a source that sends half of everything").isLessThan(0.01);
    assertThat(others).isCloseTo(0.4, within(0.04));
  }

  @Test
  void whatIsKeptFollowsTheBudgetAlsoWhereSourcesCollide() {
    assertThat(sum(run(equal(6_000), 10_000, 0.3))).isCloseTo(0.3, within(0.02));
  }

  @Test
  void whoMeetsAFullLaneMoreOftenGetsAsMuchAsTheOthers() {
    room = source -> source % 2 == 0 || random.nextBoolean();
    run(equal(50), 2_500, 0.2);
    assertThat(jain(admitted)).as("0.9 if the lane has the last word").isGreaterThan(0.97);
  }

  @Test
  void afterAResetEverybodyIsKept() {
    run(withNoisy(10, 50), 1_000, 0.1);
    shares.reset();
    assertThat(shares.arrive(random.nextLong())).isEqualTo(1);
  }

  @Test
  void withRoomForAllEverybodyIsKept() {
    assertThat(sum(run(withNoisy(10, 50), 1_000, 1.0))).isCloseTo(1, within(1e-9));
  }

  @Test
  void nothingIsKeptWhereNothingMayBe() {
    assertThat(sum(run(equal(10), 1_000, 0.0))).isZero();
  }

  /** The share of all events that each source keeps, once things have settled. */
  private double[] run(double[] rates, double eventsPerSecond, double keep) {
    long[] hashes = new long[rates.length];
    double[] upTo = new double[rates.length];
    double total = 0;
    for (int i = 0; i < rates.length; i++) {
      hashes[i] = random.nextLong();
      total += rates[i];
      upTo[i] = total;
    }
    double[] kept = new double[rates.length];
    sent = new double[rates.length];
    admitted = new double[rates.length];
    long all = 0;
    for (int tick = 0; tick < TICKS; tick++) {
      shares.tick(TICK, keep);
      for (int event = 0; event < eventsPerSecond * TICK; event++) {
        int source = Arrays.binarySearch(upTo, random.nextDouble() * total);
        source = source < 0 ? -source - 1 : source;
        double share = shares.arrive(hashes[source]);
        boolean stays = random.nextDouble() < share && room.test(source);
        if (stays) {
          shares.admitted();
        }
        if (tick >= SETTLED) {
          kept[source] += share;
          sent[source]++;
          admitted[source] += stays ? 1 : 0;
          all++;
        }
      }
    }
    for (int i = 0; i < kept.length; i++) {
      kept[i] /= all;
      sent[i] /= all;
    }
    return kept;
  }

  private static double[] equal(int sources) {
    return withNoisy(sources, 1);
  }

  private static double[] withNoisy(int sources, double times) {
    double[] rates = new double[sources];
    Arrays.fill(rates, 1);
    rates[0] = times;
    return rates;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** Jain's index: 1 if all are equal, 1/n if one has everything. */
  private static double jain(double[] values) {
    double squares = Arrays.stream(values).map(v -> v * v).sum();
    return sum(values) * sum(values) / (values.length * squares);
  }
}
