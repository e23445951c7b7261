package io.spillway.sandbox.produce;

import com.typesafe.config.ConfigFactory;
import io.spillway.edge.AdmissionFollower;
import io.spillway.edge.PacedProcessor;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A producer as a user would write one, with Pekko Streams: a stream for each priority, and in each
 * the library's {@code Flow.Processor}, which makes the source wait when the pipeline behind Kafka
 * cannot take more. Nothing else in it knows of admission. Without a follower it is the same
 * producer, and heedless.
 *
 * <p>Here the source makes readings at the rate of the plan, and those that it does not make while
 * it waits are held back: a real one would take them from a file, a device or a queue later, or
 * tell who sends them.
 *
 * <p>Blocks its caller; {@link #sent} may be asked from any thread.
 */
public final class ExampleProducer implements AutoCloseable {
  private static final Duration ROOM = Duration.ofSeconds(30);

  private final Producer<byte[], byte[]> kafka;
  private final ActorSystem system;
  private final String run = Long.toString(System.currentTimeMillis(), 36);
  private final Map<Priority, AtomicLong> sent = new EnumMap<>(Priority.class);

  public ExampleProducer(String bootstrapServers) {
    this(
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  ExampleProducer(Producer<byte[], byte[]> kafka) {
    this.kafka = kafka;
    system =
        ActorSystem.create(
            "producer",
            ConfigFactory.parseString(
                    "pekko { loglevel = WARNING, jvm-shutdown-hooks = off, log-dead-letters = off }")
                .withFallback(ConfigFactory.load()));
    for (Priority priority : Priority.values()) {
      sent.put(priority, new AtomicLong());
    }
  }

  /**
   * Sends what the plan says, as far as it may.
   *
   * @param follower null to heed nobody
   */
  public void send(ProducerPlan plan, AdmissionFollower follower) {
    List<CompletableFuture<Done>> streams = new ArrayList<>();
    Readings readings = new Readings(plan.topic(), run);
    plan.perSecond()
        .forEach(
            (priority, rate) ->
                streams.add(
                    Source.repeat(priority)
                        .throttle(rate, Duration.ofSeconds(1))
                        .via(pace(priority, follower))
                        .takeWithin(plan.length())
                        .runWith(Sink.foreach(one -> send(readings, one)), system)
                        .toCompletableFuture()));
    try {
      CompletableFuture.allOf(streams.toArray(CompletableFuture[]::new))
          .get(plan.length().plus(ROOM).toMillis(), TimeUnit.MILLISECONDS);
      kafka.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw SandboxException.failure("the producer cannot send: " + e.getMessage(), e);
    }
  }

  /** Events of this priority sent so far. */
  public long sent(Priority priority) {
    return sent.get(priority).get();
  }

  @Override
  public void close() {
    system.terminate();
    kafka.close(ROOM);
  }

  private static Flow<Priority, Priority, NotUsed> pace(
      Priority priority, AdmissionFollower follower) {
    if (follower == null) {
      return Flow.create();
    }
    PacedProcessor<Priority> paced = follower.paced(priority);
    return Flow.fromSinkAndSourceCoupled(
        JavaFlowSupport.Sink.fromSubscriber(paced), JavaFlowSupport.Source.fromPublisher(paced));
  }

  private void send(Readings readings, Priority priority) {
    long number = sent.get(priority).getAndIncrement();
    kafka.send(readings.record(priority, number, System.currentTimeMillis()));
  }
}
