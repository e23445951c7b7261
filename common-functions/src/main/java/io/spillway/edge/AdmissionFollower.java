package io.spillway.edge;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the jobs behind a topic can take, for a program that writes into it: backpressure
 * across Kafka. Knows nothing of Flink.
 *
 * <pre>{@code
 * try (AdmissionFollower follower = AdmissionFollower.start(options, Map.of("bootstrap.servers", ..))) {
 *   PacedProcessor<Event> bulk = follower.paced(Priority.BULK); // a Flow.Processor
 * }
 * }</pre>
 *
 * <p>Reads news only, from the end of the topic: there is some every five seconds. Fails open:
 * before the first news, and whenever there is none for {@code maxAge} (no job runs, it does not
 * publish, the topic or the broker cannot be reached), everything goes at full speed and admission
 * sheds as it would without a follower. A failure is logged once and tried again.
 *
 * <p>Two daemon threads: one reads, one wakes processors up. Thread safe.
 */
public final class AdmissionFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long RETRY_MILLIS = 2_000;
  private static final long CLOSE_MILLIS = 5_000;

  private final EdgeOptions options;
  private final SustainableRates rates;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "spillway-pace"));
  private final CountDownLatch ended = new CountDownLatch(1);
  private Thread reader;
  private volatile boolean closed;

  /** A follower that is handed reports by {@link #take} and reads nothing itself. */
  public AdmissionFollower(EdgeOptions options) {
    this.options = options;
    this.rates = new SustainableRates(options.inputTopic(), options.maxAge().toNanos());
  }

  /**
   * A follower that reads the topic.
   *
   * @param clients settings of Kafka clients, with {@code bootstrap.servers} among them
   */
  public static AdmissionFollower start(EdgeOptions options, Map<String, String> clients) {
    AdmissionFollower follower = new AdmissionFollower(options);
    Map<String, Object> settings = new HashMap<>(clients);
    settings.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    follower.reader = daemon(() -> follower.follow(settings), "spillway-admission-follower");
    follower.reader.start();
    return follower;
  }

  /** Takes in one report. */
  public void take(AdmissionReport report) {
    synchronized (rates) {
      rates.take(report, System.nanoTime());
    }
  }

  /** Events per second of this priority that this program should not exceed; infinite: any. */
  public double perSecond(Priority priority) {
    if (!options.slowed().contains(priority)) {
      return Double.POSITIVE_INFINITY;
    }
    synchronized (rates) {
      return options.share() * rates.perSecond(priority, System.nanoTime());
    }
  }

  /** A processor for one stream of events of this priority, which goes as fast as they may. */
  public <T> PacedProcessor<T> paced(Priority priority) {
    return new PacedProcessor<>(() -> perSecond(priority), timer);
  }

  /** Stops reading; processors do not go on. */
  @Override
  public void close() {
    closed = true;
    ended.countDown();
    timer.shutdownNow();
    if (reader == null) {
      return;
    }
    reader.interrupt();
    try {
      reader.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Map<String, Object> settings) {
    boolean reached = true;
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.assign(
            consumer.partitionsFor(options.admissionTopic()).stream()
                .map(AdmissionFollower::partition)
                .toList());
        consumer.seekToEnd(consumer.assignment());
        while (!closed) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            AdmissionReport.read(record.value()).ifPresent(this::take);
          }
          reached = true;
        }
      } catch (InterruptException e) {
        return;
      } catch (KafkaException e) {
        if (reached && !closed) {
          LOG.warn("{} cannot be read: full speed until it can", options.admissionTopic(), e);
          reached = false;
        }
        if (!paused()) {
          return;
        }
      }
    }
  }

  /** Waits a while before the next try; false if there is to be none. */
  private boolean paused() {
    try {
      return !ended.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
