package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.MeasuredTopics;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Payments on real processes: many times more commands than the job gets done, some of them twice,
 * and {@code kill -9} of a TaskManager while transactions are open. Everybody who reads committed
 * records sees each payment decided once, and accounts that are the sum of their decisions.
 */
@ExtendWith(SharedCluster.class)
class TransactionsITCase {
  private static final int VICTIM = 2;
  private static final int COMMANDS = 8_000;
  private static final String INPUT = "tx.commands";
  private static final String DECISIONS = "tx.decisions";
  private static final String ACCOUNTS = "tx.accounts";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  private record Balance(long minor, long version) {}

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void decidesEachPaymentOnceThoughItComesTwiceAndATaskManagerIsKilled(LocalCluster cluster) {
    Map<String, String> settings = settings();
    MeasuredTopics topics = MeasuredTopics.of(settings);
    topics.inputs().forEach(topic -> cluster.createTopic(topic, 2, Map.of()));
    for (String output : List.of(DECISIONS, "tx.receipts", "tx.ledger", "tx.dead-letters")) {
      cluster.createTopic(output, 1, STAMPED);
    }
    cluster.createTopic(ACCOUNTS, 1, Map.of("cleanup.policy", "compact"));
    Commands commands = new Commands(INPUT, COMMANDS, 17);
    commands.sendTo(cluster);

    Map<String, String> flink =
        Map.of("execution.checkpointing.interval", "1s", "execution.checkpointing.min-pause", "0s");
    String job = cluster.submit("transactions", settings, 2, Optional.empty(), flink);
    cluster.awaitRunning(job, IotRun.LIMIT);
    try (Judge judge = new Judge(cluster.bootstrapServers(), topics)) {
      await("decisions are committed", () -> decisions(cluster).size() > 300);
      cluster.killTaskManager(VICTIM);
      await(
          "there is an account of every command",
          () -> {
            judge.poll(POLL);
            return judge.accounts().produced() == commands.records().size()
                && judge.accounts().count(Fate.UNACCOUNTED) == 0;
          });
      assertThat(new FlinkRest(cluster.rest()).lastFailure(job)).as("the kill").isNotEmpty();
      // The sinks have started twice, and what each start asked the brokers with is closed again.
      assertThat(threads(cluster))
          .anyMatch(name -> name.startsWith("kafka-producer-network-thread"))
          .noneMatch(name -> name.startsWith("kafka-admin-client-thread"));
      cluster.stopWithSavepoint(job, false);

      assertThat(judge.accounts().count(Priority.CRITICAL, Fate.DELIVERED))
          .as("no payment was turned away")
          .isEqualTo(judge.accounts().produced(Priority.CRITICAL));
      assertThat(judge.accounts().count(Fate.DEFERRED)).as("it was an overload").isPositive();
      assertThat(judge.accounts().unknown()).isZero();
    }
    List<JsonNode> decisions = decisions(cluster);
    Map<String, Balance> recomputed = recomputed(decisions);
    assertThat(idsOf(decisions, "transaction.payment"))
        .containsExactlyInAnyOrderElementsOf(commands.payments());
    assertThat(idsOf(decisions, "transaction.refund")).doesNotHaveDuplicates();
    assertThat(decisions).filteredOn(d -> is(d, "outcome", "approved")).isNotEmpty();
    assertThat(accounts(cluster)).isEqualTo(recomputed);
  }

  /** Names of all threads of all TaskManagers. */
  private static List<String> threads(LocalCluster cluster) {
    FlinkRest rest = new FlinkRest(cluster.rest());
    return rest.taskManagers().keySet().stream()
        .map(id -> rest.get("/taskmanagers/" + id + "/thread-dump").path("threadInfos"))
        .flatMap(threads -> threads.findValuesAsText("threadName").stream())
        .toList();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group.id", "tx");
    settings.put("input.topic", INPUT);
    settings.put("input.mode", "per_priority");
    settings.put("decisions.topic", DECISIONS);
    settings.put("accounts.topic", ACCOUNTS);
    settings.put("receipts.topic", "tx.receipts");
    settings.put("ledger.topic", "tx.ledger");
    settings.put("dead-letters.topic", "tx.dead-letters");
    settings.put("policy.topic", "");
    settings.put("velocity.max-count", "0");
    settings.put("work.micros", "5000");
    return settings;
  }

  private static void await(String what, BooleanSupplier condition) {
    assertThat(Await.until(IotRun.LIMIT, condition)).as(what).isTrue();
  }

  private static List<JsonNode> decisions(LocalCluster cluster) {
    List<JsonNode> all = new ArrayList<>();
    TopicReader.readAll(
        cluster.bootstrapServers(), DECISIONS, IotRun.LIMIT, r -> all.add(json(r.value())));
    return all;
  }

  /** The read model, as a reader of the compacted topic has it: the last record of each key. */
  private static Map<String, Balance> accounts(LocalCluster cluster) {
    Map<String, Balance> accounts = new HashMap<>();
    TopicReader.readAll(
        cluster.bootstrapServers(),
        ACCOUNTS,
        IotRun.LIMIT,
        record -> {
          JsonNode account = json(record.value());
          accounts.put(
              account.get("account").textValue(),
              new Balance(
                  account.get("balanceMinor").longValue(), account.get("version").longValue()));
        });
    return accounts;
  }

  /** Balances as sums of decisions, of which every one has to fit the one before. */
  private static Map<String, Balance> recomputed(List<JsonNode> decisions) {
    Map<String, Balance> balances = new HashMap<>();
    for (JsonNode decision : decisions) {
      String account = decision.get("account").textValue();
      Balance before = balances.getOrDefault(account, new Balance(0, 0));
      boolean approved = is(decision, "outcome", "approved");
      Balance after =
          new Balance(
              Math.addExact(before.minor(), decision.get("changeMinor").longValue()),
              before.version() + (approved ? 1 : 0));
      assertThat(
              new Balance(
                  decision.get("balanceMinor").longValue(), decision.get("version").longValue()))
          .as("after %s", decision)
          .isEqualTo(after);
      if (approved) {
        balances.put(account, after);
      }
    }
    return balances;
  }

  private static List<String> idsOf(List<JsonNode> decisions, String type) {
    return decisions.stream()
        .filter(decision -> is(decision, "type", type))
        .map(decision -> decision.get("id").textValue())
        .toList();
  }

  private static boolean is(JsonNode node, String field, String value) {
    return value.equals(node.get(field).textValue());
  }

  private static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
