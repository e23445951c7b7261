package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Submission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "submit",
    description = "Submit a job to the cluster here, or to another one (flink run -d).",
    mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "iot, transactions, video, webhook, load or replay, or the class name")
  private String job;

  @Mixin private SubmissionOptions options;

  @Option(
      names = "--from",
      paramLabel = "SAVEPOINT",
      description = "start from this savepoint or retained checkpoint")
  private Optional<String> savepoint = Optional.empty();

  @Option(
      names = "--from-latest",
      description =
          "start from the last checkpoint or savepoint that an earlier run of the job here has left")
  private boolean fromLatest;

  @Option(
      names = "--flink",
      paramLabel = "KEY=VALUE",
      description = "a Flink option for this job alone (repeatable)")
  private Map<String, String> flink = new LinkedHashMap<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    JobName name = JobName.of(job);
    var out = command.commandLine().getOut();
    int parallelism = options.parallelism();
    if (fromLatest && (savepoint.isPresent() || options.otherCluster().isPresent())) {
      throw SandboxException.wrongUse(
          "--from-latest looks for what a run on the cluster here has left: give it without --from and --jobmanager");
    }
    if (options.otherCluster().isPresent()) {
      String address = options.otherCluster().get();
      String id =
          new Submission(name, options.settings(), parallelism, address, savepoint, flink)
              .toOtherCluster(ClusterOptions.stateDir());
      out.println("job %s  http://%s/#/job/%s".formatted(id, address, id));
      return 0;
    }
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    Optional<String> from = savepoint;
    if (fromLatest) {
      from = Optional.of(cluster.latestState(job));
      out.println("from " + from.get());
    }
    String id = cluster.submit(job, options.settings(), parallelism, from, flink);
    out.println("job %s  %s/#/job/%s".formatted(id, cluster.rest(), id));
    return 0;
  }
}
