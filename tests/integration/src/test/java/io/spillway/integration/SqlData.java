package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.admission.Outcome;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.MeasuredTopics;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.roaringbitmap.RoaringBitmap;

/**
 * A run of the IoT job into overload on the topics it has by default, which are those of the tables
 * in {@code sql/}, and all of their records as plain Java reads them. The job goes on running.
 *
 * <p>Views name these topics, so they cannot be others: they are deleted first, whoever wrote to
 * them, and again in the end.
 */
final class SqlData implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long MAX_AHEAD_MILLIS = 60_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INPUT = "iot.events";
  private static final String LEDGER = "spillway.ledger";
  private static final String DEAD_LETTERS = "spillway.dead-letters";

  /** Four times what the job can do, between two calm times. */
  private static final LoadPlan LOAD =
      new LoadPlan(
          List.of(
              new Stage("calm", 300, Duration.ofSeconds(4)),
              new Stage("overload", 4_000, Duration.ofSeconds(5)),
              new Stage("recovery", 300, Duration.ofSeconds(1))),
          Map.of("malformed.share", "0.01", "sources", "100"));

  /** Two events of a topic that there is not, deferred one second after the epoch. */
  private static final LedgerEntry WAITING =
      new LedgerEntry(
          "waiting.events",
          0,
          10,
          19,
          "all",
          new long[] {0, 0, 0, 10},
          new long[][] {
            {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 2}, {0, 0, 0, 0}, {0, 0, 0, 0}
          },
          Map.of(Outcome.DEFERRED, RoaringBitmap.bitmapOf(3, 9)),
          new Terms(0, new double[] {1, 1, 1, 0.8}, 1_000));

  private final LocalCluster cluster;
  private final String jobId;
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
  private long rejectedByTheJudge;

  private final FlinkRest rest;
  private final Collection<String> topics;

  private SqlData(LocalCluster cluster, String jobId, Collection<String> topics) {
    this.cluster = cluster;
    this.jobId = jobId;
    this.rest = new FlinkRest(cluster.rest());
    this.topics = topics;
  }

  /** An event of the input; times in milliseconds, {@code ceMillis} null where unreadable. */
  record Event(
      int partition,
      long offset,
      String source,
      String priority,
      long timeMillis,
      Long ceMillis,
      long arrived) {
    /** More than five seconds between its own time and its arrival, in whole seconds. */
    boolean isOff() {
      return Math.abs((arrived - ceMillis) / 1000) > 5;
    }
  }

  /** A JSON record and the broker's time of it. */
  record Json(JsonNode value, long writtenMillis) {}

  record Entry(LedgerEntry entry, long writtenMillis) {}

  record Letter(String reason, String source) {}

  /**
   * Runs the job until there is an account of every event, in the ledger too.
   *
   * @param topics all that a question may read
   */
  static SqlData produce(LocalCluster cluster, Collection<String> topics) {
    delete(cluster, topics);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group.id", "sql-it");
    settings.put("receipts.topic", MeasuredTopics.RECEIPTS);
    settings.put("work.micros", "2000");
    settings.put("window.size", "2s");
    settings.put("admission.overload.bulk", "defer");
    cluster.createTopics(JobName.IOT, settings);
    String jobId = cluster.submit("iot", settings, 2, Optional.empty());
    SqlData data = new SqlData(cluster, jobId, topics);
    try {
      cluster.awaitRunning(jobId, IotRun.LIMIT);
      data.overload(settings);
      data.replay(settings);
      data.writeByHand();
      for (String topic :
          List.of("iot.alerts", "iot.aggregates", "iot.corrections", LEDGER, DEAD_LETTERS)) {
        data.read(topic);
      }
    } catch (RuntimeException | Error failure) {
      // Its slots are needed by the classes that follow.
      data.close();
      throw failure;
    }
    return data;
  }

  private static void delete(LocalCluster cluster, Collection<String> topics) {
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      topics.forEach(broker::delete);
    }
  }

  private void overload(Map<String, String> settings) {
    try (Judge judge = new Judge(cluster.bootstrapServers(), MeasuredTopics.of(settings))) {
      Map<String, String> generator = new LinkedHashMap<>(LOAD.generator());
      generator.put("topic", INPUT);
      generator.put("profile", LOAD.profile());
      LoadProcess load = cluster.load(generator);
      load.await(IotRun.LIMIT);
      boolean accounted =
          Await.until(
              IotRun.LIMIT,
              () -> {
                judge.poll(POLL);
                return judge.isAtEnd()
                    && judge.accounts().produced() == LOAD.events()
                    && judge.accounts().count(Fate.UNACCOUNTED) == 0;
              });
      assertThat(accounted)
          .as(
              "there is an account of each of %d events; so far %s; %s",
              LOAD.events(), Conservation.of(judge.accounts()), job())
          .isTrue();
      for (Priority priority : Priority.values()) {
        rejectedByTheJudge += judge.accounts().rejected(priority);
      }
    }
    boolean complete = Await.until(IotRun.LIMIT, () -> notInLedger().isEmpty());
    assertThat(complete)
        .as(
            "every event is in the ledger or was unreadable; missing, by partition: %s; %s",
            notInLedger(), job())
        .isTrue();
  }

  /** How the job is, for a message. */
  private String job() {
    return "the job is %s, its last failure '%s'"
        .formatted(rest.jobState(jobId), rest.lastFailure(jobId));
  }

  /** Puts what was deferred into the windows, beside the job that goes on. */
  private void replay(Map<String, String> live) {
    Map<String, String> settings = new LinkedHashMap<>(live);
    settings.put("kafka.group.id", "sql-it-replay");
    settings.put("work.micros", "0");
    String replay = cluster.submit("replay", settings, 1, Optional.empty());
    Await.until(IotRun.LIMIT, () -> rest.hasEnded(replay));
    assertThat(rest.jobState(replay))
        .as("the replay ends; its last failure '%s'; %s", rest.lastFailure(replay), job())
        .isEqualTo("FINISHED");
  }

  /**
   * What no job here writes: deferred events of a topic that nobody replays, and policies of jobs
   * that do not run, one of them taken back.
   */
  private void writeByHand() {
    cluster.createTopic("spillway.policy", 1, Map.of("cleanup.policy", "compact"));
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      producer.send(record(LEDGER, "waiting-0", LedgerJson.write(WAITING)));
      producer.send(record("spillway.policy", "sql-a", utf8("{\"version\":1,\"settings\":{}}")));
      producer.send(record("spillway.policy", "sql-b", utf8("{\"version\":3,\"settings\":{}}")));
      producer.send(
          record(
              "spillway.policy",
              "sql-a",
              utf8("{\"version\":2,\"settings\":{\"admission.floor.high\":\"0.2\"}}")));
      producer.send(record("spillway.policy", "sql-b", null));
      writeVideo(producer);
      writeTransactions(producer);
    }
  }

  /** Decisions about two accounts that add up, and about one whose state is an old one. */
  private void writeTransactions(HandProducer<byte[]> producer) {
    cluster.createTopic("transactions.decisions", 1, Map.of());
    cluster.createTopic("transactions.accounts", 1, Map.of("cleanup.policy", "compact"));
    decide(producer, "a-1", "approved", "", -250, -250, 1);
    decide(producer, "a-1", "declined", "insufficient_funds", 0, -250, 1);
    decide(producer, "a-2", "declined", "insufficient_funds", 0, 0, 0);
    decide(producer, "a-2", "approved", "", -100, -100, 1);
    decide(producer, "a-2", "review", "risk_unknown", 0, -100, 1);
    decide(producer, "a-3", "approved", "", -10, -10, 1);
    decide(producer, "a-3", "approved", "", -10, -20, 2);
    state(producer, "a-1", -250, 1);
    state(producer, "a-2", -100, 1);
    state(producer, "a-3", -10, 1);
  }

  private static void decide(
      HandProducer<byte[]> producer,
      String account,
      String outcome,
      String reason,
      long change,
      long balance,
      long version) {
    producer.send(
        record(
            "transactions.decisions",
            account,
            utf8(
                ("{\"id\":\"p\",\"type\":\"transaction.payment\",\"account\":\"%s\",\"outcome\":\"%s\","
                        + "\"reason\":\"%s\",\"degraded\":%s,\"changeMinor\":%d,"
                        + "\"balanceMinor\":%d,\"accountCurrency\":\"EUR\",\"version\":%d}")
                    .formatted(
                        account,
                        outcome,
                        reason,
                        outcome.equals("review"),
                        change,
                        balance,
                        version))));
  }

  private static void state(
      HandProducer<byte[]> producer, String account, long balance, long version) {
    producer.send(
        record(
            "transactions.accounts",
            account,
            utf8(
                "{\"account\":\"%s\",\"balanceMinor\":%d,\"currency\":\"EUR\",\"version\":%d}"
                    .formatted(account, balance, version))));
  }

  /** Results of two networks, of which one was corrected, and failed starts. */
  private void writeVideo(HandProducer<byte[]> producer) {
    cluster.createTopic("video.qoe", 1, Map.of());
    cluster.createTopic("video.alerts", 1, Map.of());
    producer.send(record("video.qoe", "c-1|i-1", qoe("c-1", "rebuffer-ratio", 0.25)));
    producer.send(record("video.qoe", "c-2|i-1", qoe("c-2", "rebuffer-ratio", 0.5)));
    producer.send(record("video.qoe", "c-1|i-1", qoe("c-1", "rebuffer-ratio", 0.75)));
    producer.send(record("video.qoe", "c-3|i-1", qoe("c-3", "startup-millis", 900)));
    for (String cdn : List.of("c-1", "c-2", "c-1")) {
      String failure = "{\"id\":\"f\",\"viewer\":\"u-1\",\"cdn\":\"%s\",\"isp\":\"i-1\"}";
      producer.send(record("video.alerts", "player-1", utf8(failure.formatted(cdn))));
    }
  }

  private static byte[] qoe(String cdn, String measure, double mean) {
    return utf8(
        ("{\"cdn\":\"%s\",\"isp\":\"i-1\",\"measure\":\"%s\",\"start\":\"2026-01-01T00:00:00Z\","
                + "\"end\":\"2026-01-01T00:00:10Z\",\"kept\":40,\"count\":80.0,\"coverage\":0.5,"
                + "\"mean\":%s,\"meanLow\":0.1,\"meanHigh\":0.9,\"reliable\":true}")
            .formatted(cdn, measure, mean));
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
    return new ProducerRecord<>(topic, utf8(key), value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  long rejectedByTheJudge() {
    return rejectedByTheJudge;
  }

  List<Event> events() {
    return records.get(INPUT).stream().map(SqlData::event).toList();
  }

  List<Json> alerts() {
    return jsons("iot.alerts");
  }

  /** The last result of each window of each site and metric. */
  Collection<JsonNode> latestAggregates() {
    Map<String, JsonNode> latest = new TreeMap<>();
    jsons("iot.aggregates").forEach(result -> latest.put(window(result.value()), result.value()));
    return latest.values();
  }

  /** What a window that was corrected is now, and the coverage it had. */
  record Corrected(JsonNode first, WindowEstimate now) {}

  /** Every window with a first result and a correction, by site, metric and start. */
  Map<String, Corrected> correctedWindows() {
    Map<String, WindowSample> samples = new TreeMap<>();
    jsons("iot.corrections").forEach(c -> samples.put(window(c.value()), sample(c.value())));
    Map<String, Corrected> corrected = new TreeMap<>();
    for (JsonNode first : latestAggregates()) {
      WindowSample more = samples.get(window(first));
      if (more != null) {
        corrected.put(
            window(first),
            new Corrected(first, WindowEstimate.of(0, 1, sample(first).mergedWith(more))));
      }
    }
    return corrected;
  }

  static String window(JsonNode result) {
    return "%s|%s|%s"
        .formatted(
            SqlTable.time(result.path("start").textValue()),
            result.path("site").textValue(),
            result.path("metric").textValue());
  }

  private static WindowSample sample(JsonNode result) {
    try {
      return WindowSample.ofText(result.path("sample").textValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Entry> ledger() {
    List<Entry> entries = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records.get(LEDGER)) {
      try {
        if (LedgerJson.readAny(record.value()) instanceof LedgerEntry entry) {
          entries.add(new Entry(entry, record.timestamp()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return entries;
  }

  /** The ledger as a replay reads it. */
  LastWord lastWord() {
    LastWord lastWord = new LastWord();
    for (ConsumerRecord<byte[], byte[]> record : records.get(LEDGER)) {
      lastWord.add(record.value(), LEDGER + "@" + record.offset());
    }
    return lastWord;
  }

  List<Letter> deadLetters() {
    return records.get(DEAD_LETTERS).stream()
        .map(
            r ->
                new Letter(
                    header(r, DeadLetterRecordSerializer.REASON),
                    header(r, CloudEventHeaders.SOURCE)))
        .toList();
  }

  @Override
  public void close() {
    cluster.cancel(jobId);
    delete(cluster, topics);
  }

  /** Whether the ledger may describe an event twice. */
  boolean jobHasFailed() {
    return !rest.lastFailure(jobId).isEmpty();
  }

  /**
   * Offsets by partition that are neither in the ledger nor were unreadable before admission; what
   * a job that failed describes again counts once.
   */
  private Map<Integer, String> notInLedger() {
    for (String topic : List.of(INPUT, LEDGER, DEAD_LETTERS)) {
      read(topic);
    }
    Map<Integer, OffsetSet> missing = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> event : records.get(INPUT)) {
      missing.computeIfAbsent(event.partition(), p -> new OffsetSet()).add(event.offset());
    }
    LastWord ledger = lastWord();
    missing.forEach(
        (partition, offsets) ->
            offsets.removeAll(ledger.described(new LastWord.InputPartition(INPUT, partition))));
    for (ConsumerRecord<byte[], byte[]> letter : records.get(DEAD_LETTERS)) {
      if (header(letter, DeadLetterRecordSerializer.REASON).equals("bad_payload")) {
        continue;
      }
      int partition = Integer.parseInt(header(letter, DeadLetterRecordSerializer.PARTITION));
      long offset = Long.parseLong(header(letter, DeadLetterRecordSerializer.OFFSET));
      missing.getOrDefault(partition, new OffsetSet()).removeRange(offset, offset);
    }
    Map<Integer, String> left = new TreeMap<>();
    missing.forEach(
        (partition, offsets) -> {
          if (!offsets.isEmpty()) {
            left.put(partition, "%d from %d".formatted(offsets.size(), offsets.first()));
          }
        });
    return left;
  }

  /** All records of a topic there are now. */
  private void read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (TopicReader reader =
        TopicReader.fromBeginning(cluster.bootstrapServers(), List.of(topic))) {
      Map<TopicPartition, Long> ends = reader.ends();
      while (!reader.hasReached(ends)) {
        reader.poll(POLL).forEach(all::add);
      }
    }
    records.put(topic, all);
  }

  private List<Json> jsons(String topic) {
    List<Json> jsons = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records.get(topic)) {
      try {
        jsons.add(new Json(JSON.readTree(record.value()), record.timestamp()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return jsons;
  }

  private static Event event(ConsumerRecord<byte[], byte[]> record) {
    Long ce = ceMillis(header(record, CloudEventHeaders.TIME));
    long arrived = record.timestamp();
    boolean believed = ce != null && ce <= arrived + MAX_AHEAD_MILLIS;
    return new Event(
        record.partition(),
        record.offset(),
        header(record, CloudEventHeaders.SOURCE),
        header(record, CloudEventHeaders.PRIORITY),
        believed ? ce : arrived,
        ce,
        arrived);
  }

  private static Long ceMillis(String text) {
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header last = record.headers().lastHeader(name);
    return last == null ? "" : new String(last.value(), StandardCharsets.UTF_8);
  }
}
