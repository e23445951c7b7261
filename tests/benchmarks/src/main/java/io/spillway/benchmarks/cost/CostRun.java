package io.spillway.benchmarks.cost;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one JMH benchmark once, in a JVM of its own, and hands back the numbers. Whoever compares
 * two of them calls this in turns, so that a slow minute of the machine hits both.
 */
public final class CostRun {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final int iterations;
  private final TimeValue time;
  private final TimeValue warmup;

  /**
   * @param quick shorter, and less sure
   */
  public CostRun(boolean quick) {
    this(quick, TimeValue.milliseconds(quick ? 300 : 500));
  }

  private CostRun(boolean quick, TimeValue warmup) {
    this.iterations = quick ? 3 : 5;
    this.time = TimeValue.milliseconds(quick ? 300 : 500);
    this.warmup = warmup;
  }

  /**
   * With a longer warm-up, for code that the compiler takes seconds to come to: less than one, on a
   * busy machine, was seen to make a library of many classes look ten times as slow as it is.
   */
  public static CostRun ofLargeCode(boolean quick) {
    return new CostRun(quick, TimeValue.milliseconds(800));
  }

  /** Seconds that one call of {@link #of} takes, about. */
  public double seconds() {
    return 1.5 + iterations * (seconds(time) + seconds(warmup));
  }

  /**
   * @throws IllegalStateException if the benchmark does not run
   */
  public Cost of(Class<?> benchmarks, String method) {
    return of(benchmarks, method, Map.of());
  }

  /**
   * The same with these values of its parameters.
   *
   * @throws IllegalStateException if the benchmark does not run
   */
  public Cost of(Class<?> benchmarks, String method, Map<String, String> parameters) {
    String name = benchmarks.getName() + "." + method;
    try {
      List<RunResult> results = List.copyOf(new Runner(options(name, parameters)).run());
      if (results.size() != 1) {
        throw new IllegalStateException(results.size() + " results of " + name);
      }
      RunResult result = results.get(0);
      return new Cost(result.getPrimaryResult().getScore(), bytes(result));
    } catch (RunnerException e) {
      throw new IllegalStateException(name + " did not run: " + e.getMessage(), e);
    }
  }

  private Options options(String name, Map<String, String> parameters) {
    // The launcher starts this JVM for a short life; a benchmark needs one for a long life.
    ChainedOptionsBuilder options = new OptionsBuilder();
    parameters.forEach(options::param);
    return options
        .include("^" + Pattern.quote(name) + "$")
        .forks(1)
        .jvmArgs("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC")
        .warmupIterations(iterations)
        .warmupTime(warmup)
        .measurementIterations(iterations)
        .measurementTime(time)
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static double seconds(TimeValue time) {
    return time.convertTo(TimeUnit.MILLISECONDS) / 1e3;
  }

  private static double bytes(RunResult run) {
    return run.getSecondaryResults().values().stream()
        .filter(result -> result.getLabel().endsWith(ALLOCATED))
        .mapToDouble(result -> Math.round(result.getScore() * 100) / 100.0)
        .findFirst()
        .orElse(Double.NaN);
  }
}
