package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.LaneMode;
import io.spillway.admission.Lanes;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.jobs.transactions.AccountState;
import io.spillway.jobs.transactions.CommandEvents;
import io.spillway.jobs.transactions.CommandType;
import io.spillway.jobs.transactions.Decision;
import io.spillway.jobs.transactions.Verdict;
import io.spillway.jobs.work.Receipt;
import io.spillway.ledger.LedgerEntry;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.PriorityRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job between its source and its sinks, on a cluster in this process, on bounded input. */
class TransactionFlowTest {
  private static final int PARALLELISM = 2;
  private static final int ROUNDS = 20;

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2 * PARALLELISM)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  private record Results(
      JobID job,
      List<Decision> decisions,
      List<AccountState> accounts,
      List<Receipt> receipts,
      List<DeadLetter> deadLetters,
      List<LedgerEntry> ledger) {}

  /** On two accounts: payments of 10 and refunds of 3 in turn, each of them twice, and the rest. */
  @ParameterizedTest
  @EnumSource
  void everyCommandIsDecidedOnceWhateverComesTwice(LaneMode lanes) throws Exception {
    List<RawEvent> events = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (CommandType type : CommandType.values()) {
        for (String account : List.of("a-1", "a-2")) {
          String id = type + "-" + account + "-" + round;
          String payload =
              CommandEvents.payload(type, account, type == CommandType.PAYMENT ? 10 : 3);
          events.add(CommandEvents.event(events.size(), id, type, 1_000, payload));
          events.add(CommandEvents.event(events.size(), id, type, 1_000, payload));
        }
      }
    }
    int good = events.size();
    events.add(CommandEvents.event(good, "bad", CommandType.PAYMENT, 1_000, "no json"));
    events.add(
        CommandEvents.event(good + 1, "none", CommandType.PAYMENT, 1_000, "{\"account\":\"a-1\"}"));

    Results results = run(events, lanes);

    assertThat(results.decisions()).hasSize(3 * 2 * ROUNDS);
    assertThat(results.decisions())
        .extracting(decision -> decision.scored().command().id())
        .doesNotHaveDuplicates();
    assertThat(results.decisions())
        .extracting(Decision::verdict)
        .containsOnly(Verdict.APPROVED, Verdict.ANSWERED);
    for (String account : List.of("a-1", "a-2")) {
      List<AccountState> states =
          results.accounts().stream().filter(state -> state.name().equals(account)).toList();
      assertThat(states).hasSize(2 * ROUNDS);
      AccountState last = states.get(states.size() - 1);
      assertThat(last.account().version()).isEqualTo(2 * ROUNDS);
      assertThat(last.account().balanceMinor()).isEqualTo(ROUNDS * (3 - 10));
    }
    assertThat(results.receipts())
        .extracting(Receipt::offset)
        .containsExactlyInAnyOrderElementsOf(
            events.subList(0, good).stream().map(RawEvent::offset).toList());
    assertThat(results.deadLetters())
        .extracting(letter -> letter.event().offset(), DeadLetter::reason)
        .containsExactlyInAnyOrder(
            tuple((long) good, DeadLetter.Reason.BAD_PAYLOAD),
            tuple((long) good + 1, DeadLetter.Reason.BAD_PAYLOAD));
    assertThat(results.ledger()).allSatisfy(entry -> assertThat(entry.rejected()).isEmpty());
    assertThat(counted(results.job(), SpillwayMetrics.DUPLICATES, Map.of())).isEqualTo(good / 2);
    assertThat(counted(results.job(), SpillwayMetrics.DECISIONS, Map.of("<verdict>", "approved")))
        .isEqualTo(2 * 2 * ROUNDS);
    assertThat(counted(results.job(), SpillwayMetrics.DECISIONS, Map.of("<verdict>", "counted")))
        .isEqualTo(2 * ROUNDS);
  }

  private static long counted(JobID job, String name, Map<String, String> labels) {
    return METRICS.getMetricsByGroup().entrySet().stream()
        .filter(
            group -> {
              Map<String, String> variables = group.getKey().getAllVariables();
              return job.toString().equals(variables.get("<job_id>"))
                  && variables.entrySet().containsAll(labels.entrySet());
            })
        .map(group -> group.getValue().get(name))
        .filter(Objects::nonNull)
        .mapToLong(metric -> ((Counter) metric).getCount())
        .sum();
  }

  private static Results run(List<RawEvent> events, LaneMode mode) throws Exception {
    Map<String, String> texts = new HashMap<>();
    texts.put("lanes", mode.name());
    texts.put("receipts.topic", "receipts");
    Settings settings = Settings.of(texts, TransactionOptions.OPTIONS);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(PARALLELISM);
    env.getConfig().enableObjectReuse();
    WatermarkStrategy<RawEvent> eventTime = EventTime.from(settings);
    Lanes lanes =
        Lanes.admit(
            AdmissionOptions.from(settings),
            EventLimits.from(settings),
            PriorityRules.parse(TransactionOptions.from(settings).flow().priorityRules()),
            lane ->
                env.fromData(TypeInformation.of(RawEvent.class), events.toArray(RawEvent[]::new))
                    .assignTimestampsAndWatermarks(eventTime));
    TransactionJob.Outputs outputs = TransactionJob.wire(lanes, settings, PARALLELISM);
    CloseableIterator<Decision> decisions = outputs.decisions().collectAsync();
    CloseableIterator<AccountState> accounts = outputs.accounts().collectAsync();
    CloseableIterator<Receipt> receipts = outputs.receipts().collectAsync();
    CloseableIterator<DeadLetter> letters = outputs.deadLetters().collectAsync();
    CloseableIterator<LedgerEntry> ledger = outputs.ledger().collectAsync();
    JobID job = env.executeAsync("flow of " + mode).getJobID();
    return new Results(
        job, all(decisions), all(accounts), all(receipts), all(letters), all(ledger));
  }

  private static <T> List<T> all(CloseableIterator<T> results) throws Exception {
    try (results) {
      List<T> list = new ArrayList<>();
      results.forEachRemaining(list::add);
      return list;
    }
  }
}
