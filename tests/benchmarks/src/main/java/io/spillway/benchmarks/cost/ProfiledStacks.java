package io.spillway.benchmarks.cost;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stacks of a benchmark as a profiler took them, and where most of them were. Those of other
 * threads, such as of the profiler itself, count for nothing. Immutable.
 */
public record ProfiledStacks(List<Sample> samples) {
  private static final String OURS = "io.spillway.";
  private static final String BENCHMARKS = "io.spillway.benchmarks.";

  /**
   * @param frames class and method, the innermost first
   * @param allocated the class of the object; empty for a sample of the processor
   * @param weight how much it stands for: 1, or bytes
   */
  public record Sample(List<String> frames, String allocated, double weight) {
    public Sample {
      frames = List.copyOf(frames);
    }

    private boolean isOfBenchmark() {
      return frames.stream().anyMatch(frame -> frame.startsWith(BENCHMARKS));
    }

    private boolean isAllocation() {
      return !allocated.isEmpty();
    }

    /** The innermost method of the library; of the benchmark where there is none. */
    private String ours() {
      return frames.stream()
          .filter(frame -> frame.startsWith(OURS) && !frame.startsWith(BENCHMARKS))
          .findFirst()
          .map(Sample::shortened)
          .orElse("the benchmark itself");
    }

    private static String shortened(String frame) {
      int method = frame.lastIndexOf('.');
      return frame.substring(frame.lastIndexOf('.', method - 1) + 1);
    }
  }

  /** A place, and its share of the whole. */
  public record Place(String name, double share) {}

  public ProfiledStacks {
    samples = samples.stream().filter(Sample::isOfBenchmark).toList();
  }

  /** Where the processor was: the innermost methods. */
  public List<Place> methods(int most) {
    return places(false, sample -> Sample.shortened(sample.frames().get(0)), most);
  }

  /** On whose behalf: the innermost methods of the library. */
  public List<Place> ours(int most) {
    return places(false, Sample::ours, most);
  }

  /** What was allocated, and by which method of the library. */
  public List<Place> allocations(int most) {
    return places(true, sample -> sample.allocated() + " in " + sample.ours(), most);
  }

  private List<Place> places(boolean allocations, Function<Sample, String> name, int most) {
    List<Sample> counted =
        samples.stream().filter(sample -> sample.isAllocation() == allocations).toList();
    double all = counted.stream().mapToDouble(Sample::weight).sum();
    Map<String, Double> weights =
        counted.stream()
            .collect(Collectors.groupingBy(name, Collectors.summingDouble(Sample::weight)));
    return weights.entrySet().stream()
        .map(entry -> new Place(entry.getKey(), entry.getValue() / all))
        .sorted(Comparator.comparingDouble(Place::share).reversed().thenComparing(Place::name))
        .limit(most)
        .toList();
  }
}
