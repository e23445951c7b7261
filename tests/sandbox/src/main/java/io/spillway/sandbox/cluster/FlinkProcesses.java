package io.spillway.sandbox.cluster;

import io.spillway.sandbox.cluster.loopback.LoopbackHttpServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration directory and the command lines of JobManager and TaskManagers. Memory options
 * are resolved by Flink's own {@code BashJavaUtils}, as its start scripts do.
 */
record FlinkProcesses(ClusterSpec spec, Distribution distribution) {
  private static final String JOB_MANAGER =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
  private static final String APPLICATION =
      "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint";
  private static final String TASK_MANAGER =
      "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
  private static final String MEMORY = "org.apache.flink.runtime.util.bash.BashJavaUtils";
  private static final int FLINKS_MAX_PARALLELISM = 128;
  private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";

  /** JVM flags and program arguments Flink derives from its memory options. */
  record Resources(List<String> jvm, List<String> arguments) {
    static Resources parse(List<String> output) {
      List<List<String>> results =
          output.stream()
              .filter(line -> line.startsWith(RESULT))
              .map(line -> List.of(line.substring(RESULT.length()).strip().split("\\s+")))
              .toList();
      return new Resources(results.get(0), results.get(1));
    }
  }

  /**
   * {@code config.yaml}, then {@code local.yaml}, then ports and paths, then the mode, then
   * overrides.
   */
  FlinkConfiguration configuration() {
    Map<String, String> mode =
        spec.reactive().isPresent() ? Map.of("scheduler-mode", "reactive") : Map.of();
    return shared(distribution).with(portsAndPaths()).with(mode).with(spec.flinkOverrides());
  }

  static FlinkConfiguration shared(Distribution distribution) {
    Path conf = distribution.flinkConf();
    return FlinkConfiguration.read(conf.resolve("config.yaml"))
        .with(FlinkConfiguration.read(conf.resolve("local.yaml")));
  }

  /** Writes the configuration. */
  void prepare() throws IOException {
    for (String dir : List.of("checkpoints", "savepoints", "tmp", "log", "work")) {
      Files.createDirectories(spec.dir(dir));
    }
    write(conf(), configuration(), distribution);
  }

  static void write(Path conf, FlinkConfiguration configuration, Distribution distribution)
      throws IOException {
    Files.createDirectories(conf);
    Files.writeString(conf.resolve("config.yaml"), configuration.render());
    for (String logging : List.of("log4j.properties", "log4j-cli.properties")) {
      Files.copy(
          distribution.flinkConf().resolve(logging),
          conf.resolve(logging),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  Path conf() {
    return spec.dir("conf");
  }

  /** Memory of all processes as configured, in MiB. */
  long mib(boolean jobManager, int taskManagers) {
    FlinkConfiguration configuration = configuration();
    long needed = jobManager ? Memory.mib(configuration.get("jobmanager.memory.process.size")) : 0;
    return needed + taskManagers * Memory.mib(configuration.get("taskmanager.memory.process.size"));
  }

  /** How far a job in reactive mode can be scaled out. */
  int maxParallelism() {
    return configuration()
        .find("pipeline.max-parallelism")
        .map(Integer::parseInt)
        .orElse(FLINKS_MAX_PARALLELISM);
  }

  Resources jobManagerResources() {
    return resources("GET_JM_RESOURCE_PARAMS");
  }

  Resources taskManagerResources() {
    return resources("GET_TM_RESOURCE_PARAMS");
  }

  /**
   * @param from what the job of reactive mode goes on from
   */
  List<String> jobManagerCommand(
      Resources resources, Path log, String bootstrapServers, Optional<String> from) {
    if (spec.reactive().isEmpty()) {
      return command(JOB_MANAGER, "jobmanager", resources, log, Map.of());
    }
    ReactiveJob reactive = spec.reactive().get();
    List<String> words = command(APPLICATION, "jobmanager", resources, log, Map.of());
    words.addAll(reactive.arguments(bootstrapServers, from));
    return words;
  }

  List<String> taskManagerCommand(int number, Resources resources, Path log) {
    return command(
        TASK_MANAGER,
        "taskmanager",
        resources,
        log,
        Map.of(
            "taskmanager.resource-id",
            "taskmanager-" + number,
            "metrics.reporter.prom.port",
            String.valueOf(spec.ports().taskManagerMetrics(number))));
  }

  private Map<String, String> portsAndPaths() {
    Ports ports = spec.ports();
    Map<String, String> values = new TreeMap<>();
    for (String address :
        List.of(
            "jobmanager.rpc.address",
            "jobmanager.bind-host",
            "taskmanager.host",
            "taskmanager.bind-host",
            "rest.address",
            "rest.bind-address")) {
      values.put(address, Ports.HOST);
    }
    values.put("jobmanager.rpc.port", String.valueOf(ports.rpc()));
    values.put("rest.port", String.valueOf(ports.rest()));
    values.put("metrics.reporter.prom.port", String.valueOf(ports.jobManagerMetrics()));
    values.put("taskmanager.numberOfTaskSlots", String.valueOf(spec.slotsPerTaskManager()));
    values.put("execution.checkpointing.dir", "file://" + spec.dir("checkpoints"));
    values.put("execution.checkpointing.savepoint-dir", "file://" + spec.dir("savepoints"));
    values.put("process.working-dir", spec.dir("work").toString());
    values.put("io.tmp.dirs", spec.dir("tmp").toString());
    values.put("state.backend.rocksdb.log.dir", spec.dir("tmp").toString());
    values.put("web.upload.dir", spec.dir("tmp").resolve("upload").toString());
    return values;
  }

  private List<String> command(
      String mainClass, String role, Resources resources, Path log, Map<String, String> options) {
    List<String> words = new ArrayList<>();
    words.add(Distribution.java());
    words.addAll(resources.jvm());
    words.addAll(javaOptions(configuration()));
    configuration()
        .find("env.java.opts." + role)
        .ifPresent(more -> words.addAll(List.of(more.split("\\s+"))));
    words.add("-XX:+ExitOnOutOfMemoryError");
    words.addAll(logging(log, conf().resolve("log4j.properties")));
    words.addAll(LoopbackHttpServers.jvmOptions());
    String classPath =
        spec.reactive().isPresent()
            ? distribution.flinkApplicationClassPath()
            : distribution.flinkServerClassPath();
    words.addAll(List.of("-cp", classPath, mainClass));
    words.addAll(List.of("--configDir", conf().toString()));
    words.addAll(resources.arguments());
    new TreeMap<>(options).forEach((key, value) -> words.addAll(List.of("-D", key + "=" + value)));
    return words;
  }

  static List<String> javaOptions(FlinkConfiguration configuration) {
    return List.of(configuration.get("env.java.opts.all").split("\\s+"));
  }

  static List<String> logging(Path log, Path configuration) {
    return List.of("-Dlog.file=" + log, "-Dlog4j.configurationFile=" + configuration);
  }

  private Resources resources(String question) {
    List<String> command =
        List.of(
            Distribution.java(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            distribution.flinkClassPath(),
            MEMORY,
            question,
            "--configDir",
            conf().toString());
    ToolRun run = ToolRun.of(command, Map.of());
    if (run.exitCode() != 0) {
      throw SandboxException.failure("Flink refuses the memory options: " + run.cause());
    }
    return Resources.parse(run.lines());
  }
}
