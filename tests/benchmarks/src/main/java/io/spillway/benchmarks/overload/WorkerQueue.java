package io.spillway.benchmarks.overload;

import java.util.Arrays;
import java.util.Random;

/**
 * How long CRITICAL events wait for a worker by queueing alone: workers that take one event at a
 * time, CRITICAL first, and do not let go of an event they have begun (Cobham 1954, "Priority
 * assignment in waiting line problems"). Work takes the same time for each event; events come at
 * random (Poisson) to as many sources as there are workers, and each source deals its own out to
 * all workers in turns, CRITICAL and others each by themselves, as the job does.
 *
 * <p>Simulated: the closed forms are of means, and of what is not dealt in turns. What is left of a
 * measured latency is transport: producer, broker, buffers. Pure; the same seed gives the same
 * figures.
 *
 * @param workers how many
 * @param workMillis what one event takes
 * @param criticalPerSecond CRITICAL events, all workers together; less than they can do
 * @param othersPerSecond other events; infinite if some always wait
 */
record WorkerQueue(
    int workers, double workMillis, double criticalPerSecond, double othersPerSecond) {
  private static final double QUANTILE = 0.99;
  private static final int EVENTS = 200_000;

  /** Milliseconds that the slowest hundredth of CRITICAL events waits before its work begins. */
  double p99Millis(long seed) {
    double[] waits = waitsMillis(EVENTS, seed);
    Arrays.sort(waits);
    return waits[(int) Math.ceil(QUANTILE * waits.length) - 1];
  }

  /** The waiting times of about this many CRITICAL events, by worker and then as they came. */
  double[] waitsMillis(int events, long seed) {
    Random random = new Random(seed);
    double endMillis = 1000 * events / criticalPerSecond;
    double[][] critical = dealt(criticalPerSecond, endMillis, random);
    double[][] others =
        Double.isInfinite(othersPerSecond)
            ? new double[workers][]
            : dealt(othersPerSecond, endMillis, random);
    double[] waits = new double[Arrays.stream(critical).mapToInt(one -> one.length).sum()];
    int from = 0;
    for (int worker = 0; worker < workers; worker++) {
      work(critical[worker], others[worker], waits, from);
      from += critical[worker].length;
    }
    return waits;
  }

  /**
   * @param others null if some always wait
   */
  private void work(double[] critical, double[] others, double[] waits, int from) {
    double now = 0;
    int next = 0;
    int nextOther = 0;
    while (next < critical.length) {
      if (critical[next] <= now) {
        waits[from + next] = now - critical[next];
        next++;
        now += workMillis;
      } else if (others == null) {
        // One after the other, until the first that ends after CRITICAL has come.
        now += workMillis * Math.ceil((critical[next] - now) / workMillis);
      } else if (nextOther < others.length && others[nextOther] <= now) {
        nextOther++;
        now += workMillis;
      } else {
        double other = nextOther < others.length ? others[nextOther] : Double.POSITIVE_INFINITY;
        now = Math.min(critical[next], other);
      }
    }
  }

  /** When events come to each worker, in milliseconds, in order. */
  private double[][] dealt(double perSecond, double endMillis, Random random) {
    double[][] times = new double[workers][16];
    int[] counts = new int[workers];
    double meanGap = 1000 * workers / perSecond;
    for (int source = 0; source < workers; source++) {
      int turn = source;
      for (double at = gap(meanGap, random); at < endMillis; at += gap(meanGap, random)) {
        int worker = turn++ % workers;
        if (counts[worker] == times[worker].length) {
          times[worker] = Arrays.copyOf(times[worker], 2 * counts[worker]);
        }
        times[worker][counts[worker]++] = at;
      }
    }
    for (int worker = 0; worker < workers; worker++) {
      times[worker] = Arrays.copyOf(times[worker], counts[worker]);
      Arrays.sort(times[worker]);
    }
    return times;
  }

  private static double gap(double mean, Random random) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
