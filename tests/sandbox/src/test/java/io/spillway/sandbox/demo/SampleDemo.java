package io.spillway.sandbox.demo;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.JobMetrics;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.RunResult.GeneratorLag;
import io.spillway.sandbox.measure.RunResult.Sample;
import io.spillway.sandbox.measure.Timeline;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.measure.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A demo that never ran: a queue in plain arithmetic, so that its figures are known. */
final class SampleDemo {
  static final DemoPlan PLAN = new DemoPlan("iot", 5, Duration.ofSeconds(18));

  private static final long START = 1_800_000_000_000L;
  private static final double CAPACITY = 2000;
  private static final Priority[] CYCLE = cycle();

  private SampleDemo() {}

  static DemoResult result() {
    LoadPlan load = PLAN.load(CAPACITY);
    return new DemoResult(
        5,
        CAPACITY,
        run(PLAN.plain(), load, false, 0),
        run(PLAN.spillway(), load, true, 0),
        Map.of());
  }

  /** The same demo, but one critical event of Spillway never came out. */
  static DemoResult resultWithOneLost() {
    LoadPlan load = PLAN.load(CAPACITY);
    return new DemoResult(
        5,
        CAPACITY,
        run(PLAN.plain(), load, false, 0),
        run(PLAN.spillway(), load, true, 1),
        Map.of());
  }

  /** The same demo, of a job that asks a risk service. */
  static DemoResult resultWithQuestions(long plain, long spillway) {
    DemoResult demo = result();
    return new DemoResult(
        demo.overloadFactor(),
        demo.capacityPerSecond(),
        demo.plain(),
        demo.spillway(),
        Map.of("plain", plain, "spillway", spillway));
  }

  /** The same demo, but Spillway defers what it turns away, to be replayed. */
  static DemoResult resultThatDefers() {
    LoadPlan load = PLAN.load(CAPACITY);
    return new DemoResult(
        5,
        CAPACITY,
        run(PLAN.plain(), load, false, 0),
        run(PLAN.spillway(), load, true, 0, Outcome.DEFERRED),
        Map.of());
  }

  private static RunResult run(Variant variant, LoadPlan plan, boolean sheds, int lost) {
    return run(variant, plan, sheds, lost, Outcome.SHED);
  }

  private static RunResult run(
      Variant variant, LoadPlan plan, boolean sheds, int lost, Outcome turnedAway) {
    Accounts accounts = new Accounts();
    SplittableRandom random = new SplittableRandom(1);
    double sent = START;
    double free = START;
    double spent = 0;
    long offset = 0;
    for (LoadPlan.Stage stage : plan.stages()) {
      double keepBulk = Math.min(1, CAPACITY * 0.6 / (stage.ratePerSecond() * 0.8));
      for (long i = 0; i < stage.events(); i++, offset++) {
        Priority priority = CYCLE[(int) (offset % CYCLE.length)];
        long at = (long) sent;
        accounts.produced("iot.events", 0, offset, priority, at);
        sent += 1000 / stage.ratePerSecond();
        spent = priority.compareTo(Priority.HIGH) <= 0 ? 0 : keepBulk;
        if (sheds && spent > 0 && spent < 1 && random.nextDouble() >= spent / 2) {
          accounts.rejected("iot.events", 0, offset, turnedAway);
        } else if (offset >= 100 || lost == 0 || priority != Priority.CRITICAL) {
          free = sheds ? at + random.nextDouble() * 60 : Math.max(free + 1000 / CAPACITY, at);
          accounts.delivered("iot.events", 0, offset, (long) free + 40);
        }
      }
    }
    Verdict verdict = Verdict.of(accounts, plan);
    Timeline timeline = Timeline.of(accounts, verdict.startMillis(), Duration.ofSeconds(1));
    return new RunResult(
        variant,
        plan,
        verdict,
        timeline,
        sheds ? samples() : List.of(),
        List.of(),
        lost == 0 ? 0 : accounts.count(Fate.UNACCOUNTED),
        new GeneratorLag(1, 3, 12),
        Duration.ofSeconds(sheds ? 0 : 66),
        accounts,
        "");
  }

  private static List<Sample> samples() {
    return IntStream.range(0, 62)
        .mapToObj(
            i -> {
              boolean busy = i > 27 && i < 45;
              return new Sample(
                  START + i * 1000L,
                  new JobMetrics(
                      Map.of("express", busy ? 0.2 : 0.05, "bulk", busy ? 0.7 : 0.1),
                      Map.of(
                          Priority.CRITICAL,
                          1.0,
                          Priority.HIGH,
                          1.0,
                          Priority.NORMAL,
                          busy ? 0.4 : 1.0,
                          Priority.BULK,
                          busy ? 0.02 : 1.0),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Double.NaN));
            })
        .toList();
  }

  /** 5 % critical, 15 % high, 40 % normal, 40 % bulk, interleaved. */
  private static Priority[] cycle() {
    Priority[] cycle = new Priority[20];
    for (int i = 0; i < cycle.length; i++) {
      cycle[i] = i % 2 == 0 ? Priority.NORMAL : Priority.BULK;
    }
    cycle[3] = Priority.CRITICAL;
    for (int i : new int[] {0, 7, 12}) {
      cycle[i] = Priority.HIGH;
    }
    return cycle;
  }
}
