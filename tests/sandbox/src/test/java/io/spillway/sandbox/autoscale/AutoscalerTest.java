package io.spillway.sandbox.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.sandbox.cluster.SandboxException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AutoscalerTest {
  private static final double TARGET = 0.75;
  private static final long ROUND_MILLIS = 15_000;

  @Property
  void asksForTheFewestReplicasThatBringTheLoadToTheTarget(
      @ForAll @IntRange(min = 1, max = 32) int there,
      @ForAll @DoubleRange(min = 0.01, max = 20) double load) {
    Assume.that(Math.abs(load / TARGET - 1) > Autoscaler.TOLERANCE);

    int asked = new Autoscaler(atOnce(1, 32)).asked(there, load);

    double perReplica = load * there / asked;
    assertThat(perReplica).isLessThanOrEqualTo(TARGET * (1 + 1e-9));
    assertThat(asked == 1 || load * there / (asked - 1) > TARGET * (1 - 1e-9)).isTrue();
  }

  @Property
  void leavesALoadWithinATenthOfTheTargetAlone(
      @ForAll @IntRange(min = 1, max = 32) int there,
      @ForAll @DoubleRange(min = 0.91, max = 1.09) double ratio) {
    assertThat(new Autoscaler(atOnce(1, 32)).asked(there, ratio * TARGET)).isEqualTo(there);
  }

  /** The offered load does not change with the replicas, so the second answer is the first. */
  @Property
  void reachesTheTargetInOneStep(
      @ForAll @IntRange(min = 1, max = 8) int there,
      @ForAll @DoubleRange(min = 0.5, max = 3) double load) {
    double exactly = there * load / TARGET;
    // Where it is a whole number, rounding decides.
    Assume.that(Math.abs(exactly - Math.rint(exactly)) > 1e-6);
    Autoscaler autoscaler = new Autoscaler(atOnce(1, 32));

    int first = autoscaler.decide(0, there, OptionalDouble.of(load)).asked();
    double then = load * there / first;

    assertThat(autoscaler.decide(1, first, OptionalDouble.of(then)).asked()).isEqualTo(first);
  }

  @Property
  void staysBetweenTheFewestAndTheMostWhateverTheLoad(
      @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0, max = 50) Double> loads,
      @ForAll @IntRange(min = 1, max = 4) int min,
      @ForAll @IntRange(min = 4, max = 12) int max) {
    Autoscaler autoscaler = new Autoscaler(options(min, max, 30, 60, 30));
    int there = min;
    for (int i = 0; i < loads.size(); i++) {
      there = decide(autoscaler, i, there, loads.get(i)).wanted();
      assertThat(there).isBetween(min, max);
    }
  }

  @Property
  void takesAwayOneAtATimeAndNotTwoInAPeriod(
      @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0, max = 3) Double> loads) {
    int periodRounds = 4;
    Autoscaler autoscaler =
        new Autoscaler(options(1, 32, 0, 0, (int) (periodRounds * ROUND_MILLIS / 1000)));
    int there = 20;
    int lastTaken = -periodRounds;
    for (int i = 0; i < loads.size(); i++) {
      int wanted = decide(autoscaler, i, there, loads.get(i)).wanted();
      assertThat(wanted).isGreaterThanOrEqualTo(there - 1);
      if (wanted < there) {
        assertThat(i - lastTaken).isGreaterThanOrEqualTo(periodRounds);
        lastTaken = i;
      }
      there = wanted;
    }
  }

  @Property
  void neverTakesAwayWhileARoundOfTheLongWindowNeededAllOfThem(
      @ForAll @IntRange(min = 0, max = 9) int busyRound,
      @ForAll @IntRange(min = 2, max = 8) int there) {
    Autoscaler autoscaler = new Autoscaler(options(1, 32, 30, 150, 0));
    for (int round = 0; round <= busyRound; round++) {
      decide(autoscaler, round, there, round == busyRound ? TARGET : 0.1);
    }
    for (int round = busyRound + 1; round < busyRound + 10; round++) {
      assertThat(decide(autoscaler, round, there, 0.1).wanted()).isEqualTo(there);
    }
    assertThat(decide(autoscaler, busyRound + 10, there, 0.1).wanted()).isEqualTo(there - 1);
  }

  @Example
  void startsMoreOnlyWhenEachRoundOfTheShortWindowAskedForMore() {
    Autoscaler autoscaler = new Autoscaler(options(1, 32, 30, 600, 300));

    assertThat(decide(autoscaler, 0, 1, 3.0).wanted()).isEqualTo(1);
    assertThat(decide(autoscaler, 1, 1, 3.0).wanted()).isEqualTo(1);
    Decision third = decide(autoscaler, 2, 1, 2.2);

    assertThat(third.wanted()).as("the fewest that a round asked for").isEqualTo(3);
    assertThat(third.explain()).isEqualTo("load 2.20, target 0.75: the formula asks for 3; 1 -> 3");
  }

  @Example
  void multipliesByFourInAMinuteAtMost() {
    Autoscaler autoscaler = new Autoscaler(atOnce(1, 32));

    Decision first = autoscaler.decide(0, 2, OptionalDouble.of(20));
    assertThat(first.wanted()).isEqualTo(8);
    assertThat(first.explain()).endsWith("2 -> 8: four times as many in a minute");
    assertThat(autoscaler.decide(30_000, 8, OptionalDouble.of(5)).wanted()).isEqualTo(8);
    assertThat(autoscaler.decide(60_000, 8, OptionalDouble.of(5)).wanted()).isEqualTo(32);
  }

  @Property
  void doesNothingWhileTheLoadIsUnknown(@ForAll @IntRange(min = 1, max = 8) int there) {
    Decision decision = new Autoscaler(atOnce(1, 8)).decide(0, there, OptionalDouble.empty());

    assertThat(decision.isChange()).isFalse();
    assertThat(decision.explain()).isEqualTo("load unknown: stays at " + there);
  }

  @Example
  void saysWhatHoldsItBack() {
    Autoscaler slow = new Autoscaler(options(1, 4, 30, 600, 300));

    assertThat(slow.decide(0, 1, OptionalDouble.of(2)).explain())
        .endsWith("of --up-window has asked for as many");
    assertThat(slow.decide(1, 1, OptionalDouble.of(0.78)).explain())
        .endsWith("stays at 1: within the tolerance");
    assertThat(slow.decide(2, 1, OptionalDouble.of(0.35)).explain())
        .endsWith("stays at 1: rounded up, it is what there is");
    assertThat(new Autoscaler(atOnce(1, 2)).decide(0, 1, OptionalDouble.of(3)).explain())
        .endsWith("1 -> 2: --max");
    assertThat(new Autoscaler(atOnce(2, 4)).decide(0, 2, OptionalDouble.of(0.1)).explain())
        .endsWith("stays at 2: --min");
    assertThat(slow.decide(2, 3, OptionalDouble.of(0.1)).explain())
        .endsWith("of --down-window has asked for as few");
  }

  @Example
  void refusesOptionsThatMakeNoSense() {
    assertThatThrownBy(() -> options(3, 2, 0, 0, 0))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("--min 3, --max 2");
    assertThatThrownBy(
            () -> new AutoscalerOptions(1, 2, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("--target 0.0");
    assertThatThrownBy(() -> options(1, 2, -1, 0, 0))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("--up-window -1");
  }

  @Example
  void readsTheOneNumberOfAnAnswer() throws Exception {
    PrometheusQuery query = new PrometheusQuery(URI.create("http://127.0.0.1:1"), "max(x)");

    assertThat(query.number(answer("[{\"metric\":{},\"value\":[1.5,\"3.25\"]}]")).orElseThrow())
        .isCloseTo(3.25, within(1e-9));
    assertThat(query.number(answer("[]"))).isEmpty();
    assertThat(query.number(answer("[{\"value\":[1.5,\"NaN\"]}]"))).isEmpty();
    assertThat(query.number(answer("[{\"value\":[1.5,\"+Inf\"]}]"))).isEmpty();
    assertThatThrownBy(() -> query.number("{\"status\":\"error\",\"error\":\"no such function\"}"))
        .hasMessageContaining("no such function");
    assertThatThrownBy(() -> query.number(answer("[{\"value\":[1,\"1\"]},{\"value\":[1,\"2\"]}]")))
        .hasMessageContaining("2 answers");
  }

  private static String answer(String result) {
    return "{\"status\":\"success\",\"data\":{\"result\":" + result + "}}";
  }

  private static Decision decide(Autoscaler autoscaler, int round, int there, double load) {
    return autoscaler.decide(round * ROUND_MILLIS, there, OptionalDouble.of(load));
  }

  private static AutoscalerOptions atOnce(int min, int max) {
    return options(min, max, 0, 0, 0);
  }

  private static AutoscalerOptions options(int min, int max, int up, int down, int period) {
    return new AutoscalerOptions(
        min,
        max,
        TARGET,
        Duration.ofSeconds(up),
        Duration.ofSeconds(down),
        Duration.ofSeconds(period));
  }
}
