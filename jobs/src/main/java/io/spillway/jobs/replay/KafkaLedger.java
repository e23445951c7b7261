package io.spillway.jobs.replay;

import io.spillway.ledger.Claim;
import io.spillway.ledger.Claims;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.LedgerJson;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.flink.util.clock.Clock;
import org.apache.flink.util.clock.SystemClock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's topic, as a replay uses it. Claims are written and read outside of transactions,
 * because they count at once; what was deferred is read as far as it is committed, and up to where
 * the topic ended when the reading began: a transaction that is still open there is waited for.
 */
final class KafkaLedger implements DeferredEvents {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaLedger.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);
  private static final Duration OPEN_TRANSACTION_LIMIT = Duration.ofMinutes(3);

  /**
   * Where the ledger is and what of it matters.
   *
   * @param properties for Kafka's clients, with the brokers
   * @param ledgerTopic name of the ledger's topic
   * @param inputs topics whose deferred events are replayed; the ledger may know more
   * @param transactions what the transactions of replays of this job are named after
   */
  record Place(
      Map<String, String> properties,
      String ledgerTopic,
      Set<String> inputs,
      String transactions,
      String job,
      String run)
      implements Serializable {}

  private final Place place;
  private final Clock clock;
  private volatile KafkaProducer<byte[], byte[]> producer;
  private long claimedNanos;
  private volatile boolean isMine;

  KafkaLedger(Place place) {
    this.place = place;
    this.clock = SystemClock.getInstance();
  }

  @Override
  public void claim() throws Exception {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              with(Map.of(ProducerConfig.ACKS_CONFIG, "all")),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }
    write(false);
    if (!isMine) {
      Optional<Claim> before = claims().before(place.run(), clock.absoluteTimeMillis());
      if (before.isPresent()) {
        write(true);
        long age = clock.absoluteTimeMillis() - before.get().atMillis();
        throw AnotherReplay.isAtWork(place.job(), before.get().run(), Math.max(0, age));
      }
      isMine = true;
    }
  }

  private void write(boolean last) throws Exception {
    Claim claim = new Claim(place.run(), place.job(), clock.absoluteTimeMillis(), last);
    byte[] key = ("claim-" + place.job()).getBytes(StandardCharsets.UTF_8);
    producer
        .send(new ProducerRecord<>(place.ledgerTopic(), key, LedgerJson.write(claim)))
        .get(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    claimedNanos = clock.relativeTimeNanos();
  }

  private void renewClaim() throws Exception {
    long age = clock.relativeTimeNanos() - claimedNanos;
    if (age > ReplayEnumerator.HEARTBEAT.toNanos()) {
      write(false);
    }
  }

  /** The claims that can still be valid, in their order: those of the last minutes. */
  private Claims claims() {
    Claims claims = new Claims(place.job());
    long since = clock.absoluteTimeMillis() - 3 * Claim.VALID_MILLIS;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> times =
          partitions.stream().collect(Collectors.toMap(p -> p, p -> since));
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      for (Map.Entry<TopicPartition, OffsetAndTimestamp> start :
          consumer.offsetsForTimes(times).entrySet()) {
        long end = ends.get(start.getKey());
        consumer.seek(start.getKey(), start.getValue() == null ? end : start.getValue().offset());
      }
      while (!hasReached(consumer, ends)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          try {
            if (LedgerJson.readAny(record.value()) instanceof Claim claim) {
              claims.add(claim);
            }
          } catch (IOException e) {
            LOG.debug("{} is passed over: {}", place(record), e.getMessage());
          }
        }
      }
    }
    return claims;
  }

  @Override
  public Ledger open() throws Exception {
    fenceOffLeftovers();
    LastWord lastWord = lastWord();
    if (lastWord.unreadable() > 0) {
      LOG.warn(
          "{} records of {} cannot be read and are skipped, such as {}",
          lastWord.unreadable(),
          place.ledgerTopic(),
          lastWord.problems());
    }
    List<ReplaySplit> splits = splits(lastWord, place.inputs());
    LOG.info(
        "run {} of job {}: {} events are open, in {} splits",
        place.run(),
        place.job(),
        splits.stream().mapToLong(split -> split.offsets().getLongCardinality()).sum(),
        splits.size());
    return new Ledger(splits, lastWord.settledBy());
  }

  @Override
  public Set<String> settledBy() throws Exception {
    return lastWord().settledBy();
  }

  /**
   * What is open of these topics: the first split of each partition, then the second of each, and
   * so on, because a reader is fast where its splits are of different partitions.
   */
  static List<ReplaySplit> splits(LastWord lastWord, Set<String> inputs) {
    List<Queue<ReplaySplit>> partitions = new ArrayList<>();
    for (InputPartition input : lastWord.partitions()) {
      if (inputs.contains(input.topic())) {
        Queue<ReplaySplit> splits = new ArrayDeque<>();
        lastWord
            .open(input)
            .forEachRange(
                ReplaySplit.LONGEST,
                (from, to, offsets) ->
                    splits.add(
                        new ReplaySplit(
                            input.topic(), input.partition(), from, to, offsets, from)));
        partitions.add(splits);
      }
    }
    List<ReplaySplit> inTurns = new ArrayList<>();
    while (partitions.stream().anyMatch(splits -> !splits.isEmpty())) {
      partitions.stream()
          .filter(splits -> !splits.isEmpty())
          .map(Queue::remove)
          .forEach(inTurns::add);
    }
    return inTurns;
  }

  /**
   * A replay that was killed may have left a transaction open, which would hide what comes after it
   * until it times out. Whoever holds the claim is the only one left.
   */
  private void fenceOffLeftovers() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(with(Map.of()))) {
      List<String> leftovers =
          admin.listTransactions().all().get(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS).stream()
              .filter(listing -> listing.state() == TransactionState.ONGOING)
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(place.transactions()))
              .toList();
      if (!leftovers.isEmpty()) {
        LOG.info("aborting transactions that an earlier replay left open: {}", leftovers);
        admin.fenceProducers(leftovers).all().get(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("open transactions of earlier replays cannot be looked for; they time out", e);
    }
  }

  private LastWord lastWord() throws Exception {
    LastWord lastWord = new LastWord();
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<byte[], byte[]> all = consumer("read_uncommitted")) {
      ends = all.endOffsets(partitions(all));
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      long lastReadNanos = clock.relativeTimeNanos();
      while (!hasReached(consumer, ends)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          lastWord.add(record.value(), place(record));
          lastReadNanos = clock.relativeTimeNanos();
        }
        renewClaim();
        if (clock.relativeTimeNanos() - lastReadNanos > OPEN_TRANSACTION_LIMIT.toNanos()) {
          throw new IOException(
              "a transaction on %s has been open for %d s: start the job that writes it, or wait until it times out"
                  .formatted(place.ledgerTopic(), OPEN_TRANSACTION_LIMIT.toSeconds()));
        }
      }
    }
    return lastWord;
  }

  private static boolean hasReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(place.ledgerTopic()).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    return newConsumer(
        with(
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest")));
  }

  /** A consumer without a group that creates no topics. */
  static KafkaConsumer<byte[], byte[]> newConsumer(Map<String, Object> given) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304");
    properties.putAll(given);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> with(Map<String, String> own) {
    Map<String, Object> properties = new HashMap<>(own);
    properties.putAll(place.properties());
    return properties;
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  @Override
  public void close() {
    if (producer == null) {
      return;
    }
    try {
      if (isMine) {
        write(true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("the claim is not given back; it runs out after a minute", e);
    }
    producer.close(Duration.ofSeconds(2));
  }
}
