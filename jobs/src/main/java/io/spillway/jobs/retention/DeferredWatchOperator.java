package io.spillway.jobs.retention;

import io.spillway.ledger.LedgerEntry;
import io.spillway.metrics.SpillwayMetrics;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.clock.Clock;
import org.apache.flink.util.clock.SystemClock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches the deferred events of a job while it runs. In the tasks it lets ledger entries through,
 * at most one a second and partition; what it is for happens beside the JobManager, once for the
 * job and outside of its data flow: its coordinator has a {@link DeferredWatch}. No state, no
 * events between the two.
 */
public final class DeferredWatchOperator extends AbstractStreamOperator<LedgerEntry>
    implements OneInputStreamOperator<LedgerEntry, LedgerEntry> {
  public static final String UID = "deferred-watch-v1";
  public static final String NAME = "watch deferred events";

  private static final long serialVersionUID = 1L;

  private DeferredWatchOperator(StreamOperatorParameters<LedgerEntry> parameters) {
    super(parameters);
  }

  /**
   * What to watch.
   *
   * @param clients properties for Kafka's clients, with the brokers
   * @param ledgerTopic name of the ledger's topic
   * @param inputs topics of the job; the ledger may know more
   * @param interval between two measurements; zero for none
   */
  public record Watched(
      Map<String, String> clients, String ledgerTopic, Set<String> inputs, Duration interval)
      implements Serializable {
    private Consumer<byte[], byte[]> consumer() {
      Map<String, Object> properties = new HashMap<>();
      properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
      properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
      properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
      properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
      properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
      properties.putAll(clients);
      ByteArrayDeserializer bytes = new ByteArrayDeserializer();
      return new KafkaConsumer<>(properties, bytes, bytes);
    }

    private KafkaBacklog backlog() {
      Clock clock = SystemClock.getInstance();
      return new KafkaBacklog(
          ledgerTopic, inputs, consumer(), consumer(), new KafkaRetentions(clients, clock), clock);
    }
  }

  /** Attaches the watch on the way to the ledger. */
  public static DataStream<LedgerEntry> attach(DataStream<LedgerEntry> ledger, Watched watched) {
    return ledger
        .transform(NAME, TypeInformation.of(LedgerEntry.class), new Factory(watched))
        .uid(UID)
        .setParallelism(ledger.getParallelism());
  }

  @Override
  public void processElement(StreamRecord<LedgerEntry> entry) {
    output.collect(entry);
  }

  private static final class Factory extends AbstractStreamOperatorFactory<LedgerEntry>
      implements OneInputStreamOperatorFactory<LedgerEntry, LedgerEntry>,
          CoordinatedOperatorFactory<LedgerEntry> {
    private static final long serialVersionUID = 1L;

    private final Watched watched;

    Factory(Watched watched) {
      this.watched = watched;
      setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    @SuppressWarnings("unchecked") // the caller says what it wants, and this is it
    public <T extends StreamOperator<LedgerEntry>> T createStreamOperator(
        StreamOperatorParameters<LedgerEntry> parameters) {
      return (T) new DeferredWatchOperator(parameters);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
      return DeferredWatchOperator.class;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID id) {
      return new Provider(id, watched);
    }
  }

  private record Provider(OperatorID id, Watched watched) implements OperatorCoordinator.Provider {
    @Override
    public OperatorID getOperatorId() {
      return id;
    }

    @Override
    public OperatorCoordinator create(OperatorCoordinator.Context context) {
      DeferredWatch watch =
          new DeferredWatch(
              watched::backlog,
              watched.interval(),
              SystemClock.getInstance(),
              context.getUserCodeClassloader());
      return new Coordinator(context, watch, !watched.interval().isZero());
    }
  }

  /** Called by the JobManager's main thread, which nothing here holds up. */
  private record Coordinator(
      OperatorCoordinator.Context context, DeferredWatch watch, boolean measures)
      implements OperatorCoordinator {
    private static final byte[] NO_STATE = {};

    @Override
    public void start() {
      if (measures) {
        watch.start(new SpillwayMetrics(context.metricGroup()));
      }
    }

    @Override
    public void close() {
      watch.close();
    }

    @Override
    public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result) {
      result.complete(NO_STATE);
    }

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
      throw new UnsupportedOperationException("no subtask sends events");
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {}

    @Override
    public void resetToCheckpoint(long checkpointId, byte[] state) {}

    @Override
    public void subtaskReset(int subtask, long checkpointId) {}

    @Override
    public void executionAttemptFailed(int subtask, int attempt, Throwable reason) {}

    @Override
    public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {}
  }
}
