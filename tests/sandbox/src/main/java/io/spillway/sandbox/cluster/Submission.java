package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job for a Flink cluster, brought there as a user would: {@code flink run --detached} in a JVM
 * of its own, with Flink's command line client.
 *
 * @param jobManager HOST:PORT of the REST API
 * @param parallelism 0 for the default of the configuration
 * @param flinkOptions laid over the configuration, for this job alone; {@link #CLASS_PATH} with one
 *     URL
 */
public record Submission(
    JobName job,
    Map<String, String> settings,
    int parallelism,
    String jobManager,
    Optional<String> savepoint,
    Map<String, String> flinkOptions) {

  /** Where else classes of a job are, as URLs. The client reads it as an argument of its own. */
  public static final String CLASS_PATH = "pipeline.classpaths";

  private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";
  private static final Pattern SUBMITTED = Pattern.compile("submitted with JobID ([0-9a-f]{32})");
  private static final Pattern BAD_SETTING =
      Pattern.compile("io\\.spillway\\.config\\.InvalidSettings: (.*)");

  /** Submits with the shared part of the configuration, to a cluster that runs elsewhere. */
  public String toOtherCluster(Path stateDir) {
    Distribution distribution = Distribution.find();
    // Flink's client goes on asking for a minute.
    if (!new FlinkRest(URI.create("http://" + jobManager)).answers()) {
      throw SandboxException.failure(
          "no Flink answers at %s: give the REST address of a JobManager to --jobmanager"
              .formatted(jobManager));
    }
    Path conf = stateDir.resolve("client-conf");
    try {
      FlinkProcesses.write(
          conf,
          FlinkConfiguration.read(distribution.flinkConf().resolve("config.yaml")),
          distribution);
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(conf, e.getMessage()), e);
    }
    return run(distribution, conf, stateDir.resolve("log").resolve("client.log"));
  }

  /** Runs the client and returns the id of the job. */
  String run(Distribution distribution, Path conf, Path log) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Distribution.java(), "-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.add("-XX:+UseSerialGC");
    command.addAll(FlinkProcesses.javaOptions(FlinkProcesses.shared(distribution)));
    command.addAll(FlinkProcesses.logging(log, conf.resolve("log4j-cli.properties")));
    command.addAll(List.of("-cp", distribution.flinkClassPath(), CLIENT));
    command.addAll(arguments(distribution.jobsJar()));
    return jobId(ToolRun.of(command, Map.of("FLINK_CONF_DIR", conf.toString())), log);
  }

  List<String> arguments(Path jar) {
    List<String> words = new ArrayList<>(List.of("run", "--detached", "--jobmanager", jobManager));
    if (parallelism > 0) {
      words.addAll(List.of("--parallelism", String.valueOf(parallelism)));
    }
    flinkOptions.forEach(
        (key, value) ->
            words.addAll(
                key.equals(CLASS_PATH)
                    ? List.of("--classpath", value)
                    : List.of("-D" + key + "=" + value)));
    savepoint.ifPresent(path -> words.addAll(List.of("--fromSavepoint", path)));
    words.addAll(List.of("--class", job.className(), jar.toString()));
    words.addAll(settingArguments(settings));
    return words;
  }

  /** Settings in the form the main methods of the jobs take. */
  static List<String> settingArguments(Map<String, String> settings) {
    List<String> words = new ArrayList<>();
    settings.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    return words;
  }

  String jobId(ToolRun run, Path log) {
    for (String line : run.lines()) {
      Matcher submitted = SUBMITTED.matcher(line);
      if (submitted.find()) {
        return submitted.group(1);
      }
    }
    badSetting(run.lines())
        .ifPresent(
            message -> {
              throw SandboxException.wrongUse(message);
            });
    throw SandboxException.failure(
        "job %s was not submitted to %s: %s (log: %s)"
            .formatted(job.shortName(), jobManager, run.cause(), log));
  }

  /** What a job says about its own settings, out of the stack trace it ended with. */
  static Optional<String> badSetting(List<String> lines) {
    return lines.stream()
        .map(BAD_SETTING::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst();
  }
}
