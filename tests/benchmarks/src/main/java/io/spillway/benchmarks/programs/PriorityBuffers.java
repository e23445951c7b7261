package io.spillway.benchmarks.programs;

import com.typesafe.config.ConfigFactory;
import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;

/**
 * Pekko Streams: a buffer for each priority that drops its oldest event when it is full ({@code
 * OverflowStrategy.dropHead}), merged by priority ({@code mergePrioritizedN}), in front of workers
 * ({@code mapAsyncUnordered}). The merge draws among the buffers that have something, in proportion
 * to weights; with weights this far apart the lower ones get what the higher ones leave. The buffer
 * of CRITICAL is so long that it never drops; the others are short, because an event that waited
 * long is late anyway. Thread safe.
 */
final class PriorityBuffers implements AutoCloseable {
  private static final Map<Priority, Integer> WEIGHTS =
      Map.of(
          Priority.CRITICAL, 1_000_000,
          Priority.HIGH, 10_000,
          Priority.NORMAL, 100,
          Priority.BULK, 1);

  private static final int CRITICAL_BUFFER = 10_000;
  private static final int STOP_SECONDS = 10;

  private final ActorSystem system;
  private final Map<Priority, SourceQueueWithComplete<Receipt>> queues =
      new EnumMap<>(Priority.class);

  /**
   * @param buffer events that may wait, for each priority but CRITICAL
   * @param workers how much work is under way at a time
   */
  PriorityBuffers(
      int buffer,
      int workers,
      Function<Receipt, CompletionStage<Receipt>> work,
      Consumer<Receipt> done) {
    system =
        ActorSystem.create(
            "program",
            ConfigFactory.parseString(
                    "pekko { loglevel = WARNING, jvm-shutdown-hooks = off, log-dead-letters = off,"
                        // Else sixteen wait behind each buffer that nothing drops.
                        + " stream.materializer { initial-input-buffer-size = 1,"
                        + " max-input-buffer-size = 1 } }")
                .withFallback(ConfigFactory.load()));
    List<Pair<Source<Receipt, ?>, Integer>> sources = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      int size = priority == Priority.CRITICAL ? CRITICAL_BUFFER : buffer;
      Pair<SourceQueueWithComplete<Receipt>, Source<Receipt, NotUsed>> queue =
          Source.<Receipt>queue(size, OverflowStrategy.dropHead()).preMaterialize(system);
      queues.put(priority, queue.first());
      sources.add(Pair.create(queue.second(), WEIGHTS.get(priority)));
    }
    Source.mergePrioritizedN(sources, false)
        .mapAsyncUnordered(workers, work::apply)
        .runWith(Sink.foreach(done::accept), system);
  }

  /** Takes an event in; done when it is in its buffer. */
  CompletableFuture<QueueOfferResult> offer(Receipt event) {
    return queues.get(event.priority()).offer(event).toCompletableFuture();
  }

  /** Returns when nothing is told as done any more. */
  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Pekko does not stop", e);
    }
  }
}
