package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Starts processes of a cluster, all of those that are missing or none: checks memory and ports
 * first, writes the configuration, starts broker and Flink side by side and waits for both. In
 * reactive mode one after the other: the job comes with the JobManager and wants its topics.
 *
 * @param from savepoint or checkpoint that the job of reactive mode goes on from
 */
record ClusterStart(
    ClusterProcesses processes, KafkaProcess kafka, FlinkProcesses flink, Optional<String> from) {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  void start(List<ManagedProcess> missing, Progress progress) {
    ClusterSpec spec = processes.spec();
    Memory.require(neededMib(missing), Memory.availableMib());
    missing.forEach(p -> ClusterProcesses.requireFree(p.name(), processes.ports().get(p)));
    boolean startsKafka = missing.contains(processes.kafka());
    boolean startsFlink = missing.size() > (startsKafka ? 1 : 0);
    Map<String, String> registeredBefore = registered();
    try (Startup startup = new Startup()) {
      flink.prepare();
      kafka.prepare();
      spec.save();
      progress.say("starting " + String.join(", ", missing.stream().map(p -> p.name()).toList()));
      boolean sideBySide = spec.reactive().isEmpty();
      CompletableFuture<Void> flinkStarted =
          startsFlink && sideBySide
              ? CompletableFuture.runAsync(() -> startFlink(startup, missing))
              : CompletableFuture.completedFuture(null);
      if (startsKafka) {
        startKafka(startup);
      }
      join(flinkStarted);
      if (startsKafka) {
        awaitKafka();
        progress.say("kafka answers on " + kafka.bootstrapServers());
      }
      if (startsFlink && !sideBySide) {
        createTopics();
        startFlink(startup, missing);
      }
      if (startsFlink) {
        awaitFlink(missing, registeredBefore);
        progress.say(
            "flink has %d TaskManagers with %d slots each; web UI http://%s:%d"
                .formatted(
                    spec.taskManagers(),
                    spec.slotsPerTaskManager(),
                    Ports.HOST,
                    spec.ports().rest()));
      }
      startup.commit();
    } catch (IOException e) {
      throw SandboxException.failure(
          "%s cannot be written: %s".formatted(spec.stateDir(), e.getMessage()), e);
    }
  }

  private long neededMib(List<ManagedProcess> missing) {
    int taskManagers = (int) missing.stream().filter(processes.taskManagers()::contains).count();
    long forKafka = missing.contains(processes.kafka()) ? KafkaProcess.MIB : 0;
    return forKafka + flink.mib(missing.contains(processes.jobManager()), taskManagers);
  }

  private void startKafka(Startup startup) {
    if (!kafka.isFormatted()) {
      ToolRun format = ToolRun.of(kafka.formatCommand(), Map.of());
      if (format.exitCode() != 0) {
        throw SandboxException.failure(
            "the storage of Kafka cannot be formatted: " + format.cause());
      }
    }
    startup.start(processes.kafka(), kafka.runCommand(), Map.of());
  }

  private void startFlink(Startup startup, List<ManagedProcess> missing) {
    ManagedProcess jobManager = processes.jobManager();
    if (missing.contains(jobManager)) {
      startup.start(
          jobManager,
          flink.jobManagerCommand(
              flink.jobManagerResources(), jobManager.log(), kafka.bootstrapServers(), from),
          Map.of());
    }
    if (missing.stream().anyMatch(processes.taskManagers()::contains)) {
      FlinkProcesses.Resources resources = flink.taskManagerResources();
      for (int number = 1; number <= processes.taskManagers().size(); number++) {
        ManagedProcess process = processes.taskManager(number);
        if (missing.contains(process)) {
          startup.start(
              process, flink.taskManagerCommand(number, resources, process.log()), Map.of());
        }
      }
    }
  }

  private void createTopics() {
    try (Topics topics = new Topics(kafka.bootstrapServers())) {
      processes
          .spec()
          .reactive()
          .ifPresent(
              reactive ->
                  reactive.job().topicsToCreate(reactive.settings()).forEach(topics::create));
    }
  }

  private void awaitKafka() {
    try (Topics topics = new Topics(kafka.bootstrapServers())) {
      await("Kafka on " + kafka.bootstrapServers(), List.of(processes.kafka()), topics::answers);
    }
  }

  /** Waits until every TaskManager started here is registered, with its new address. */
  private void awaitFlink(List<ManagedProcess> missing, Map<String, String> registeredBefore) {
    FlinkRest rest = rest();
    List<ManagedProcess> needed =
        Stream.concat(missing.stream(), Stream.of(processes.jobManager())).distinct().toList();
    await("Flink's web UI", needed, rest::answers);
    await(
        "the TaskManagers",
        needed,
        () -> {
          Map<String, String> registered = rest.taskManagers();
          return missing.stream()
              .filter(processes.taskManagers()::contains)
              .map(ManagedProcess::name)
              .allMatch(
                  name ->
                      registered.containsKey(name)
                          && !registered.get(name).equals(registeredBefore.get(name)));
        });
  }

  private Map<String, String> registered() {
    return processes.jobManager().isAlive() && rest().answers() ? rest().taskManagers() : Map.of();
  }

  private FlinkRest rest() {
    return new FlinkRest(
        URI.create("http://" + Ports.HOST + ":" + processes.spec().ports().rest()));
  }

  private static void await(String what, List<ManagedProcess> needed, BooleanSupplier condition) {
    boolean fulfilled =
        Await.until(
            LIMIT,
            () -> {
              requireAlive(needed);
              try {
                return condition.getAsBoolean();
              } catch (SandboxException noAnswer) {
                // What does not answer any more may just have ended.
                requireAlive(needed);
                return false;
              }
            });
    if (!fulfilled) {
      throw SandboxException.failure(
          "%s not ready after %d s; the log: %s"
              .formatted(what, LIMIT.toSeconds(), needed.get(0).log()),
          needed.get(0).lastLines());
    }
  }

  private static void requireAlive(List<ManagedProcess> needed) {
    for (ManagedProcess process : needed) {
      if (!process.isAlive()) {
        throw died(process);
      }
    }
  }

  /** A JobManager that brings its job along ends with what the job says about its settings. */
  private static SandboxException died(ManagedProcess process) {
    return Submission.badSetting(process.lines())
        .map(SandboxException::wrongUse)
        .orElseGet(process::died);
  }

  private static void join(CompletableFuture<Void> started) {
    try {
      started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof SandboxException known ? known : e;
    }
  }
}
