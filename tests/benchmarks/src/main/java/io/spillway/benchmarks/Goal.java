package io.spillway.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * The goals this bench measures, one constant for each figure. A goal with several figures has them
 * as {@code M1@2x}, {@code M1@5x}: the part before the {@code @} is what a user asks for. NaN where
 * a figure has no floor or target yet.
 */
public enum Goal {
  M1_2X("M1@2x", "goodput at 2x capacity / goodput at 1x", "ratio", Better.MORE, 0.95, 0.98),
  M1_5X("M1@5x", "goodput at 5x capacity / goodput at 1x", "ratio", Better.MORE, 0.90, 0.97),
  M1_10X("M1@10x", "goodput at 10x capacity / goodput at 1x", "ratio", Better.MORE, 0.85, 0.95),
  M2_PAYMENTS(
      "M2@payments",
      "payments decided within 1 s at 5x: Spillway / plain Flink",
      "ratio",
      Better.MORE,
      5,
      50),
  M2_DAGOR(
      "M2@dagor", "results within 1 s at 5x: Spillway / DAGOR", "ratio", Better.MORE, 1.2, 1.8) {
    @Override
    public String id() {
      return key();
    }
  },
  M3("M3", "CRITICAL p99 at 10x / at 0.5x", "ratio", Better.LESS, 2.0, 1.25),
  M4("M4", "CRITICAL p99 at 10x: plain Flink / Spillway", "ratio", Better.MORE, 50, 500),
  M5("M5", "CRITICAL events lost at 12x, a TaskManager killed", "events", Better.LESS, 0, 0),
  M5_TWICE(
      "M5@twice",
      "alerts and records that came twice, the same run, exactly-once",
      "events",
      Better.LESS,
      0,
      0),
  M5_PAYMENTS(
      "M5@payments", "payments lost at 12x, a TaskManager killed", "events", Better.LESS, 0, 0),
  M5_PAYMENTS_TWICE(
      "M5@payments-twice",
      "decisions of payments and records that came twice, the same run",
      "events",
      Better.LESS,
      0,
      0),
  M6(
      "M6",
      "worst CRITICAL p99 of any 1 s after a step 0.5x to 10x / calm p99",
      "ratio",
      Better.LESS,
      3.0,
      1.5),
  M6_SETTLE(
      "M6@settle",
      "time to settle after a step 0.5x to 1.4x",
      "s",
      Better.LESS,
      Double.NaN,
      Double.NaN),
  M6_DAGOR(
      "M6@dagor",
      "time to settle after a step 0.5x to 1.4x: DAGOR / Spillway",
      "ratio",
      Better.MORE,
      10,
      25) {
    @Override
    public String id() {
      return key();
    }
  },
  M7(
      "M7",
      "flaps per minute (shedding stops and starts again) in a hold at 1.4x",
      "1/min",
      Better.LESS,
      1,
      0),
  M7_CLEAR(
      "M7@clear",
      "time from the end of the step to the last event that was turned away",
      "s",
      Better.LESS,
      1,
      0),
  M8("M8", "decision: resilience4j RateLimiter / Spillway", "ratio", Better.MORE, 5, 10),
  M8_TIME("M8@time", "one decision", "ns", Better.LESS, 50, 20),
  M8_BYTES("M8@bytes", "allocated by one decision", "B", Better.LESS, 0, 0),
  M9("M9", "throughput without overload: everything on / bare job", "ratio", Better.MORE, .97, .99),
  M10("M10", "cost of a shed event / of decode-then-drop", "ratio", Better.LESS, 0.2, 0.05),
  M10_PROCESSED(
      "M10@processed",
      "cost of a shed event / of a processed event (1000 us)",
      "ratio",
      Better.LESS,
      0.01,
      0.005),
  M11("M11", "error of COUNT at 90 % shed", "ratio", Better.LESS, 0, 0),
  M11_CV01(
      "M11@cv0.1",
      "error of SUM at 90 % shed, cv 0.1: Horvitz-Thompson / Spillway",
      "ratio",
      Better.MORE,
      9,
      10),
  M11_CV05(
      "M11@cv0.5",
      "error of SUM at 90 % shed, cv 0.5: Horvitz-Thompson / Spillway",
      "ratio",
      Better.MORE,
      2.2,
      2.5),
  M12_CV01(
      "M12@cv0.1",
      "coverage of the 95 % interval, cv 0.1: worst distance from 0.95",
      "share",
      Better.LESS,
      0.02,
      0.01),
  M12_CV05(
      "M12@cv0.5",
      "coverage of the 95 % interval, cv 0.5: worst distance from 0.95",
      "share",
      Better.LESS,
      0.02,
      0.01),
  M12_CV2(
      "M12@cv2",
      "coverage of the 95 % interval, cv 2: worst distance from 0.95",
      "share",
      Better.LESS,
      0.02,
      0.01),
  M12_UNIT_KEY(
      "M12@unit-key",
      "coverage of the 95 % interval where whole keys are kept: worst distance from 0.95",
      "share",
      Better.LESS,
      0.02,
      0.01),
  M13(
      "M13",
      "replay after 5x, two kills: largest distance of a window's coverage from 1",
      "share",
      Better.LESS,
      0,
      0),
  M13_ERROR(
      "M13@error",
      "replay: largest error of a window's count or sum, beyond rounding",
      "ratio",
      Better.LESS,
      0,
      0),
  M14(
      "M14",
      "Jain's index over 100 sources, one sending 50 times as much, at 5x load",
      "index",
      Better.MORE,
      0.90,
      0.98),
  M15(
      "M15",
      "share of BULK in a flood of CRITICAL / its floor: distance from 1",
      "ratio",
      Better.LESS,
      0.1,
      0.02),
  M16("M16", "p95 of checkpoint duration at 5x / at 0.5x", "ratio", Better.LESS, 3, 1.5),
  M17(
      "M17",
      "events in time in a surge of 4x, scaled meanwhile: shedding + reactive / reactive alone",
      "ratio",
      Better.MORE,
      2,
      3.9),
  M18(
      "M18",
      "TaskManagers the autoscaler asks for at 4x, shedding / then, not shedding: distance from 1",
      "ratio",
      Better.LESS,
      0.1,
      0),
  PEERS_PLAIN(
      "PEERS@plain",
      "results within 1 s at 5x: Spillway / plain Flink",
      "ratio",
      Better.MORE,
      5,
      50),
  PEERS_RANDOM(
      "PEERS@random",
      "the same: Spillway / random drop",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  PEERS_DAGOR_BOUNDED(
      "PEERS@dagor-bounded",
      "the same: Spillway / DAGOR behind our lane gate",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  PEERS_CODEL(
      "PEERS@codel", "the same: Spillway / CoDel", "ratio", Better.MORE, Double.NaN, Double.NaN),
  PEERS_PID("PEERS@pid", "the same: Spillway / PID", "ratio", Better.MORE, Double.NaN, Double.NaN),
  PROGRAMS_CRITICAL(
      "PROGRAMS@critical",
      "CRITICAL p99 at 5x: the best of the programs in place of Flink / Spillway",
      "ratio",
      Better.MORE,
      0.5,
      1),
  PROGRAMS_DEADLINE(
      "PROGRAMS@deadline",
      "results within 1 s at 5x: Spillway / the best of the programs",
      "ratio",
      Better.MORE,
      0.95,
      1),
  DELIVERY_TAX(
      "DELIVERY@tax",
      "payments decided per second: exactly once / at least once",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  EDGE_SHED(
      "EDGE@shed",
      "share of events turned away at 2.5x: a producer that follows / a heedless one",
      "ratio",
      Better.LESS,
      0.5,
      0.2),
  EDGE_GOODPUT(
      "EDGE@goodput", "results per second, the same runs", "ratio", Better.MORE, 0.9, 0.98),
  LEDGER_BYTES(
      "LEDGER@bytes",
      "ledger of a million events at 5x that are deferred",
      "B",
      Better.LESS,
      Double.NaN,
      Double.NaN),
  LEDGER_TAX(
      "LEDGER@tax",
      "ledger of 5 events / one event processed without work",
      "ratio",
      Better.LESS,
      0.01,
      0.01),
  REPLAY_RATE(
      "REPLAY@rate",
      "events per second: replay / the same range read plainly",
      "ratio",
      Better.MORE,
      0.8,
      0.8),
  M19(
      "M19",
      "values per second, service 2 s slow: with breaker and old answers / without",
      "ratio",
      Better.MORE,
      20,
      100),
  M19_ANSWERED(
      "M19@answered", "share of them with an answer, fresh or old", "share", Better.MORE, 0.99, 1),
  M19_P99("M19@p99", "p99 of values with the service 2 s slow", "ms", Better.LESS, 500, 150),
  M20(
      "M20",
      "windows over one hot key: summed up before the shuffle / keyed only",
      "ratio",
      Better.MORE,
      3,
      8),
  M21("M21", "windows over 10^7 keys / over 10^4 keys", "ratio", Better.MORE, 0.5, 0.8),
  COST_BYTES(
      "COST@bytes",
      "a decision from the record of the Kafka client: records of 100 kB / of 100 B",
      "ratio",
      Better.LESS,
      1.5,
      1.2),
  COST_HEADERS("COST@headers", "the same: 40 headers / 10 headers", "ratio", Better.LESS, 4, 2),
  COST_SOURCES(
      "COST@sources",
      "the same with fair shares and quotas: 1,000,000 sources / 10 sources",
      "ratio",
      Better.LESS,
      8,
      4),
  COST_SLOTS(
      "COST@slots",
      "processor time of an event through admission and lanes at 2x: 8 slots / the cheapest of 1, 2, 4",
      "ratio",
      Better.LESS,
      1.5,
      1.2),
  COST_WORKERS(
      "COST@workers",
      "events done per second and slot, the same runs: 8 slots / 1 slot",
      "ratio",
      Better.MORE,
      0.9,
      0.98),
  COST_LANES(
      "COST@lanes",
      "processor time of an event, the same way: two isolated lanes / a single lane",
      "ratio",
      Better.LESS,
      3,
      2),
  LOADS_GOODPUT(
      "LOADS@goodput",
      "results / what could be done, under loads of eight shapes, the worst",
      "ratio",
      Better.MORE,
      0.85,
      0.95),
  LOADS_CRITICAL(
      "LOADS@critical",
      "CRITICAL p99 / calm p99, under loads of eight shapes, the worst",
      "ratio",
      Better.LESS,
      3,
      1.5),
  LOADS_LOST(
      "LOADS@lost",
      "CRITICAL events without a result, or events unaccounted for, the worst",
      "events",
      Better.LESS,
      0,
      0),
  MICRO_DECISION(
      "MICRO@decision",
      "decide whether an event may pass: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_HEADERS(
      "MICRO@headers",
      "read ten headers: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_RULES(
      "MICRO@rules",
      "priority by four rules: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_GRANTED(
      "MICRO@granted",
      "a permit that is granted: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_REFUSED(
      "MICRO@refused",
      "a permit that is refused: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_SAMPLE(
      "MICRO@sample",
      "a value into a window: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_RAW(
      "MICRO@raw",
      "RawEvent there and back: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_ADMITTED(
      "MICRO@admitted",
      "AdmittedEvent there and back: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  MICRO_REJECTED(
      "MICRO@rejected",
      "RejectedEvents there and back: fastest other / ours",
      "ratio",
      Better.MORE,
      Double.NaN,
      Double.NaN),
  SCALE_GOODPUT(
      "SCALE@goodput",
      "goodput at 5x / capacity, 1 to 1,000 subtasks, the worst",
      "ratio",
      Better.MORE,
      0.95,
      0.98),
  SCALE_FAIRNESS(
      "SCALE@fairness",
      "Jain's index over subtasks at 5x, 1 to 1,000 of them, the worst",
      "index",
      Better.MORE,
      0.90,
      0.98),
  RESCALE_OUT(
      "RESCALE@out",
      "time without a result while a TaskManager joins a reactive job",
      "s",
      Better.LESS,
      Double.NaN,
      Double.NaN),
  RESCALE_IN(
      "RESCALE@in",
      "time without a result while a TaskManager is stopped",
      "s",
      Better.LESS,
      Double.NaN,
      Double.NaN),
  RESCALE_KILL(
      "RESCALE@kill",
      "time without a result after a TaskManager was killed",
      "s",
      Better.LESS,
      Double.NaN,
      Double.NaN),
  SQL(
      "SQL",
      "CRITICAL p99 at 5x: with an ad-hoc SQL query / without",
      "ratio",
      Better.LESS,
      1.5,
      1.1);

  /** Which direction is good. */
  enum Better {
    MORE,
    LESS
  }

  private final String key;
  private final String what;
  private final String unit;
  private final Better better;
  private final double floor;
  private final double target;

  Goal(String key, String what, String unit, Better better, double floor, double target) {
    this.key = key;
    this.what = what;
    this.unit = unit;
    this.better = better;
    this.floor = floor;
    this.target = target;
  }

  /** The name of this figure in reports, such as {@code M1@5x}. */
  public String key() {
    return key;
  }

  /**
   * The goal it belongs to, such as {@code M1}: what the command line takes. A figure that has runs
   * of its own is one by itself.
   */
  public String id() {
    int at = key.indexOf('@');
    return at < 0 ? key : key.substring(0, at);
  }

  public String what() {
    return what;
  }

  public String unit() {
    return unit;
  }

  /** The least that is acceptable, NaN if there is none. */
  public double floor() {
    return floor;
  }

  /** What it is meant to reach, NaN if there is none. */
  public double target() {
    return target;
  }

  /** Whether this value is at least as good as the floor; true if there is none. */
  public boolean meetsFloor(double value) {
    return meets(value, floor);
  }

  /** Whether this value reaches the target; true if there is none. */
  public boolean meetsTarget(double value) {
    return meets(value, target);
  }

  /** The ids of all goals in order. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Goal::id).distinct().toList();
  }

  private boolean meets(double value, double limit) {
    return Double.isNaN(limit) || (better == Better.MORE ? value >= limit : value <= limit);
  }
}
