package io.spillway.integration;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.admission.Outcome;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Settlement;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SqlReading;
import io.spillway.sandbox.cluster.SqlScript;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files in {@code sql/}, run by Flink's client on the gateway of the real cluster over the
 * topics of a running job: what each question answers is what plain Java makes of the same records.
 *
 * <p>A query that never ends blocks its reader where no interrupt reaches it, hence the limits.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqlITCase {
  private static final SqlReading EVERYTHING = SqlReading.of(false, "all");
  private static final Path SQL = Path.of("..", "..", "sql").toAbsolutePath().normalize();
  private static final List<String> DEFINITIONS =
      List.of("tables.sql", "views.sql", "functions.sql");

  private static final Pattern TABLE =
      Pattern.compile("CREATE TABLE (\\w+) \\((?s:.*?)'topic' = '([^']+)'");

  /** One question of each kind of plan: a stream of it costs as long as the batch. */
  private static final Set<String> STREAMED =
      Set.of(
          "do_the_balances_add_up",
          "does_everything_add_up",
          "how_true_are_the_windows_after_replay",
          "is_critical_on_time",
          "what_is_still_deferred",
          "which_policy_is_in_force",
          "who_fell_silent",
          "who_sends_most");

  /** Clients at work at the same time: a query mostly loads classes, or waits for the broker. */
  private static final int CLIENTS = 2;

  /** What a question shows at most. */
  private static final int MOST_ROWS = 200;

  @TempDir private static Path scripts;

  private LocalCluster cluster;
  private SqlData data;
  private final Map<String, SqlTable> answers = new ConcurrentHashMap<>();
  private final Map<String, SqlTable> streamed = new ConcurrentHashMap<>();
  private Run wrongStatement;
  private Run missingTopic;

  @BeforeAll
  @Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void runTheJobAndAskEveryQuestion(LocalCluster shared) throws Exception {
    cluster = shared;
    Map<String, String> tables = topicsByTable();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      Future<?> gateway = clients.submit(() -> cluster.startSqlGateway(Progress.SILENT));
      data = SqlData.produce(cluster, Set.copyOf(tables.values()));
      gateway.get();
      List<Future<?>> sessions = new ArrayList<>();
      for (List<Question> part : dealt(everyQuestion())) {
        sessions.add(
            clients.submit(
                () -> {
                  ask(part, tables.keySet());
                  return null;
                }));
      }
      Future<Run> wrong = clients.submit(() -> run("SELECT priorty FROM alerts;"));
      Future<Run> missing =
          clients.submit(
              () -> run("ALTER TABLE alerts SET ('topic' = 'no.such');\nSELECT * FROM alerts;"));
      for (Future<?> session : sessions) {
        session.get();
      }
      wrongStatement = wrong.get();
      missingTopic = missing.get();
    } finally {
      clients.shutdownNow();
    }
  }

  @AfterAll
  void stop() {
    if (data != null) {
      data.close();
    }
  }

  @Test
  void everyFileIsAQuestionWithAHeader() throws IOException {
    assertThat(questions()).hasSizeGreaterThanOrEqualTo(10);
    for (Path question : questions()) {
      List<String> lines = Files.readAllLines(question);
      assertThat(lines.get(0)).as("%s", question).matches("-- .*\\?");
      assertThat(lines.get(1)).as("%s", question).startsWith("-- Window: ");
      assertThat(lines.get(2)).as("%s", question).startsWith("-- Out: ");
    }
  }

  @Test
  void offeredLoadIsWhatIsInTheTopic() {
    assertThat(answers.get("how_much_is_offered").rows("window_start", "priority", "events"))
        .isEqualTo(counted(data.events(), e -> window(e.timeMillis(), 10) + "|" + e.priority()));
  }

  @Test
  void eachPartitionHasItsEvents() {
    assertThat(answers.get("which_partition_is_hot").rows("window_start", "partition", "events"))
        .isEqualTo(counted(data.events(), e -> window(e.timeMillis(), 10) + "|" + e.partition()));
  }

  @Test
  void theNoisiestSourceComesFirst() {
    Map<String, Map<String, Long>> bySource =
        data.events().stream()
            .collect(
                groupingBy(
                    e -> window(e.timeMillis(), 10),
                    groupingBy(SqlData.Event::source, counting())));
    SqlTable first = answers.get("who_sends_most").where("place", "1");
    assertThat(first.rows("window_start", "source", "events"))
        .isEqualTo(
            bySource.entrySet().stream()
                .map(
                    window -> {
                      var most =
                          window.getValue().entrySet().stream()
                              .min(
                                  Map.Entry.<String, Long>comparingByValue()
                                      .reversed()
                                      .thenComparing(Map.Entry.comparingByKey()))
                              .orElseThrow();
                      return window.getKey() + "|" + most.getKey() + "|" + most.getValue();
                    })
                .collect(toSet()));
  }

  @Test
  void whatIsTurnedAwayIsWhatTheLedgerSays() {
    Map<String, long[]> sums = new TreeMap<>();
    for (SqlData.Entry entry : data.ledger()) {
      LedgerEntry ledger = entry.entry();
      for (Priority priority : Priority.values()) {
        String key = window(entry.writtenMillis(), 30) + "|" + priority.wireName();
        long[] sum = sums.computeIfAbsent(key, k -> new long[4]);
        sum[0] += ledger.seen()[priority.ordinal()];
        sum[2] += ledger.rejectedCounts()[Outcome.SHED.ordinal()][priority.ordinal()];
        sum[3] += ledger.rejectedCounts()[Outcome.LANE_FULL.ordinal()][priority.ordinal()];
        for (long[] counts : ledger.rejectedCounts()) {
          sum[1] += counts[priority.ordinal()];
        }
      }
    }
    Set<String> expected = new HashSet<>();
    sums.forEach(
        (key, sum) ->
            expected.add("%s|%d|%d|%d|%d".formatted(key, sum[0], sum[0] - sum[1], sum[2], sum[3])));
    assertThat(
            answers
                .get("what_is_turned_away")
                .rows("window_start", "priority", "seen", "admitted", "shed", "lane_full"))
        .isEqualTo(expected);
    assertThat(sums.values()).as("something was turned away").anyMatch(sum -> sum[1] > 0);
  }

  @Test
  void everythingAddsUpAsTheJudgeSaysToo() {
    SqlTable accounts = answers.get("does_everything_add_up");
    assertThat(accounts.sum("in_topic")).isEqualTo(data.events().size());
    assertThat(accounts.sum("in_topic") - accounts.sum("seen") - accounts.sum("unreadable"))
        .isEqualTo(accounts.sum("not_yet_in_ledger"));
    if (data.jobHasFailed()) {
      // Then ranges are described twice, and the view, as its comment says, counts them twice.
      assertThat(accounts.sum("not_yet_in_ledger")).isNotPositive();
    } else {
      assertThat(accounts.column("not_yet_in_ledger")).containsOnly("0");
      assertThat(accounts.sum("not_admitted")).isEqualTo(data.rejectedByTheJudge());
    }
  }

  @Test
  void latencyOfAlertsIsThatOfTheirRecords() {
    Map<String, List<SqlData.Json>> windows =
        data.alerts().stream().collect(groupingBy(a -> window(a.writtenMillis(), 10)));
    Set<String> expected = new HashSet<>();
    windows.forEach(
        (window, alerts) -> {
          long[] millis =
              alerts.stream()
                  .mapToLong(a -> a.writtenMillis() - a.value().path("sent").longValue())
                  .sorted()
                  .toArray();
          expected.add(
              "%s|%d|%s|%s|%d"
                  .formatted(
                      window,
                      millis.length,
                      Math.round(percentile(millis, 0.5)),
                      Math.round(percentile(millis, 0.99)),
                      millis[millis.length - 1]));
        });
    assertThat(
            answers
                .get("is_critical_on_time")
                .rows("window_start", "alerts", "p50_ms", "p99_ms", "max_ms"))
        .isEqualTo(expected);
  }

  @Test
  void truthOfWindowsIsThatOfTheirLatestResults() {
    Collection<JsonNode> latest = data.latestAggregates();
    Set<String> expected = new HashSet<>();
    latest.stream()
        .collect(groupingBy(result -> SqlTable.time(result.path("start").textValue())))
        .forEach(
            (window, results) ->
                expected.add(
                    "%s|%d|%d"
                        .formatted(
                            window,
                            results.size(),
                            results.stream()
                                .filter(r -> r.path("coverage").doubleValue() == 1)
                                .count())));
    assertThat(answers.get("how_true_are_the_windows").rows("window_start", "results", "exact"))
        .isEqualTo(expected);
    Set<String> doubtful =
        latest.stream()
            .filter(r -> r.path("coverage").doubleValue() < 0.5 || !r.path("reliable").asBoolean())
            .map(
                r ->
                    SqlTable.time(r.path("start").textValue())
                        + "|"
                        + r.path("site").textValue()
                        + "|"
                        + r.path("metric").textValue())
            .collect(toSet());
    assertThat(answers.get("which_windows_not_to_trust").rows("window_start", "site", "metric"))
        .hasSize(Math.min(MOST_ROWS, doubtful.size()))
        .isSubsetOf(doubtful);
  }

  @Test
  void whatIsStillDeferredIsWhatAReplayWouldFind() {
    LastWord ledger = data.lastWord();
    Set<String> expected = new HashSet<>();
    for (LastWord.InputPartition partition : ledger.partitions()) {
      expected.add(
          "%s|%d|%d|%d|%d|%d|0"
              .formatted(
                  partition.topic(),
                  partition.partition(),
                  ledger.rejected(partition, Outcome.DEFERRED).size(),
                  ledger.settled(partition, Settlement.Kind.REPLAYED).size(),
                  ledger.settled(partition, Settlement.Kind.GONE).size(),
                  ledger.open(partition).size()));
    }
    SqlTable table = answers.get("what_is_still_deferred");
    assertThat(
            table.rows(
                "topic", "partition", "deferred", "replayed", "gone", "still_open", "unreadable"))
        .isEqualTo(expected);
    assertThat(table.sum("replayed")).as("something was replayed").isPositive();
    assertThat(table.where("topic", "waiting.events").rows("still_open", "open_since"))
        .containsExactly("2|1970-01-01 00:00:01.000");
  }

  @Test
  void windowsAfterTheReplayAreFirstResultsAndCorrectionsMerged() {
    Map<String, SqlData.Corrected> corrected = data.correctedWindows();
    Set<String> changed =
        corrected.entrySet().stream()
            .map(
                window -> {
                  JsonNode first = window.getValue().first();
                  WindowEstimate now = window.getValue().now();
                  return "%s|%d|%s|%s|%s"
                      .formatted(
                          window.getKey(),
                          now.kept() - first.path("kept").longValue(),
                          decimal(first.path("coverage").doubleValue(), 3),
                          decimal(now.coverage(), 3),
                          decimal(now.mean().value(), 2));
                })
            .collect(toSet());
    assertThat(changed).isNotEmpty();
    assertThat(
            answers
                .get("what_did_the_replay_change")
                .rows(
                    "window_start",
                    "site",
                    "metric",
                    "replayed",
                    "coverage_before",
                    "coverage",
                    "mean"))
        .hasSize(Math.min(MOST_ROWS, changed.size()))
        .isSubsetOf(changed);

    Map<String, long[]> windows = new TreeMap<>();
    for (JsonNode first : data.latestAggregates()) {
      long[] counts =
          windows.computeIfAbsent(
              SqlTable.time(first.path("start").textValue()), start -> new long[4]);
      SqlData.Corrected now = corrected.get(SqlData.window(first));
      double before = first.path("coverage").doubleValue();
      counts[0]++;
      counts[1] += now == null ? 0 : 1;
      counts[2] += (now == null ? before : now.now().coverage()) == 1 ? 1 : 0;
      counts[3] += before == 1 ? 1 : 0;
    }
    Set<String> expected = new HashSet<>();
    windows.forEach(
        (start, n) -> expected.add("%s|%d|%d|%d|%d".formatted(start, n[0], n[1], n[2], n[3])));
    assertThat(
            answers
                .get("how_true_are_the_windows_after_replay")
                .rows("window_start", "results", "corrected", "exact", "exact_before"))
        .isEqualTo(expected);
    assertThat(windows.values()).as("some are whole now").anyMatch(n -> n[2] > n[3]);
  }

  @Test
  void thePolicyInForceIsTheNewestThatWasNotTakenBack() {
    assertThat(answers.get("which_policy_is_in_force").rows("job", "version", "settings"))
        .contains("sql-a|2|{\"admission.floor.high\":\"0.2\"}")
        .noneMatch(row -> row.startsWith("sql-b|"));
  }

  @Test
  void deadLettersAreCountedByReasonAndSource() {
    assertThat(answers.get("what_is_unreadable").sumBy("reason", "letters"))
        .isEqualTo(data.deadLetters().stream().collect(groupingBy(d -> d.reason(), counting())));
    assertThat(answers.get("who_sends_what_cannot_be_read").rows("source"))
        .isSubsetOf(data.deadLetters().stream().map(d -> d.source()).collect(toSet()));
  }

  @Test
  void alertsAreCountedBySite() {
    assertThat(answers.get("where_does_it_burn").sumBy("site", "alerts"))
        .isEqualTo(
            data.alerts().stream()
                .collect(groupingBy(a -> a.value().path("site").textValue(), counting())));
  }

  @Test
  void theNetworkWhereVideosStandStillMostComesFirstByItsLatestResults() {
    SqlTable worst = answers.get("which_cdn_is_worst");
    assertThat(worst.column("cdn")).containsExactly("c-1", "c-2");
    assertThat(worst.rows("cdn", "seen", "sessions", "stood_still", "low", "high"))
        .containsExactlyInAnyOrder(
            "c-1|40|80.0|75.00|10.00|90.00", "c-2|40|80.0|50.00|10.00|90.00");
    assertThat(answers.get("where_do_videos_not_start").sumBy("cdn", "failed"))
        .isEqualTo(Map.of("c-1", 2L, "c-2", 1L));
  }

  @Test
  void declinedPaymentsAreThoseOfTheDecisionsAndAnOldBalanceIsFound() {
    assertThat(
            answers
                .get("why_are_payments_declined")
                .rows("outcome", "reason", "decisions", "accounts", "degraded"))
        .containsExactlyInAnyOrder(
            "approved||4|3|0", "declined|insufficient_funds|2|2|0", "review|risk_unknown|1|1|1");
    assertThat(
            answers
                .get("do_the_balances_add_up")
                .rows("currency", "accounts", "balance_minor", "decided_minor", "wrong"))
        .containsExactly("EUR|3|-360|-370|1");
  }

  @Test
  void clocksThatAreOffAreThoseOfTheSpoiltEvents() {
    assertThat(answers.get("whose_clock_is_wrong").rows("source"))
        .isEqualTo(
            data.events().stream()
                .filter(e -> e.ceMillis() == null || e.isOff())
                .map(SqlData.Event::source)
                .collect(toSet()));
  }

  @Test
  void aGeneratorThatLosesNothingHasNoGaps() {
    assertThat(answers.get("did_events_get_lost_before_us").rows("source")).isEmpty();
  }

  @Test
  void sourcesFallSilentWhereTheNextWindowHasOthersOnly() {
    Map<String, Set<String>> heard =
        data.events().stream()
            .collect(
                groupingBy(
                    e -> window(e.timeMillis(), 30),
                    java.util.stream.Collectors.mapping(SqlData.Event::source, toSet())));
    Set<String> expected = new HashSet<>();
    for (SqlData.Event event : data.events()) {
      Set<String> next = heard.get(window(event.timeMillis() + 30_000, 30));
      if (next != null && !next.contains(event.source())) {
        expected.add(window(event.timeMillis(), 30) + "|" + event.source());
      }
    }
    assertThat(answers.get("who_fell_silent").rows("last_heard", "source")).isEqualTo(expected);
  }

  @Test
  void aQuotaHitsThoseAboveIt() {
    Map<String, long[]> bySourceAndWindow = new TreeMap<>();
    Map<String, double[]> buckets = new java.util.HashMap<>();
    data.events().stream()
        .sorted(java.util.Comparator.comparingLong(SqlData.Event::offset))
        .forEach(
            e -> {
              double[] bucket =
                  buckets.computeIfAbsent(e.source(), s -> new double[] {20, e.timeMillis()});
              double now = Math.max(bucket[1], e.timeMillis());
              bucket[0] = Math.min(20, bucket[0] + 5 * (now - bucket[1]) / 1000);
              bucket[1] = now;
              long[] counts =
                  bySourceAndWindow.computeIfAbsent(
                      window(e.timeMillis(), 10) + "|" + e.source(), k -> new long[2]);
              counts[0]++;
              if (bucket[0] >= 1) {
                bucket[0]--;
              } else {
                counts[1]++;
              }
            });
    Set<String> expected = new HashSet<>();
    bySourceAndWindow.forEach(
        (key, counts) -> {
          if (counts[1] > 0) {
            expected.add(key + "|" + counts[0] + "|" + counts[1]);
          }
        });
    assertThat(expected).isNotEmpty();
    assertThat(
            answers
                .get("who_would_a_quota_hit")
                .rows("window_start", "source", "events", "turned_away"))
        .isEqualTo(expected);
  }

  @Test
  void aFewEventsSayAboutAsMuchAsAll() {
    SqlTable few = answers.get("what_do_a_few_events_say");
    assertThat(few.sum("kept")).isLessThan(data.events().size() / 2);
    assertThat((double) few.sum("events"))
        .isBetween(0.5 * data.events().size(), 2.0 * data.events().size());
  }

  @Test
  void aStreamOfTheSameRecordsComesToTheSameRows() {
    assertThat(streamed).containsOnlyKeys(STREAMED);
    streamed.forEach(
        (question, answer) ->
            assertThat(answer.latest().rows())
                .as(question)
                .containsExactlyInAnyOrderElementsOf(answers.get(question).latest().rows()));
  }

  @Test
  void aWrongStatementIsTheClientsErrorAndNoSuccess() {
    assertThat(wrongStatement.succeeded()).isFalse();
    assertThat(wrongStatement.errors()).anyMatch(line -> line.contains("priorty"));
  }

  @Test
  void aMissingTopicIsTheClientsErrorAndNoSuccess() {
    assertThat(missingTopic.succeeded()).isFalse();
    assertThat(missingTopic.errors())
        .anyMatch(line -> line.contains("no.such") || line.contains("topic"));
  }

  private record Question(Path file, boolean streamed) {
    String name() {
      return nameOf(file);
    }
  }

  private record Run(boolean succeeded, List<String> results, List<String> errors) {}

  private Run run(String statements) throws IOException {
    Path file = Files.writeString(Files.createTempFile(scripts, "q", ".sql"), statements + "\n");
    List<String> results = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    SqlScript.Running client = new SqlScript(file, EVERYTHING).start(cluster);
    try {
      return new Run(client.follow(results::add, errors::add), results, errors);
    } finally {
      client.end();
    }
  }

  private static List<Question> everyQuestion() throws IOException {
    List<Question> all = new ArrayList<>();
    for (Path file : questions()) {
      all.add(new Question(file, false));
      if (STREAMED.contains(nameOf(file))) {
        all.add(new Question(file, true));
      }
    }
    return all;
  }

  /** As many hands as there are clients. */
  private static List<List<Question>> dealt(List<Question> questions) {
    List<List<Question>> hands = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      hands.add(new ArrayList<>());
    }
    for (int i = 0; i < questions.size(); i++) {
      hands.get(i % CLIENTS).add(questions.get(i));
    }
    return hands;
  }

  /**
   * All in one session, which is faster than one each; the answers come in the same order. A
   * session does not wait for larger answers of the broker, as people's do: most of a short query
   * would be that.
   */
  private void ask(List<Question> questions, Set<String> tables) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String table : tables) {
      all.append("ALTER TABLE %s SET ('properties.fetch.max.wait.ms' = '10');\n".formatted(table));
    }
    for (Question question : questions) {
      String mode = question.streamed() ? "streaming" : "batch";
      all.append("SET 'execution.runtime-mode' = '%s';\n".formatted(mode));
      all.append(Files.readString(question.file()));
    }
    Run run = run(all.toString());
    List<String> names = questions.stream().map(Question::toString).toList();
    assertThat(run.succeeded())
        .as("the client succeeds; it says %s, asked %s", run.errors(), names)
        .isTrue();
    assertThat(run.errors()).as("errors of the client that was asked %s", names).isEmpty();
    Map<String, SqlTable> tablesByName = SqlTable.parse(names, run.results());
    for (Question question : questions) {
      (question.streamed() ? streamed : answers)
          .put(question.name(), tablesByName.get(question.toString()));
    }
  }

  /** The tables that questions read. */
  private static Map<String, String> topicsByTable() throws IOException {
    Map<String, String> topics = new TreeMap<>();
    TABLE
        .matcher(Files.readString(SQL.resolve("tables.sql")))
        .results()
        .forEach(table -> topics.put(table.group(1), table.group(2)));
    assertThat(topics).containsEntry("events", "iot.events").hasSizeGreaterThan(10);
    return topics;
  }

  private static String nameOf(Path question) {
    return question.getFileName().toString().replace(".sql", "");
  }

  private static List<Path> questions() throws IOException {
    try (Stream<Path> files = Files.list(SQL)) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .filter(file -> !DEFINITIONS.contains(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  private static String window(long millis, int seconds) {
    return SqlTable.time(millis - Math.floorMod(millis, seconds * 1000L));
  }

  private static <T> Set<String> counted(
      Collection<T> all, java.util.function.Function<T, String> by) {
    return all.stream().collect(groupingBy(by, counting())).entrySet().stream()
        .map(count -> count.getKey() + "|" + count.getValue())
        .collect(toSet());
  }

  /** As SQL casts to DECIMAL. */
  private static String decimal(double value, int places) {
    return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP).toPlainString();
  }

  /** Between the two values around the rank, in proportion. */
  private static double percentile(long[] sorted, double share) {
    double rank = share * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }
}
