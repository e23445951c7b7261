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
      description = "iot, load or replay, or the class name")
  private String job;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting of the job (repeatable)")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = {"-p", "--parallelism"},
      paramLabel = "N",
      defaultValue = "0",
      description = "parallelism; default: that of the configuration")
  private int parallelism;

  @Option(
      names = "--jobmanager",
      paramLabel = "HOST:PORT",
      description = "REST address of another cluster")
  private Optional<String> jobManager = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "SAVEPOINT",
      description = "start from this savepoint or retained checkpoint")
  private Optional<String> savepoint = Optional.empty();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    JobName name = JobName.of(job);
    var out = command.commandLine().getOut();
    if (parallelism < 0) {
      throw SandboxException.wrongUse("-p %d: give a number from 1".formatted(parallelism));
    }
    if (jobManager.isPresent()) {
      String address = hostAndPort(jobManager.get());
      String id =
          new Submission(name, settings, parallelism, address, savepoint)
              .toOtherCluster(ClusterOptions.stateDir());
      out.println("job %s  http://%s/#/job/%s".formatted(id, address, id));
      return 0;
    }
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    String id = cluster.submit(job, settings, parallelism, savepoint);
    out.println("job %s  %s/#/job/%s".formatted(id, cluster.rest(), id));
    return 0;
  }

  static String hostAndPort(String address) {
    if (!address.matches("[^:/\\s]+:\\d{1,5}")) {
      throw SandboxException.wrongUse(
          "--jobmanager %s: write HOST:PORT, such as localhost:8081".formatted(address));
    }
    return address;
  }
}
