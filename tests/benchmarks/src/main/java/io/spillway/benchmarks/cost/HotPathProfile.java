package io.spillway.benchmarks.cost;

import io.spillway.sandbox.cluster.DirectoryTree;
import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.openjdk.jmh.profile.JavaFlightRecorderProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Records where a benchmark spends its time and what it allocates, with Java Flight Recorder in the
 * JVM of the benchmark: stacks every 10 ms while it is measured, not only at safepoints, and a
 * sample of the allocations weighed by their bytes. Shares of a whole, no times.
 */
public final class HotPathProfile {
  private static final int WARMUPS = 5;

  private final Path directory;
  private final int iterations;

  /**
   * @param directory where the recordings are kept, to be opened by a tool of one's own as well
   */
  public HotPathProfile(Path directory, boolean quick) {
    this.directory = directory;
    this.iterations = quick ? 5 : 20;
  }

  /** Seconds that one call of {@link #of} takes, about. */
  public double seconds() {
    return WARMUPS + iterations + 5;
  }

  /**
   * Runs the benchmark and reads what was recorded.
   *
   * @throws IllegalStateException if it does not run, or nothing was recorded
   */
  public ProfiledStacks of(Class<?> benchmarks, String method) {
    String name = benchmarks.getName() + "." + method;
    Path recordings = directory.resolve(method);
    DirectoryTree.delete(recordings);
    try {
      Files.createDirectories(recordings);
      new Runner(
              new OptionsBuilder()
                  .include("^" + name.replace(".", "\\.") + "$")
                  .forks(1)
                  .jvmArgs(
                      "-Xms256m",
                      "-Xmx256m",
                      "-XX:+UseSerialGC",
                      "-XX:+UnlockDiagnosticVMOptions",
                      "-XX:+DebugNonSafepoints")
                  .warmupIterations(WARMUPS)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(iterations)
                  .measurementTime(TimeValue.seconds(1))
                  .addProfiler(
                      JavaFlightRecorderProfiler.class, "dir=" + recordings + ";configName=profile")
                  .shouldFailOnError(true)
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run();
      return read(recordings);
    } catch (RunnerException | IOException e) {
      throw new IllegalStateException(name + " was not profiled: " + e.getMessage(), e);
    }
  }

  private static ProfiledStacks read(Path recordings) throws IOException {
    List<ProfiledStacks.Sample> samples = new ArrayList<>();
    for (Path file : files(recordings)) {
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        sample(event).ifPresent(samples::add);
      }
    }
    return new ProfiledStacks(samples);
  }

  private static List<Path> files(Path recordings) throws IOException {
    try (Stream<Path> files = Files.walk(recordings)) {
      return files.filter(file -> file.toString().endsWith(".jfr")).toList();
    }
  }

  private static Optional<ProfiledStacks.Sample> sample(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return Optional.empty();
    }
    List<String> frames =
        event.getStackTrace().getFrames().stream().map(HotPathProfile::frame).toList();
    return switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> Optional.of(new ProfiledStacks.Sample(frames, "", 1));
      case "jdk.ObjectAllocationSample" ->
          Optional.of(
              new ProfiledStacks.Sample(
                  frames, name(event.getClass("objectClass")), event.getLong("weight")));
      default -> Optional.empty();
    };
  }

  /** {@code byte[]} and not {@code [B}. */
  private static String name(RecordedClass type) {
    // Classes of lambdas have a number after a slash.
    String name = type.getName().replaceFirst("/.*", "");
    return name.startsWith("[")
        ? ClassDesc.ofDescriptor(name.replace('.', '/')).displayName()
        : name.substring(name.lastIndexOf('.') + 1);
  }

  private static String frame(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }
}
