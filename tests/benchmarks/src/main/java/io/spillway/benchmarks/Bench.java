package io.spillway.benchmarks;

import io.spillway.benchmarks.Measurement.Findings;
import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.Program;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.report.ReportFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "Groups: overload = M1 M3 M4 M6 M7, checkpoints = M16, decision = M8, overhead = M9 M10, truth = M11 M12 M20 M21,",
      "fairness = M14 M15, edge = EDGE, payments = M2 DELIVERY, replay = M5 M13 LEDGER REPLAY,",
      "peers = M2@dagor M6@dagor PEERS (DAGOR, CoDel, a PID shedder, random drop, plain Flink),",
      "programs = PROGRAMS (Kafka Streams, Pekko Streams, resilience4j, Netflix concurrency-limits),",
      "elastic = M17 M18 (a reactive cluster of their own, with Prometheus),",
      "rescale = RESCALE (the same, six settings of Flink one after the other; prints their table),",
      "growth = COST, loads = LOADS, micro = MICRO (single operations and their peers: ns and bytes),",
      "scale = SCALE (simulated), sql = SQL. Overload, M9, fairness, edge, payments, peers, programs, replay and SQL run on the local cluster,",
      "which is started if it is not up, and then stopped again. They delete and create the topics of the demo; M5 and M13 kill a",
      "TaskManager with kill -9.",
      "Exit code 0 when everything was measured, 2 for wrong use, 1 if something broke",
      "(the generator was late in every run of a race, too) or, with --strict, if a figure is below its floor."
    })
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "what to measure")
  private List<String> names = new ArrayList<>();

  @Option(names = "--quick", description = "one repetition, shorter phases: a look, not a result")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "write the results to this file")
  private Path json;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "write the plots of the report as SVG files, too")
  private Path pictures;

  @Option(names = "--strict", description = "exit code 1 if a figure is below its floor")
  private boolean strict;

  @Option(
      names = "--results",
      description =
          "measure nothing: write tests/benchmarks/RESULTS.md from the reports of all runs so far")
  private boolean writeResults;

  @Option(
      names = "--profile",
      description = "with the name micro: no figures, but where the hot path spends time and heap")
  private boolean profile;

  @Mixin private ClusterOptions cluster;
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
    ReportFiles.requireWritable(json);
    PrintWriter out = command.commandLine().getOut();
    if (writeResults) {
      writeResults(ids, out);
      return 0;
    }
    requirePrograms(ids);
    BenchRun run = BenchRun.now(ClusterOptions.root());
    Progress progress =
        line -> {
          out.println(line);
          out.flush();
        };
    if (profile) {
      profile(ids, run, progress);
      return 0;
    }
    try (BenchCluster machine = new BenchCluster(cluster.spec(), progress)) {
      Parts parts = new Parts(measurements(ids, machine));
      progress.say(
          "measuring %s: about %s, on a machine that should do nothing else"
              .formatted(String.join(" ", ids), Parts.minutes(parts.seconds())));
      Findings findings = new Findings();
      boolean complete;
      try {
        complete = parts.measure(findings, progress);
      } finally {
        // What was measured before something broke took minutes as well.
        report(findings, run, out);
      }
      boolean isBelow = findings.results().stream().anyMatch(GoalResult::isBelowFloor);
      return complete && !(strict && isBelow) ? 0 : 1;
    }
  }

  /** What is missing is said at once, and not hours later when its turn comes. */
  private static void requirePrograms(Set<String> ids) {
    boolean scrapes = ids.contains("M17") || ids.contains("M18");
    if (scrapes && Program.PROMETHEUS.find(ClusterOptions.root()).isEmpty()) {
      throw SandboxException.wrongUse(Program.PROMETHEUS.missing());
    }
  }

  private List<Measurement> measurements(Set<String> ids, BenchCluster machine) {
    List<Measurement> measurements = new ArrayList<>();
    if (ids.contains("M8") || ids.contains("M10")) {
      measurements.add(new CostGoals(ids, quick));
    }
    if (ids.stream().anyMatch(GoalNames.GROUPS.get("overload")::contains)) {
      measurements.add(new OverloadGoals(ids, quick, machine::up));
    }
    if (ids.contains("M9")) {
      measurements.add(new IdleGoal(quick, machine::up));
    }
    if (ids.contains("M11") || ids.contains("M12")) {
      measurements.add(new TruthGoals(ids, quick));
    }
    if (ids.contains("M12")) {
      measurements.add(new KeyTruthGoals(quick));
    }
    if (ids.contains("M14")) {
      measurements.add(new FairnessGoal(quick, machine::up));
    }
    if (ids.contains("M15")) {
      measurements.add(new FloodGoal(quick, machine::up));
    }
    if (ids.contains("M16")) {
      measurements.add(new CheckpointGoal(quick, machine::up));
    }
    if (ids.contains("M2") || ids.contains("DELIVERY")) {
      measurements.add(new PaymentGoals(ids, quick, machine::up));
    }
    if (ids.stream().anyMatch(GoalNames.GROUPS.get("peers")::contains)) {
      measurements.add(new PeerGoals(ids, quick, machine::up));
    }
    if (ids.contains("PROGRAMS")) {
      measurements.add(new ProgramGoals(quick, machine::up));
    }
    if (ids.contains("EDGE")) {
      measurements.add(new EdgeGoals(quick, machine::up));
    }
    if (ids.contains("M19")) {
      measurements.add(new EnrichmentGoals(quick));
    }
    if (ids.contains("M20") || ids.contains("M21")) {
      measurements.add(new AggregationGoals(ids, quick));
    }
    if (ids.contains("M5") || ids.contains("M13")) {
      measurements.add(new ConservationGoals(ids, quick, machine::up));
    }
    if (ids.contains("LEDGER") || ids.contains("REPLAY")) {
      measurements.add(new LedgerGoals(ids, quick, machine::up));
    }
    if (ids.contains("M17") || ids.contains("M18")) {
      measurements.add(new ElasticGoals(cluster.spec(), quick));
    }
    if (ids.contains("COST")) {
      measurements.add(new GrowthGoals(quick));
      measurements.add(new PathGoals(quick));
    }
    if (ids.contains("LOADS")) {
      measurements.add(new ShapeGoals(quick, machine::up));
    }
    if (ids.contains("MICRO")) {
      measurements.add(new MicroGoals(quick));
    }
    if (ids.contains("SCALE")) {
      measurements.add(new ScaleGoals());
    }
    if (ids.contains("RESCALE")) {
      measurements.add(new RescaleGoals(cluster.spec(), quick));
    }
    if (ids.contains("SQL")) {
      measurements.add(new SqlGoal(quick, machine::up));
    }
    return measurements;
  }

  private void profile(Set<String> ids, BenchRun run, Progress progress) {
    if (!ids.equals(Set.of("MICRO")) || strict || json != null) {
      throw SandboxException.wrongUse(
          "--profile is of the hot path alone: './spillway bench micro --profile', or with --quick");
    }
    Path reports = cluster.spec().stateDir().resolve("reports");
    HotPath hotPath = new HotPath(reports.resolve("hot-path"), quick);
    progress.say("profiling the hot path: about " + Parts.minutes(hotPath.seconds()));
    String page = hotPath.page(run, progress);
    Path file = reports.resolve("hot-path/profile.md");
    ReportFiles.write(file, page);
    progress.say("");
    page.lines().forEach(progress::say);
    progress.say("");
    progress.say("profile: " + file + ", and beside it the recordings, for JDK Mission Control");
  }

  /** Merges what was measured so far into a page for the repository. */
  private void writeResults(Set<String> all, PrintWriter out) {
    if (!names.isEmpty() || quick || strict || profile || json != null) {
      throw SandboxException.wrongUse(
          "--results measures nothing and takes all figures: leave out names and other options");
    }
    Path reports = cluster.spec().stateDir().resolve("reports");
    RecordedResults recorded = RecordedResults.in(reports);
    if (recorded.byGoal().isEmpty()) {
      double seconds;
      try (BenchCluster machine = new BenchCluster(cluster.spec(), line -> {})) {
        seconds = new Parts(measurements(all, machine)).seconds();
      }
      throw SandboxException.wrongUse(
          "no results in %s: run './spillway bench' first (about %s), or with the names of goals"
              .formatted(reports, Parts.minutes(seconds)));
    }
    Path page = ClusterOptions.root().resolve("tests/benchmarks/RESULTS.md");
    ReportFiles.write(page, ResultsPage.of(recorded));
    out.println("results: " + page);
    out.flush();
  }

  private void report(Findings findings, BenchRun run, PrintWriter out) {
    if (findings.results().isEmpty()) {
      return;
    }
    findings.results().sort(Comparator.comparing(GoalResult::goal));
    out.println();
    findings.first().forEach(out::println);
    if (!findings.first().isEmpty()) {
      out.println();
    }
    BenchTable.print(findings.results(), findings.notes(), out);
    findings.tables().forEach(table -> BenchTable.print(table, out));
    Path page =
        ReportFiles.in(cluster.spec().stateDir().resolve("reports"))
            .write("bench", BenchPage.of(findings, run));
    String results = BenchJson.of(findings.results(), quick, run);
    ReportFiles.write(
        page.resolveSibling(page.getFileName().toString().replaceFirst("html$", "json")), results);
    out.println();
    out.println("report: " + page);
    if (pictures != null) {
      BenchPictures.write(findings.plots(), pictures);
      out.println("pictures: " + pictures);
    }
    if (json != null) {
      ReportFiles.write(json, results);
      out.println("results: " + json);
    }
    out.flush();
  }

  private static int failed(CommandLine line, String message, int exitCode) {
    line.getErr().println("spillway: " + message.lines().findFirst().orElse(message));
    line.getErr().flush();
    return exitCode;
  }
}
