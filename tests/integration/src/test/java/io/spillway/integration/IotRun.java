package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The IoT job on the shared cluster, with topics and a consumer group that only this run uses, and
 * a judge that sees from outside what becomes of each event. Waits for conditions, within a limit
 * that a busy machine keeps too. Not thread safe.
 */
final class IotRun implements AutoCloseable {
  /** For anything that should happen at all. */
  static final Duration LIMIT = Duration.ofSeconds(150);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final List<String> OUTPUTS =
      List.of("alerts", "aggregates", "receipts", "ledger", "dead-letters");
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  private final LocalCluster cluster;
  private final FlinkRest rest;
  private final String name;
  private final Map<String, String> settings;
  private final Judge judge;
  private String jobId = "";
  private Map<String, String> flinkOptions = Map.of();
  private boolean running;
  private LoadProcess load;

  /** Creates the topics: those of the input with four partitions, those of the output with one. */
  private IotRun(LocalCluster cluster, String name, Map<String, String> given) {
    this.cluster = cluster;
    this.rest = new FlinkRest(cluster.rest());
    this.name = name;
    this.settings = new LinkedHashMap<>(given);
    settings.put("kafka.group.id", name);
    settings.put("input.topic", topic("events"));
    for (String output : OUTPUTS) {
      settings.put(output + ".topic", topic(output));
    }
    MeasuredTopics topics = MeasuredTopics.of(settings);
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      for (String output : OUTPUTS) {
        broker.create(topic(output), 1, STAMPED);
      }
      topics.inputs().forEach(input -> broker.create(input, 4, Map.of()));
    }
    this.judge = new Judge(cluster.bootstrapServers(), topics);
  }

  /**
   * A run whose topics begin with this name; {@link #start} starts it.
   *
   * @param settings of the job, beyond those that name topics
   */
  static IotRun named(String name, LocalCluster cluster, Map<String, String> settings) {
    return new IotRun(cluster, name, settings);
  }

  /** The topic of this run for events, alerts, aggregates, receipts, ledger or dead-letters. */
  String topic(String what) {
    return name + "." + what;
  }

  String jobId() {
    return jobId;
  }

  Judge judge() {
    return judge;
  }

  IotRun start(int parallelism) {
    return start(parallelism, Optional.empty());
  }

  IotRun startFrom(String savepoint, int parallelism) {
    return start(parallelism, Optional.of(savepoint));
  }

  /** Goes on where the last checkpoint was, after the run before has ended. */
  IotRun startFromLatest(int parallelism) {
    return start(parallelism, Optional.of(cluster.latestState("iot")));
  }

  /** Flink options for the job of this run alone. */
  IotRun with(Map<String, String> options) {
    flinkOptions = options;
    return this;
  }

  private IotRun start(int parallelism, Optional<String> savepoint) {
    jobId = cluster.submit("iot", settings, parallelism, savepoint, flinkOptions);
    running = true;
    awaitRunning();
    return this;
  }

  void awaitRunning() {
    cluster.awaitRunning(jobId, LIMIT);
  }

  String stopWithSavepoint() {
    String savepoint = cluster.stopWithSavepoint(jobId, false);
    running = false;
    return savepoint;
  }

  /** Ends the job with all that is in it: every open window comes out. */
  void drain() {
    cluster.stopWithSavepoint(jobId, true);
    running = false;
  }

  /** Settings of the job, with the topics of this run. */
  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Starts to send the events of this plan. */
  void load(LoadPlan plan) {
    Map<String, String> generator = new LinkedHashMap<>(plan.generator());
    generator.put("topic", settings.get("input.topic"));
    generator.put("topic.mode", settings.getOrDefault("input.mode", "mixed"));
    generator.put("profile", plan.profile());
    load = cluster.load(generator);
  }

  /** Reads on until this is so. */
  void await(String what, Predicate<Judge> condition) {
    boolean met =
        Await.until(
            LIMIT,
            () -> {
              judge.poll(POLL);
              return condition.test(judge);
            });
    assertThat(met).as("%s; so far %s", what, conservation()).isTrue();
  }

  /** Waits for the end of the load, then until there is an account of every event of the plan. */
  Conservation settle(LoadPlan plan) {
    load.await(LIMIT);
    await("all events of the load are in the input", j -> j.accounts().produced() == plan.events());
    await("there is an account of every event", j -> j.accounts().count(Fate.UNACCOUNTED) == 0);
    assertThat(judge.catchUp(LIMIT)).as("all outputs are read").isTrue();
    return conservation();
  }

  Conservation conservation() {
    return Conservation.of(judge.accounts());
  }

  /** Events that have a result by now. */
  long results() {
    judge.catchUp(LIMIT);
    return judge.accounts().count(Fate.DELIVERED);
  }

  /** Waits until more events than this have a result, or all of the plan have one. */
  void awaitMoreResultsThan(long before, LoadPlan plan) {
    await(
        "results come again",
        j ->
            j.accounts().count(Fate.DELIVERED) > before
                || j.accounts().produced() == plan.events()
                    && j.accounts().count(Fate.UNACCOUNTED) == 0);
  }

  /** Waits until this many checkpoints of the running job have been completed. */
  void awaitCheckpoints(int completed) {
    awaitCheckpoints("completed", completed);
  }

  /** Waits until this many checkpoints of the running job have failed. */
  void awaitFailedCheckpoints(int failed) {
    awaitCheckpoints("failed", failed);
  }

  private void awaitCheckpoints(String outcome, int number) {
    String path = "/jobs/" + jobId + "/checkpoints";
    await(
        number + " checkpoints " + outcome,
        j -> rest.get(path).path("counts").path(outcome).asInt() >= number);
  }

  /** Whether the job is up and has never failed since it was started. */
  boolean isUnharmed() {
    return rest.jobState(jobId).equals("RUNNING") && rest.lastFailure(jobId).isEmpty();
  }

  boolean hasFailedOnce() {
    return !rest.lastFailure(jobId).isEmpty();
  }

  /** Waits until the job has failed once since it was started. */
  void awaitFailure() {
    assertThat(Await.until(LIMIT, this::hasFailedOnce)).as("the job has failed").isTrue();
  }

  /** No CRITICAL event was turned away or lost, by offset and by sequence number. */
  void assertEveryCriticalEventCameOut() {
    long produced = judge.accounts().produced(Priority.CRITICAL);
    assertThat(produced).isPositive();
    assertThat(judge.accounts().count(Priority.CRITICAL, Fate.DELIVERED)).isEqualTo(produced);
    assertThat(judge.critical().missing(10)).isEmpty();
  }

  @Override
  public void close() {
    judge.close();
    if (load != null && load.isAlive()) {
      load.stop();
    }
    if (running) {
      cluster.cancel(jobId);
    }
  }
}
