package io.spillway.benchmarks.cost;

import io.spillway.aggregation.Measured;
import io.spillway.aggregation.WindowSample;
import io.spillway.priority.Priority;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.DoubleHistogram;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One value into an open window of {@value SampleEvents#COUNT} events of 1,000 keys: ours keeps
 * moments by stratum, a quantile sketch, how many different keys, and what was not admitted. The
 * others are the two sketches it is made of on their own, of the same sizes, and a histogram of two
 * digits with an exact set of the keys, which neither weighs events nor can say how sure it is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SampleCost {
  private static final int MASK = SampleEvents.COUNT - 1;
  private static final int KEYS = 1000;
  private static final int QUANTILES_K = 200;
  private static final int DISTINCT_LG_K = 12;

  private record Value(double value, String distinctKey, Priority priority) implements Measured {
    @Override
    public double weight() {
      return 2;
    }

    @Override
    public double sampledRate() {
      return 1;
    }

    @Override
    public boolean attributed() {
      return true;
    }
  }

  private final Value[] values = values();
  private WindowSample sample = new WindowSample();
  private KllDoublesSketch quantiles = KllDoublesSketch.newHeapInstance(QUANTILES_K);
  private HllSketch distinct = new HllSketch(DISTINCT_LG_K, TgtHllType.HLL_4);
  private final DoubleHistogram histogram = new DoubleHistogram(2);
  private final Set<String> keys = new HashSet<>();
  private int next;

  @Benchmark
  public WindowSample windowSample() {
    int i = next++ & MASK;
    if (i == 0) {
      sample = new WindowSample();
    }
    sample.add(values[i]);
    return sample;
  }

  @Benchmark
  public HllSketch sketchesAlone() {
    int i = next++ & MASK;
    if (i == 0) {
      quantiles = KllDoublesSketch.newHeapInstance(QUANTILES_K);
      distinct = new HllSketch(DISTINCT_LG_K, TgtHllType.HLL_4);
    }
    quantiles.update(values[i].value());
    distinct.update(values[i].distinctKey());
    return distinct;
  }

  @Benchmark
  public boolean histogramAndSet() {
    int i = next++ & MASK;
    if (i == 0) {
      histogram.reset();
      keys.clear();
    }
    histogram.recordValue(values[i].value());
    return keys.add(values[i].distinctKey());
  }

  private static Value[] values() {
    SplittableRandom random = new SplittableRandom(5);
    Priority[] priorities = SampleEvents.priorities();
    Value[] values = new Value[SampleEvents.COUNT];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          new Value(10 + 20 * random.nextDouble(), "sensor-" + random.nextInt(KEYS), priorities[i]);
    }
    return values;
  }
}
