package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Flink's SQL gateway as a process beside a cluster: it keeps the sessions of SQL clients and makes
 * a job of each of their queries. Only {@code up} and {@code sql} start it, as a demo or a
 * benchmark has no use for its memory and its start.
 */
record SqlGateway(ClusterSpec spec, Distribution distribution, ManagedProcess process) {
  static final String NAME = "sql-gateway";

  private static final String MAIN = "org.apache.flink.table.gateway.SqlGateway";

  /** Heap, and what a JVM with a planner in it needs beside it. */
  private static final int HEAP_MIB = 384;

  private static final long MIB = HEAP_MIB + 320;
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
      startup.start(
          process,
          command(),
          Map.of("FLINK_CONF_DIR", new FlinkProcesses(spec, distribution).conf().toString()));
      awaitAnswer();
      startup.commit();
    }
    progress.say(NAME + " answers on " + endpoint().getAuthority());
  }

  List<String> command() {
    FlinkProcesses flink = new FlinkProcesses(spec, distribution);
    List<String> words = new ArrayList<>();
    words.addAll(List.of(Distribution.java(), "-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"));
    words.addAll(FlinkProcesses.javaOptions(flink.configuration()));
    words.addAll(FlinkProcesses.logging(process.log(), flink.conf().resolve("log4j.properties")));
    words.addAll(List.of("-cp", distribution.flinkClassPath(), MAIN));
    String endpoint = "-Dsql-gateway.endpoint.rest.";
    words.addAll(List.of(endpoint + "address=" + Ports.HOST, endpoint + "port=" + port()));
    words.add(endpoint + "bind-address=" + Ports.HOST);
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
