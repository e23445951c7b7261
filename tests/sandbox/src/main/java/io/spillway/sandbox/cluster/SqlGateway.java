package io.spillway.sandbox.cluster;

import io.spillway.sandbox.cluster.gateway.PausedFetches;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Flink's SQL gateway as a process beside a cluster: it keeps the sessions of SQL clients and runs
 * each of their queries in itself. A query on the TaskManagers would share threads, heap and
 * network buffers with the jobs there, and one that reads the last minutes takes all it can get;
 * here it has its own, and processor time that nobody else wants ({@link SpareTime}); and a client
 * has to wait a little between two fetches ({@link PausedFetches}). Only {@code up} and {@code sql}
 * start it, as a demo has no use for its memory and its start.
 */
record SqlGateway(ClusterSpec spec, Distribution distribution, ManagedProcess process) {
  static final String NAME = "sql-gateway";

  private static final String MAIN = "org.apache.flink.table.gateway.SqlGateway";

  /**
   * Heap, and what a JVM with a planner and the network buffers of some queries needs beside it.
   */
  private static final int HEAP_MIB = 640;

  private static final long MIB = HEAP_MIB + 448;

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

  static SqlGateway of(ClusterSpec spec, Distribution distribution) {
    return new SqlGateway(spec, distribution, new ManagedProcess(NAME, spec.stateDir()));
  }

  URI endpoint() {
    return URI.create("http://" + Ports.HOST + ":" + port());
  }

  List<Integer> ports() {
    return List.of(port());
  }

  /** Starts it unless it runs, and waits until it answers. */
  void start(Progress progress) {
    if (process.isAlive()) {
      return;
    }
    Memory.require(MIB, Memory.availableMib());
    ClusterProcesses.requireFree(NAME, ports());
    try (Startup startup = new Startup()) {
      progress.say("starting " + NAME);
      Path conf = writeConfiguration();
      startup.start(process, command(), Map.of("FLINK_CONF_DIR", conf.toString()));
      awaitAnswer();
      startup.commit();
    }
    progress.say(NAME + " answers on " + endpoint().getAuthority());
  }

  /**
   * The configuration directory of the gateway, which is the client's as well: a client sends what
   * it finds there to its session.
   */
  static Path conf(ClusterSpec spec) {
    return spec.dir("conf").resolve(NAME);
  }

  /** Flink's configuration for this cluster, with {@code sql-gateway.yaml} laid over it. */
  private Path writeConfiguration() {
    Path conf = conf(spec);
    FlinkConfiguration own =
        FlinkConfiguration.read(distribution.flinkConf().resolve("sql-gateway.yaml"));
    try {
      FlinkProcesses.write(
          conf, new FlinkProcesses(spec, distribution).configuration().with(own), distribution);
      return conf;
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(conf, e.getMessage()), e);
    }
  }

  List<String> command() {
    FlinkProcesses flink = new FlinkProcesses(spec, distribution);
    List<String> words = new ArrayList<>(SpareTime.only());
    words.addAll(List.of(Distribution.java(), "-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"));
    words.addAll(FlinkProcesses.javaOptions(flink.configuration()));
    words.addAll(FlinkProcesses.logging(process.log(), flink.conf().resolve("log4j.properties")));
    words.addAll(List.of("-cp", distribution.flinkServerClassPath(), MAIN));
    String endpoint = "-Dsql-gateway.endpoint.rest.";
    words.addAll(List.of(endpoint + "address=" + Ports.HOST, endpoint + "port=" + port()));
    words.add(endpoint + "bind-address=" + Ports.HOST);
    words.add(endpoint + "bind-port=" + port());
    return words;
  }

  private int port() {
    return spec.ports().sqlGateway();
  }

  private void awaitAnswer() {
    HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();
    HttpRequest info =
        HttpRequest.newBuilder(endpoint().resolve("/v1/info")).timeout(ANSWER_LIMIT).build();
    boolean answered =
        Await.until(
            LIMIT,
            () -> {
              if (!process.isAlive()) {
                throw process.died();
              }
              return answers(http, info);
            });
    if (!answered) {
      throw SandboxException.failure(
          "%s not ready after %d s; the log: %s".formatted(NAME, LIMIT.toSeconds(), process.log()),
          process.lastLines());
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }
}
