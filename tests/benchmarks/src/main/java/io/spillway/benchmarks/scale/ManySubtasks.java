package io.spillway.benchmarks.scale;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.LaneGate;
import io.spillway.admission.OverloadController;
import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Many subtasks of admission in front of as many workers, as a queueing model: each subtask has its
 * partitions, its two lanes, its own controller and gate, and knows of nobody else; the workers
 * serve all of them. Load is uneven as partitions are: subtask k of n has a share in proportion to
 * {@code k^-skew}, so at 0 all have the same.
 *
 * <p>Arrivals are Poisson, and an event is kept by chance, so what a subtask keeps is Poisson as
 * well. A worker takes from the two lanes in turn and from its input channels in turn, as Flink
 * does, which over a slice of time is max-min fair between subtasks (Bertsekas and Gallager, Data
 * Networks, 6.5). Of CRITICAL a subtask admits all of it as long as its lane has room; beyond that
 * it waits in Kafka. Pure; the same seed gives the same run. Rates are events per second.
 */
public final class ManySubtasks {
  /** What one worker can do. */
  public static final double CAPACITY = 1000;

  /** CRITICAL, HIGH, NORMAL, BULK: the mix of the demo. */
  private static final double[] MIX = {0.05, 0.15, 0.40, 0.40};

  private static final int LANE_EVENTS = 200;
  private static final double TICK_SECONDS = 0.02;
  private static final int SLICES = 10;
  private static final int SETTLE_TICKS = 250;
  private static final double NORMAL_ABOVE = 30;

  private final Subtask[] subtasks;
  private final double[] fairShares;
  private final LaneGate gate;
  private final SplittableRandom random;

  private static final class Subtask {
    final OverloadController controller;
    final double[] offered;
    final long[] arrived = new long[Priority.COUNT];
    final long[] admitted = new long[Priority.COUNT];
    final double[] done = new double[Priority.COUNT];
    final double[] queued = new double[Priority.COUNT];
    double late;

    Subtask(AdmissionOptions options, double offeredInAll) {
      controller = new OverloadController(options);
      offered = Arrays.stream(MIX).map(share -> share * offeredInAll).toArray();
    }

    double express() {
      return queued[0];
    }

    double bulk() {
      return queued[1] + queued[2] + queued[3];
    }

    double fill() {
      return Math.max(express(), bulk()) / LANE_EVENTS;
    }
  }

  /**
   * What came out of a run.
   *
   * @param goodput events processed / what the workers can do
   * @param fairness Jain's index over the subtasks of what each got processed of all but CRITICAL /
   *     its max-min fair share of what CRITICAL leaves
   * @param criticalDone CRITICAL events processed / those that came
   * @param outOfOrder events processed although, in another subtask, ones that matter more were
   *     turned away for which there was no room there / all that were processed
   */
  public record Outcome(double goodput, double fairness, double criticalDone, double outOfOrder) {}

  /**
   * @param count subtasks, and workers
   * @param factor offered load / what all workers can do
   * @param skew of the partitions, from 0
   */
  public ManySubtasks(int count, double factor, double skew, long seed) {
    AdmissionOptions options = AdmissionOptions.defaults();
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = Math.pow(i + 1, -skew);
    }
    double mean = Arrays.stream(weights).average().orElseThrow();
    subtasks = new Subtask[count];
    double[] canWait = new double[count];
    double critical = factor * count * CAPACITY * MIX[0];
    for (int i = 0; i < count; i++) {
      double offered = factor * CAPACITY * weights[i] / mean;
      subtasks[i] = new Subtask(options, offered);
      canWait[i] = offered * (1 - MIX[0]);
    }
    fairShares = maxMin(canWait, count * CAPACITY - critical);
    gate = new LaneGate(options.ceilings(), options.floors());
    random = new SplittableRandom(seed);
  }

  /** Runs until it has settled and then for so long, and says what happened in that time. */
  public Outcome run(double seconds) {
    for (int tick = 0; tick < SETTLE_TICKS; tick++) {
      tick();
    }
    for (Subtask subtask : subtasks) {
      Arrays.fill(subtask.done, 0);
    }
    int ticks = (int) Math.round(seconds / TICK_SECONDS);
    for (int tick = 0; tick < ticks; tick++) {
      tick();
    }
    return outcome(ticks * TICK_SECONDS);
  }

  private void tick() {
    for (Subtask subtask : subtasks) {
      Arrays.fill(subtask.arrived, 0);
      Arrays.fill(subtask.admitted, 0);
    }
    for (int slice = 0; slice < SLICES; slice++) {
      for (Subtask subtask : subtasks) {
        arrive(subtask);
      }
      work(subtasks.length * CAPACITY * TICK_SECONDS / SLICES);
    }
    for (Subtask subtask : subtasks) {
      subtask.controller.tick(
          new OverloadController.Tick(
              TICK_SECONDS,
              subtask.arrived,
              subtask.admitted,
              subtask.express() + subtask.bulk(),
              subtask.fill(),
              0));
    }
  }

  private void arrive(Subtask subtask) {
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      double mean = subtask.offered[i] * TICK_SECONDS / SLICES;
      double keep = subtask.controller.keep(priority);
      long kept = poisson(mean * keep);
      subtask.arrived[i] += kept + poisson(mean * (1 - keep));
      if (priority == Priority.CRITICAL) {
        // Never turned away: what the lane does not hold is late, not lost.
        double room = Math.max(0, LANE_EVENTS - subtask.express());
        double in = Math.min(kept + subtask.late, room);
        subtask.late += kept - in;
        subtask.queued[i] += in;
        subtask.admitted[i] += (long) in;
      } else if (gate.admits(
          priority, subtask.bulk() / LANE_EVENTS, subtask.express() / LANE_EVENTS)) {
        subtask.queued[i] += kept;
        subtask.admitted[i] += kept;
      }
    }
  }

  /** Half of the work is for each lane, as far as it has that much. */
  private void work(double events) {
    double[] express = new double[subtasks.length];
    double[] bulk = new double[subtasks.length];
    for (int i = 0; i < subtasks.length; i++) {
      express[i] = subtasks[i].express();
      bulk[i] = subtasks[i].bulk();
    }
    double expressInAll = Arrays.stream(express).sum();
    double bulkInAll = Arrays.stream(bulk).sum();
    double forBulk = Math.min(bulkInAll, events - Math.min(expressInAll, events / 2));
    double[] expressDone = maxMin(express, events - forBulk);
    double[] bulkDone = maxMin(bulk, forBulk);
    for (int i = 0; i < subtasks.length; i++) {
      take(subtasks[i], 0, 1, expressDone[i], express[i]);
      take(subtasks[i], 1, Priority.COUNT, bulkDone[i], bulk[i]);
    }
  }

  /** A lane is a queue: what leaves it is mixed as what is in it. */
  private static void take(Subtask subtask, int from, int to, double done, double queued) {
    for (int i = from; i < to && queued > 0; i++) {
      double part = done * subtask.queued[i] / queued;
      subtask.queued[i] -= part;
      subtask.done[i] += part;
    }
  }

  private Outcome outcome(double seconds) {
    double[] done = new double[Priority.COUNT];
    double[] offered = new double[Priority.COUNT];
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < subtasks.length; k++) {
      for (int i = 0; i < Priority.COUNT; i++) {
        done[i] += subtasks[k].done[i];
        offered[i] += subtasks[k].offered[i] * seconds;
      }
      double[] ofSubtask = subtasks[k].done;
      double got = (ofSubtask[1] + ofSubtask[2] + ofSubtask[3]) / (fairShares[k] * seconds);
      sum += got;
      squares += got * got;
    }
    double all = Arrays.stream(done).sum();
    double outOfOrder = 0;
    double rest = all;
    for (int i = 0; i < Priority.COUNT; i++) {
      double inOrder = Math.min(offered[i], rest);
      rest -= inOrder;
      outOfOrder += Math.max(0, done[i] - inOrder);
    }
    return new Outcome(
        all / (subtasks.length * CAPACITY * seconds),
        sum * sum / (subtasks.length * squares),
        done[0] / offered[0],
        outOfOrder / all);
  }

  /** Shares of a total so that nobody gets more than wanted and the least is as large as can be. */
  static double[] maxMin(double[] wanted, double total) {
    double level = level(wanted, total);
    return Arrays.stream(wanted).map(one -> Math.min(one, level)).toArray();
  }

  private static double level(double[] wanted, double total) {
    double[] sorted = wanted.clone();
    Arrays.sort(sorted);
    double left = total;
    for (int i = 0; i < sorted.length; i++) {
      double level = left / (sorted.length - i);
      if (sorted[i] > level) {
        return level;
      }
      left -= sorted[i];
    }
    return Double.POSITIVE_INFINITY;
  }

  private long poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    if (mean > NORMAL_ABOVE) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    long count = 0;
    while (product > limit) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }
}
