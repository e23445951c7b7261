package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import io.spillway.risk.v1.Faults;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.MeasuredTopics;
import io.spillway.sandbox.measure.TopicReader;
import io.spillway.sandbox.risk.RiskServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Payments on real processes, five times as many commands as the job gets done, while the service
 * that is asked about their risk hangs, fails half of the time, loses its connections, is gone, and
 * comes back. Each payment is decided once, in time or not; decisions made without the service say
 * so. How long payments took meanwhile is reported.
 */
@ExtendWith(SharedCluster.class)
class RiskFaultsITCase {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAYMENT = "transaction.payment";
  private static final PaymentTopics TOPICS = new PaymentTopics("risky");

  /**
   * Two subtasks do 250 commands/s; a twentieth of what comes is payments. Longer than it takes.
   */
  private static final LoadPlan LOAD =
      LoadPlan.steady("overload", 5 * 250, Duration.ofMinutes(5))
          .with("events", "transactions")
          .with("topic.mode", "per_priority")
          .with("mix", "critical=5,high=15,normal=40,bulk=40")
          .with("sources", "10000")
          .with("duplicates.share", "0.02");

  /** A payment as it was decided, in the order in which decisions were committed. */
  private record Decided(String id, boolean degraded, String reason, long sentMillis) {}

  private final List<Decided> payments = new ArrayList<>();
  private Judge judge;
  private TopicReader decisions;

  @Test
  void decidesEachPaymentOnceWhateverTheRiskServiceDoes(LocalCluster cluster) throws Exception {
    RiskServer service = RiskServer.start(0);
    int port = service.port();
    Map<String, String> settings = settings(port);
    MeasuredTopics topics = TOPICS.create(cluster);
    String job = submit(cluster, settings);
    LoadProcess load = load(cluster);
    try {
      judge = new Judge(cluster.bootstrapServers(), topics);
      decisions =
          TopicReader.fromBeginning(cluster.bootstrapServers(), List.of(TOPICS.decisions()));
      await("payments are decided with the service", () -> latestAreNotDegraded(100));
      report("well, the job just started");

      service.misbehave(Faults.newBuilder().setHang(true).build());
      awaitAllDegraded(100, "breaker_open");
      report("hanging");

      service.misbehave(Faults.newBuilder().setErrorShare(0.5).build());
      awaitSomeNotDegraded(50);
      report("erroring at 50 %");

      service.misbehave(Faults.newBuilder().setDropEvery(20).build());
      awaitSomeNotDegraded(50);
      report("losing its connections");

      service.close();
      awaitAllDegraded(100, "error");
      report("gone");

      service = RiskServer.start(port);
      await("payments are decided with the service again", () -> latestAreNotDegraded(100));
      report("back");
      assertThat(ExportedMetrics.of("the transaction job")).isNotEmpty();
      assertThat(
              ExportedMetrics.missing(
                  ExportedMetrics.of("the transaction job"), ExportedMetrics.scrape(cluster), job))
          .isEmpty();
      load.stop();
      await(
          "there is an account of every command",
          () -> judge.isAtEnd() && judge.accounts().count(Fate.UNACCOUNTED) == 0);
      cluster.stopWithSavepoint(job, false);
      await("all is read", judge::isAtEnd);
      await("all decisions are read", () -> decisions.hasReached(decisions.ends()));
      assertEachPaymentIsDecidedOnce(cluster);
      assertThat(judge.accounts().unknown()).isZero();
      assertThat(judge.accounts().count(Priority.NORMAL, Fate.SHED))
          .as("it was an overload")
          .isPositive();
      Audited.ofJob("transactions", settings).assertConserved();
    } finally {
      service.close();
      load.stop();
      close();
    }
  }

  private static Map<String, String> settings(int port) {
    Map<String, String> settings = TOPICS.settings();
    settings.put("velocity.max-count", "0");
    settings.put("work.micros", "8000");
    settings.put("risk.address", "127.0.0.1:" + port);
    settings.put("enrichment.breaker.open-for", "1s");
    return settings;
  }

  private static String submit(LocalCluster cluster, Map<String, String> settings) {
    Map<String, String> flink =
        Map.of(
            "execution.checkpointing.interval", "500ms", "execution.checkpointing.min-pause", "0s");
    String job = cluster.submit("transactions", settings, 2, Optional.empty(), flink);
    cluster.awaitRunning(job, IotRun.LIMIT);
    return job;
  }

  private static LoadProcess load(LocalCluster cluster) {
    Map<String, String> generator = new LinkedHashMap<>(LOAD.generator());
    generator.put("topic", TOPICS.commands());
    generator.put("profile", LOAD.profile());
    return cluster.load(generator);
  }

  private void await(String what, BooleanSupplier condition) {
    boolean met =
        Await.until(
            IotRun.LIMIT,
            () -> {
              judge.poll(POLL);
              decisions.poll(POLL).forEach(this::read);
              return condition.getAsBoolean();
            });
    assertThat(met).as("%s; %d payments so far", what, payments.size()).isTrue();
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode decision = JSON.readTree(record.value());
      if (decision.path("type").asText().equals(PAYMENT)) {
        payments.add(
            new Decided(
                decision.path("source").asText() + " " + decision.path("id").asText(),
                decision.path("degraded").booleanValue(),
                decision.path("degradedReason").asText(),
                decision.path("sent").longValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean latestAreNotDegraded(int count) {
    return payments.size() >= count
        && payments.subList(payments.size() - count, payments.size()).stream()
            .noneMatch(Decided::degraded);
  }

  /**
   * From now on the service answers nothing, so each payment that is sent from now on and decided
   * before this returns has no answer of its own, and says why.
   *
   * @param reason one that is to be among theirs
   */
  private void awaitAllDegraded(int count, String reason) {
    long since = System.currentTimeMillis();
    await(
        count + " payments without the service, some of them for " + reason,
        () ->
            sentSince(since).size() >= count
                && sentSince(since).stream().anyMatch(one -> one.reason().equals(reason)));
    assertThat(sentSince(since))
        .allSatisfy(
            one -> {
              assertThat(one.degraded()).as("%s", one).isTrue();
              assertThat(one.reason()).as("%s", one).isNotEmpty();
            });
  }

  /** Some of those that are decided from now on have an answer of their own. */
  private void awaitSomeNotDegraded(int count) {
    int before = payments.size();
    await(
        count + " payments with the service, bad as it is",
        () -> payments.stream().skip(before).filter(one -> !one.degraded()).count() >= count);
  }

  private List<Decided> sentSince(long millis) {
    return payments.stream().filter(one -> one.sentMillis() >= millis).toList();
  }

  private void assertEachPaymentIsDecidedOnce(LocalCluster cluster) {
    Set<String> sent = new HashSet<>();
    TopicReader.readAll(
        cluster.bootstrapServers(),
        TOPICS.commands() + ".critical",
        IotRun.LIMIT,
        record ->
            sent.add(
                header(record, CloudEventHeaders.SOURCE)
                    + " "
                    + header(record, CloudEventHeaders.ID)));
    Set<String> decided = new HashSet<>();
    assertThat(payments).allMatch(one -> decided.add(one.id()), "is decided once");
    assertThat(decided).isEqualTo(sent);
    assertThat(judge.accounts().count(Priority.CRITICAL, Fate.DELIVERED))
        .as("no payment was turned away")
        .isEqualTo(judge.accounts().produced(Priority.CRITICAL));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** A line that {@code ./spillway test} shows; the next one begins. */
  private void report(String fault) {
    System.out.println(
        "recovery: risk service %s: p99 of payments %.0f ms"
            .formatted(fault, judge.latencies().percentile(Priority.CRITICAL, 99)));
    judge.latencies().clear();
  }

  private void close() {
    if (decisions != null) {
      decisions.close();
    }
    if (judge != null) {
      judge.close();
    }
  }
}
