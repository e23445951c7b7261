package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Processing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Kafka Streams: a source, a processor that does the work and a sink, one stream thread for each
 * worker. It has no priorities and no load shedding; what a user can add to it is an {@link
 * AgeLimit} in front of the work. Tuned for little delay: small polls, producer without linger
 * (Streams waits 100 ms by default).
 */
final class StreamsProgram implements Processing {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final KafkaStreams streams;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param stateDirectory where Streams would keep state, if this had any
   */
  StreamsProgram(
      AgeLimit age, ProgramTopics topics, int workers, int workMicros, String stateDirectory) {
    Topology topology = topology(age, topics, workMicros);
    streams = new KafkaStreams(topology, settings(topics, workers, stateDirectory));
    streams.setUncaughtExceptionHandler(
        error -> {
          failure.compareAndSet(null, error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    try {
      streams.start();
      if (!Await.until(START_LIMIT, () -> streams.state() == KafkaStreams.State.RUNNING)) {
        throw SandboxException.failure(
            "Kafka Streams is %s after %d s".formatted(streams.state(), START_LIMIT.toSeconds()));
      }
    } catch (RuntimeException e) {
      streams.close(STOP_LIMIT);
      throw e;
    }
  }

  static Topology topology(AgeLimit age, ProgramTopics topics, int workMicros) {
    // The worker is the thread; a thread has several tasks, each with a processor of its own.
    ThreadLocal<SimulatedWork> work = ThreadLocal.withInitial(() -> new SimulatedWork(workMicros));
    return new Topology()
        .addSource("events", topics.input())
        .addProcessor("work", () -> new Working(age, work), "events")
        .addSink("receipts", topics.receipts(), "work");
  }

  private static Properties settings(ProgramTopics topics, int workers, String stateDirectory) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        StreamsConfig.APPLICATION_ID_CONFIG,
        "bench-programs-" + Long.toString(System.currentTimeMillis(), 36));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, topics.bootstrapServers());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, workers);
    settings.put(StreamsConfig.POLL_MS_CONFIG, 10);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
    settings.put(
        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    settings.put(
        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    InputThread.TUNED.forEach(
        (key, value) -> settings.put(StreamsConfig.mainConsumerPrefix(key), value));
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  private static final class Working extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final AgeLimit age;
    private final ThreadLocal<SimulatedWork> work;

    private Working(AgeLimit age, ThreadLocal<SimulatedWork> work) {
      this.age = age;
      this.work = work;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      RecordMetadata place = context().recordMetadata().orElseThrow();
      Receipt event =
          Events.of(
              new ConsumerRecord<>(
                  place.topic(),
                  place.partition(),
                  place.offset(),
                  record.timestamp(),
                  TimestampType.CREATE_TIME,
                  ConsumerRecord.NULL_SIZE,
                  ConsumerRecord.NULL_SIZE,
                  record.key(),
                  record.value(),
                  record.headers(),
                  Optional.empty()));
      if (age.isTooOld(event.priority(), event.sentMillis(), System.currentTimeMillis())) {
        return;
      }
      try {
        work.get().perform();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped at work", e);
      }
      context().forward(record.withKey((byte[]) null).withValue(event.toJson()));
    }
  }

  @Override
  public String id() {
    return "kafka-streams";
  }

  @Override
  public void close() {
    streams.close(STOP_LIMIT);
    if (failure.get() != null) {
      throw SandboxException.failure("Kafka Streams failed: " + failure.get(), failure.get());
    }
  }
}
