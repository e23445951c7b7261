package io.spillway.benchmarks;

import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./spillway bench}: measures goals and says how they came out. Everything is a ratio of two
 * sides measured in the same run, one after the other in turns, or a cost in nanoseconds.
 */
@Command(
    name = "bench",
    description = "Measure goals: their ids (M1, M8, ..) or groups; without a name all of them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Groups: overload = M1 M3 M4 M6 M7, decision = M8, overhead = M9 M10.",
      "Overload and M9 run on the local cluster, which is started if it is not up.",
      "Exit code 0 when everything was measured, 2 for wrong use, 1 if something broke",
      "or, with --strict, if a figure is below its floor."
    })
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "what to measure")
  private List<String> names = new ArrayList<>();

  @Option(names = "--quick", description = "one repetition, shorter phases: a look, not a result")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "write the results to this file")
  private Path json;

  @Option(names = "--strict", description = "exit code 1 if a figure is below its floor")
  private boolean strict;

  @Spec private CommandSpec command;

  private Bench() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setParameterExceptionHandler((e, args) -> failed(e.getCommandLine(), e.getMessage(), 2))
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              if (e instanceof SandboxException known) {
                return failed(line, known.getMessage(), known.exitCode());
              }
              throw e;
            });
  }

  @Override
  public Integer call() {
    Set<String> ids = GoalNames.resolve(names);
    requireWritable(json);
    PrintWriter out = command.commandLine().getOut();
    Progress progress =
        line -> {
          out.println(line);
          out.flush();
        };
    CostGoals costs = new CostGoals(ids, quick);
    progress.say(
        "measuring %s: about %d minutes, on a machine that does nothing else"
            .formatted(String.join(" ", ids), minutes(costs.seconds())));
    List<Note> notes = new ArrayList<>();
    List<GoalResult> results = new ArrayList<>(costs.measure(progress, notes));
    out.println();
    BenchTable.print(results, notes, out);
    write(results, notes, out);
    return strict && results.stream().anyMatch(Bench::isBelowFloor) ? 1 : 0;
  }

  private void write(List<GoalResult> results, List<Note> notes, PrintWriter out) {
    Path report = ClusterOptions.stateDir().resolve("reports").resolve("bench.html");
    write(report, BenchPage.of(results, notes, machine()));
    out.println();
    out.println("report: " + report);
    if (json != null) {
      write(json, BenchJson.of(results, quick ? "--quick" : ""));
      out.println("results: " + json);
    }
    out.flush();
  }

  private static boolean isBelowFloor(GoalResult result) {
    return result.standing() == GoalResult.Standing.BELOW_FLOOR;
  }

  private static long minutes(double seconds) {
    return Math.max(1, Math.round(seconds / 60));
  }

  private static String machine() {
    return "%d processors, Java %s, %s %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private static int failed(CommandLine line, String message, int exitCode) {
    line.getErr().println("spillway: " + message.lines().findFirst().orElse(message));
    line.getErr().flush();
    return exitCode;
  }

  /** Found out before minutes of work, not after. */
  private static void requireWritable(Path file) {
    Path directory = file == null ? null : file.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      throw SandboxException.wrongUse(
          "--json %s: there is no directory %s, create it".formatted(file, directory));
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
