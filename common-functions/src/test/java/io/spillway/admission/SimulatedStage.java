package io.spillway.admission;

import io.spillway.priority.Priority;
import java.util.Random;

/**
 * The workers behind two lanes, as a queueing model: arrivals are Poisson, each lane is a bounded
 * queue, the workers take from both in turn and do {@code capacity} events per second. The first
 * events of a lane may wait with the workers, where no admission sees them. Time is a parameter;
 * the same seed gives the same run.
 */
final class SimulatedStage {
  static final double TICK_SECONDS = 0.02;
  private static final int LANE_EVENTS = 200;

  final OverloadController controller;
  final long[] produced = new long[Priority.COUNT];
  final long[] admitted = new long[Priority.COUNT];
  final long[] refusedByGate = new long[Priority.COUNT];
  double processed;

  private final LaneGate gate;
  private final KeepThresholds thresholds = new KeepThresholds();
  private final Random random;
  private final double unseen;
  private double express;
  private double bulk;

  SimulatedStage(AdmissionOptions options, long seed) {
    this(options, seed, 0);
  }

  /**
   * @param unseen events of each lane that wait with the workers
   */
  SimulatedStage(AdmissionOptions options, long seed, int unseen) {
    this.unseen = unseen;
    controller = new OverloadController(options);
    gate = new LaneGate(options.ceilings(), options.floors());
    random = new Random(seed);
  }

  /** One tick at this capacity and these offered rates, events per second by priority. */
  void tick(double capacity, double... offered) {
    long[] arrivedNow = new long[Priority.COUNT];
    long[] admittedNow = new long[Priority.COUNT];
    int slices = 20;
    for (int slice = 0; slice < slices; slice++) {
      for (Priority priority : Priority.values()) {
        int i = priority.ordinal();
        int arrivals = poisson(offered[i] * TICK_SECONDS / slices);
        arrivedNow[i] += arrivals;
        for (int n = 0; n < arrivals; n++) {
          if (enters(priority)) {
            admittedNow[i]++;
          }
        }
      }
      work(capacity * TICK_SECONDS / slices);
    }
    for (int i = 0; i < Priority.COUNT; i++) {
      produced[i] += arrivedNow[i];
      admitted[i] += admittedNow[i];
    }
    controller.tick(
        new OverloadController.Tick(
            TICK_SECONDS, arrivedNow, admittedNow, seen(express) + seen(bulk), fill(), 0));
    for (Priority priority : Priority.values()) {
      thresholds.set(priority, controller.keep(priority));
    }
  }

  double fill() {
    return seen(Math.max(express, bulk)) / LANE_EVENTS;
  }

  private double seen(double waiting) {
    return Math.max(0, waiting - unseen);
  }

  private boolean enters(Priority priority) {
    if (priority == Priority.CRITICAL) {
      express++;
      return true;
    }
    if (!thresholds.keeps(priority, random.nextLong() >>> 1)) {
      return false;
    }
    if (!gate.admits(priority, seen(bulk) / LANE_EVENTS, seen(express) / LANE_EVENTS)) {
      refusedByGate[priority.ordinal()]++;
      return false;
    }
    bulk++;
    return true;
  }

  private void work(double events) {
    double half = Math.min(express, events / 2);
    double low = Math.min(bulk, events - half);
    double high = Math.min(express, events - low);
    express -= high;
    bulk -= low;
    processed += high + low;
  }

  private int poisson(double mean) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }
}
