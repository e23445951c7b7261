package io.spillway.sandbox.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A real cluster on this machine: a Kafka node (KRaft), a Flink JobManager and TaskManagers, each a
 * process of its own that lives on after the command that started it. What runs is known from the
 * files in the state directory, so any number of commands can work with the same cluster; those
 * that start or stop processes wait for each other. Failures are {@link SandboxException}s.
 */
public final class LocalCluster {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final ClusterSpec spec;
  private final Distribution distribution;
  private final KafkaProcess kafka;
  private final FlinkProcesses flink;
  private final ClusterProcesses processes;
  private final SqlGateway sqlGateway;
  private final Monitoring monitoring;

  LocalCluster(ClusterSpec spec) {
    this.spec = spec;
    this.distribution = Distribution.find();
    this.kafka = new KafkaProcess(spec, distribution);
    this.flink = new FlinkProcesses(spec, distribution);
    this.processes = ClusterProcesses.of(spec);
    this.sqlGateway = SqlGateway.of(spec, distribution);
    this.monitoring = Monitoring.of(spec, distribution);
  }

  /** Starts what is not running and waits until all of it works. */
  public static LocalCluster up(ClusterSpec spec, Progress progress) {
    return up(spec, false, progress);
  }

  /**
   * The same in reactive mode, and the job goes on from the last checkpoint or savepoint that a run
   * of it here has left.
   *
   * @throws SandboxException if there is none, or while its JobManager is up
   */
  public static LocalCluster upFromLatest(ClusterSpec spec, Progress progress) {
    return up(spec, true, progress);
  }

  private static LocalCluster up(ClusterSpec spec, boolean fromLatest, Progress progress) {
    return StateLock.holding(
        spec.stateDir(),
        progress,
        () -> {
          LocalCluster cluster =
              running(spec.stateDir())
                  .filter(running -> running.spec.isAnotherScaleOf(spec))
                  .orElseGet(() -> new LocalCluster(spec));
          running(spec.stateDir()).ifPresent(running -> running.requireSame(cluster.spec));
          Optional<String> from =
              spec.reactive().filter(job -> fromLatest).map(cluster::latestState);
          from.ifPresent(state -> progress.say("from " + state));
          cluster.startMissing(cluster.processes.all(), from, progress);
          spec.reactive().ifPresent(reactive -> cluster.awaitReactive(reactive, progress));
          return cluster;
        });
  }

  /** The cluster of this state directory, if any process of it runs. */
  public static Optional<LocalCluster> running(Path stateDir) {
    return last(stateDir)
        .filter(cluster -> cluster.processes.all().stream().anyMatch(ManagedProcess::isAlive));
  }

  /** The cluster that was last started in this state directory, whether it runs or not. */
  public static Optional<LocalCluster> last(Path stateDir) {
    return ClusterSpec.saved(stateDir).map(LocalCluster::new);
  }

  /** The cluster of this state directory, or the advice to start it. */
  public static LocalCluster require(Path stateDir) {
    return running(stateDir)
        .orElseThrow(
            () ->
                SandboxException.failure(
                    "no cluster is up in %s: start it with './spillway up'".formatted(stateDir)));
  }

  /** Stops everything; afterwards there is no process and no port left. */
  public void down() {
    // As many TaskManagers as there are by now.
    StateLock.holding(
        spec.stateDir(), Progress.SILENT, () -> last(spec.stateDir()).orElse(this).stopAll());
  }

  /**
   * Starts or stops TaskManagers of a cluster in reactive mode until there are as many as wanted,
   * and waits until the job runs on all of their slots; nothing happens if it does.
   *
   * @return the cluster as it is then
   */
  public LocalCluster scale(int taskManagers, Progress progress) {
    return StateLock.holding(
        spec.stateDir(),
        progress,
        () -> {
          LocalCluster now = require(spec.stateDir());
          requireAlive(List.of(now.processes.kafka(), now.processes.jobManager()));
          return Scaling.of(now).to(taskManagers, progress);
        });
  }

  /**
   * The id of the job of a cluster in reactive mode.
   *
   * @throws SandboxException if it has come to an end
   */
  public String reactiveJob() {
    return Scaling.of(this).job().id();
  }

  private void awaitReactive(ReactiveJob reactive, Progress progress) {
    int parallelism = Scaling.of(this).awaitRunning();
    String id = reactiveJob();
    if (!retainedState().ids(reactive.job()).contains(id)) {
      retainedState().remember(reactive.job(), id);
    }
    progress.say(
        "job %s runs at parallelism %d: %s".formatted(reactive.job().shortName(), parallelism, id));
  }

  ClusterProcesses processes() {
    return processes;
  }

  void requireAllAlive() {
    requireAlive(processes.all());
  }

  /** Refuses more slots than the job could ever use. */
  void requireUsableSlots() {
    int slots = spec.taskManagers() * spec.slotsPerTaskManager();
    int most = flink.maxParallelism();
    if (slots > most) {
      throw SandboxException.wrongUse(
          "%d TaskManagers have %d slots, but pipeline.max-parallelism is %d: scale to %d at most"
              .formatted(spec.taskManagers(), slots, most, most / spec.slotsPerTaskManager()));
    }
  }

  void monitorAllTaskManagers() {
    monitoring.watch(metricsEndpoints());
  }

  public ClusterSpec spec() {
    return spec;
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Base of the REST API and of the web UI. */
  public URI rest() {
    return http(spec.ports().rest());
  }

  /** Prometheus endpoints of the JobManager and the TaskManagers. */
  public List<URI> metricsEndpoints() {
    List<URI> endpoints = new ArrayList<>();
    for (int i = 0; i <= spec.taskManagers(); i++) {
      endpoints.add(http(spec.ports().taskManagerMetrics(i)).resolve("/metrics"));
    }
    return endpoints;
  }

  public List<ProcessStatus> status() {
    List<ProcessStatus> all = new ArrayList<>();
    processes.ports().forEach((process, ports) -> all.add(ProcessStatus.of(process, ports)));
    // They are no part of every cluster: shown once they were started.
    if (sqlGateway.process().state() != ManagedProcess.State.STOPPED) {
      all.add(ProcessStatus.of(sqlGateway.process(), sqlGateway.ports()));
    }
    monitoring.started().forEach((process, ports) -> all.add(ProcessStatus.of(process, ports)));
    processes.loads().stream()
        .filter(ManagedProcess::isAlive)
        .forEach(load -> all.add(ProcessStatus.of(load, List.of())));
    return all;
  }

  /** Creates a topic; nothing happens if it exists. */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    try (Topics topics = new Topics(bootstrapServers())) {
      topics.create(name, partitions, config);
    }
  }

  /** Deletes a topic and waits until it is gone; nothing happens if there is none. */
  public void deleteTopic(String name) {
    try (Topics topics = new Topics(bootstrapServers())) {
      topics.delete(name);
    }
  }

  /** Creates the topics a job reads and writes, as far as they do not exist. */
  public void createTopics(JobName job, Map<String, String> settings) {
    create(job.topics(settings));
  }

  private void create(Map<String, Map<String, String>> wanted) {
    try (Topics topics = new Topics(bootstrapServers())) {
      wanted.forEach(topics::create);
    }
  }

  /**
   * Submits a job to this cluster and returns its id. Missing topics are created first, but not an
   * input that the settings name.
   *
   * @param parallelism 0 for the default
   */
  public String submit(
      String job, Map<String, String> settings, int parallelism, Optional<String> savepoint) {
    return submit(job, settings, parallelism, savepoint, Map.of());
  }

  /** The same with Flink options for this job alone. */
  public String submit(
      String job,
      Map<String, String> settings,
      int parallelism,
      Optional<String> savepoint,
      Map<String, String> flinkOptions) {
    JobName name = JobName.of(job);
    spec.reactive()
        .ifPresent(
            reactive -> {
              throw SandboxException.wrongUse(
                  "the cluster in %s is in reactive mode and all its slots are for job %s: './spillway down', then './spillway up'"
                      .formatted(spec.stateDir(), reactive.job().shortName()));
            });
    requireAlive(List.of(processes.kafka(), processes.jobManager()));
    create(name.topicsToCreate(settings));
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putIfAbsent("kafka.bootstrap.servers", bootstrapServers());
    String jobManager = Ports.HOST + ":" + spec.ports().rest();
    String id =
        new Submission(name, all, parallelism, jobManager, savepoint, flinkOptions)
            .run(distribution, flink.conf(), spec.dir("log").resolve("client.log"));
    retainedState().remember(name, id);
    return id;
  }

  /**
   * The last complete checkpoint or savepoint that a run of this job on this cluster has left.
   *
   * @throws SandboxException if there is none, or while one of its runs goes on: two from one
   *     checkpoint would both process what has come since
   */
  public String latestState(String job) {
    JobName name = JobName.of(job);
    RetainedState retained = retainedState();
    List<String> runs = retained.ids(name);
    for (FlinkRest.Job other : new FlinkRest(rest()).jobs()) {
      if (runs.contains(other.id()) && !other.hasEnded()) {
        throw SandboxException.wrongUse(
            "job %s is %s as %s: cancel it before another run goes on from its state"
                .formatted(name.shortName(), other.state(), other.id()));
      }
    }
    return flinkPath(retained.latest(name));
  }

  /**
   * The same for the job of a cluster in reactive mode, whose JobManager is still to be started.
   */
  private String latestState(ReactiveJob reactive) {
    if (processes.jobManager().isAlive()) {
      throw SandboxException.wrongUse(
          "job %s is up in %s: './spillway down' before another run goes on from its state"
              .formatted(reactive.job().shortName(), spec.stateDir()));
    }
    return flinkPath(retainedState().latest(reactive.job()));
  }

  /** As Flink writes paths: a blank stays a blank, which it is not in a URI. */
  private static String flinkPath(Path path) {
    return "file://" + path.toAbsolutePath();
  }

  /** Which job was submitted here under this id, if it was from here. */
  public Optional<JobName> jobOf(String id) {
    RetainedState retained = retainedState();
    return Arrays.stream(JobName.values()).filter(job -> retained.ids(job).contains(id)).findAny();
  }

  private RetainedState retainedState() {
    return new RetainedState(
        spec.dir("run").resolve("submitted"), spec.dir("checkpoints"), spec.dir("savepoints"));
  }

  /** Waits until every task of the job runs. */
  public void awaitRunning(String jobId, Duration limit) {
    FlinkRest rest = new FlinkRest(rest());
    boolean running =
        Await.until(
            limit,
            () -> {
              requireAlive(List.of(processes.kafka(), processes.jobManager()));
              if (rest.jobState(jobId).equals("FAILED")) {
                throw SandboxException.failure(
                    "job %s failed: %s".formatted(jobId, rest.lastFailure(jobId)));
              }
              return rest.isRunning(jobId);
            });
    if (!running) {
      requireAlive(processes.taskManagers());
      throw SandboxException.failure(
          "job %s does not run after %d s; its last failure: %s"
              .formatted(jobId, limit.toSeconds(), rest.lastFailure(jobId)));
    }
  }

  /** Cancels a job and waits until it has ended. */
  public void cancel(String jobId) {
    FlinkRest rest = new FlinkRest(rest());
    rest.cancel(jobId);
    if (!Await.until(START_LIMIT, () -> rest.jobState(jobId).equals("CANCELED"))) {
      throw SandboxException.failure(
          "job %s is still %s after it was cancelled".formatted(jobId, rest.jobState(jobId)));
    }
  }

  /**
   * The id under which a job runs here.
   *
   * @throws SandboxException if none or more than one of its runs goes on
   */
  public String runningJob(String job) {
    JobName name = JobName.of(job);
    List<String> known = retainedState().ids(name);
    List<String> running =
        new FlinkRest(rest())
            .jobs().stream()
                .filter(run -> known.contains(run.id()) && !run.hasEnded())
                .map(FlinkRest.Job::id)
                .toList();
    if (running.size() != 1) {
      throw SandboxException.wrongUse(
          running.isEmpty()
              ? "job %s does not run here: './spillway status' tells what does"
                  .formatted(name.shortName())
              : "job %s runs %d times: give the id of one: %s"
                  .formatted(name.shortName(), running.size(), String.join(", ", running)));
    }
    return running.get(0);
  }

  /**
   * Stops a job with a savepoint and returns where the savepoint is. A JobManager in reactive mode
   * ends with its job, and has ended then.
   *
   * @throws SandboxException if there is no savepoint, or the JobManager goes on
   */
  public String stopWithSavepoint(String jobId, boolean drain) {
    String savepoint = new FlinkRest(rest()).stopWithSavepoint(jobId, drain, START_LIMIT);
    if (spec.reactive().isPresent() && !processes.jobManager().awaitEnd(START_LIMIT)) {
      throw SandboxException.failure(
          "the job has stopped (savepoint %s), but its JobManager has not ended after %d s: './spillway down'"
              .formatted(savepoint, START_LIMIT.toSeconds()));
    }
    return savepoint;
  }

  /** Ends a TaskManager as {@code kill -9} does. */
  public void killTaskManager(int number) {
    ManagedProcess process = processes.taskManager(number);
    process.kill();
    process.awaitEnd(END_LIMIT);
  }

  /** Ends the JobManager as {@code kill -9} does; without high availability its jobs end too. */
  public void killJobManager() {
    processes.jobManager().kill();
    processes.jobManager().awaitEnd(END_LIMIT);
  }

  /** Starts the JobManager again; nothing happens if it runs. */
  public void startJobManager() {
    start(List.of(processes.jobManager()));
  }

  /** Starts a TaskManager that was killed; nothing happens if it runs. */
  public void startTaskManager(int number) {
    start(List.of(processes.taskManager(number)));
  }

  public void stopKafka() {
    processes.kafka().stop(END_LIMIT);
  }

  /** Starts the broker again, with the topics and records it had. */
  public void startKafka() {
    start(List.of(processes.kafka()));
  }

  /** Starts the load generator beside the cluster. */
  public LoadProcess load(Map<String, String> settings) {
    return load(settings, List.of());
  }

  /** The same with options for its JVM. */
  public LoadProcess load(Map<String, String> settings, List<String> jvmOptions) {
    requireAlive(List.of(processes.kafka()));
    return LoadProcess.start(
        spec.stateDir(), distribution, bootstrapServers(), settings, jvmOptions);
  }

  /** Starts the SQL gateway; nothing happens if it runs. */
  public void startSqlGateway(Progress progress) {
    requireAlive(List.of(processes.jobManager()));
    StateLock.holding(spec.stateDir(), progress, () -> sqlGateway.start(progress));
  }

  /** Starts Prometheus, and Alertmanager where it is installed; nothing happens if they run. */
  public void startMonitoring(Progress progress) {
    startMonitoring(UnaryOperator.identity(), progress);
  }

  /**
   * The same at another pace.
   *
   * @param pace makes other durations of those in the text of each file of configuration
   */
  public void startMonitoring(UnaryOperator<String> pace, Progress progress) {
    String path = System.getenv().getOrDefault("PATH", "");
    StateLock.holding(
        spec.stateDir(),
        progress,
        () -> monitoring.start(metricsEndpoints(), path, pace, progress));
  }

  /** Where Prometheus answers, if it was started. */
  public URI prometheus() {
    return monitoring.endpoint();
  }

  /** Stops Prometheus and Alertmanager, as far as they run. */
  public void stopMonitoring() {
    StateLock.holding(
        spec.stateDir(),
        Progress.SILENT,
        () -> monitoring.started().keySet().forEach(process -> process.stop(END_LIMIT)));
  }

  /** A file of definitions or a question in {@code sql/}. */
  public Path sqlFile(String name) {
    return distribution.sql().resolve(name);
  }

  /** The command line of a SQL client for the running gateway of this cluster. */
  public List<String> sqlClient(SqlReading reading, Optional<Path> script) {
    return new SqlSession(spec, distribution).clientCommand(reading, script);
  }

  private void start(List<ManagedProcess> wanted) {
    StateLock.holding(
        spec.stateDir(), Progress.SILENT, () -> startMissing(wanted, Progress.SILENT));
  }

  void startMissing(List<ManagedProcess> wanted, Progress progress) {
    startMissing(wanted, Optional.empty(), progress);
  }

  private void startMissing(List<ManagedProcess> wanted, Optional<String> from, Progress progress) {
    List<ManagedProcess> missing = wanted.stream().filter(process -> !process.isAlive()).toList();
    if (!missing.isEmpty()) {
      new ClusterStart(processes, kafka, flink, from).start(missing, progress);
    }
  }

  private void stopAll() {
    Map<ManagedProcess, List<Integer>> monitors = monitoring.started();
    boolean withSqlGateway = sqlGateway.process().state() != ManagedProcess.State.STOPPED;
    List<ManagedProcess> flinkAndLoads = new ArrayList<>(processes.loads());
    flinkAndLoads.add(sqlGateway.process());
    flinkAndLoads.addAll(monitors.keySet());
    flinkAndLoads.addAll(processes.taskManagers());
    flinkAndLoads.add(processes.jobManager());
    flinkAndLoads.forEach(ManagedProcess::terminate);
    flinkAndLoads.forEach(process -> process.stop(END_LIMIT));
    processes.kafka().stop(END_LIMIT);
    processes.ports().forEach((process, ports) -> awaitFree(process.name(), ports));
    monitors.forEach((process, ports) -> awaitFree(process.name(), ports));
    if (withSqlGateway) {
      awaitFree(SqlGateway.NAME, sqlGateway.ports());
    }
  }

  private void requireSame(ClusterSpec wanted) {
    if (!wanted.equals(spec)) {
      throw SandboxException.wrongUse(
          "another cluster is up in %s (%d TaskManagers, %d slots each, web UI %s): './spillway down' first"
              .formatted(spec.stateDir(), spec.taskManagers(), spec.slotsPerTaskManager(), rest()));
    }
  }

  private static void requireAlive(List<ManagedProcess> needed) {
    for (ManagedProcess process : needed) {
      switch (process.state()) {
        case RUNNING -> {}
        case DIED -> throw process.died();
        case STOPPED ->
            throw SandboxException.failure(
                "%s is not running: start it with './spillway up'".formatted(process.name()));
      }
    }
  }

  private static void awaitFree(String process, List<Integer> ports) {
    if (!Await.until(END_LIMIT, () -> ports.stream().noneMatch(PortOwner::isTaken))) {
      ClusterProcesses.requireFree(process, ports);
    }
  }

  private static URI http(int port) {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }
}
