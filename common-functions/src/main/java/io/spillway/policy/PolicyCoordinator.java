package io.spillway.policy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterSerializer;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.RecreateOnResetOperatorCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the policy topic on behalf of one operator and tells all of its subtasks which policy is in
 * force: when that changes, and each attempt as soon as it runs. So policies need no input of their
 * own, and admission stays in the task of its source.
 *
 * <p>Runs in the JobManager. A thread of its own reads; what it has read is taken in under the lock
 * of this object, which is never held while anything is waited for. Events and checkpoints are
 * ordered by that lock. The state is the offset to go on from, the record of the policy in force
 * (which compaction may have deleted behind a bad one) and refused records that no subtask has been
 * given. After a failure of a subtask, refused records are sent to it again unless a checkpoint had
 * them.
 *
 * <p>Whatever becomes of the topic, the job does not fail for it: the policy stays, and reading is
 * tried again some seconds later.
 */
public final class PolicyCoordinator implements OperatorCoordinator {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyCoordinator.class);
  private static final int STATE_VERSION = 1;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /** Refused records go to the subtask that has this number. */
  private static final int WRITER = 0;

  /** A refused record above this size is named, but not carried through the JobManager. */
  private static final int MOST_BYTES = 1 << 20;

  private final Context context;
  private final PolicyFeed feed;
  private final boolean reports;
  private final Duration retry;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final PolicyInForce inForce;
  private final RefusedPolicies refused = new RefusedPolicies();
  private final Map<Integer, SubtaskGateway> subtasks = new HashMap<>();
  private long nextOffset;
  private boolean known;
  private Thread reader;

  /**
   * @param own the options that policies are laid over
   * @param reports whether refused records are for this operator to write; for one of those that
   *     follow the same policies
   * @param retry how long a topic is left alone that cannot be read
   */
  PolicyCoordinator(
      Context context, PolicyFeed feed, AdmissionOptions own, boolean reports, Duration retry) {
    this.context = context;
    this.feed = feed;
    this.reports = reports;
    this.retry = retry;
    this.inForce = new PolicyInForce(feed.job(), own);
  }

  @Override
  public void start() {
    reader = new Thread(this::follow, "policies of " + feed.job());
    reader.setDaemon(true);
    reader.setContextClassLoader(context.getUserCodeClassloader());
    reader.start();
  }

  @Override
  public void close() {
    closed.countDown();
    if (reader == null) {
      return;
    }
    reader.interrupt();
    try {
      reader.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    boolean reached = true;
    do {
      try (PolicyTopic.Reader topic = feed.topic().open(nextOffset())) {
        while (!isClosed()) {
          take(topic.poll());
          if (!reached) {
            LOG.info("The policies of {} can be read again", feed.job());
            reached = true;
          }
        }
      } catch (Exception e) {
        if (!isClosed() && reached) {
          LOG.warn(
              "The policies of {} cannot be read; {} stays in force, and it is tried again",
              feed.job(),
              policy(),
              e);
          reached = false;
        }
      }
    } while (!closedWhileWaiting());
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private boolean closedWhileWaiting() {
    try {
      return closed.await(retry.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private synchronized long nextOffset() {
    return nextOffset;
  }

  private synchronized Policy policy() {
    return inForce.policy();
  }

  private synchronized void take(List<RawEvent> records) {
    if (isClosed()) {
      return;
    }
    Policy before = inForce.policy();
    for (RawEvent record : records) {
      nextOffset = record.offset() + 1;
      inForce.take(record).ifPresent(reason -> refuse(record, reason));
    }
    if (!known || !before.equals(inForce.policy())) {
      known = true;
      LOG.info("Job {} follows policy {}", feed.job(), inForce.policy());
      subtasks.values().forEach(this::tellPolicy);
    }
    sendRefused();
  }

  private void refuse(RawEvent record, String reason) {
    if (reports) {
      LOG.warn("{} is no policy for {}: {}", record, feed.job(), reason);
      refused.add(letter(record, reason));
    }
  }

  private static DeadLetter letter(RawEvent record, String reason) {
    if (record.size() <= MOST_BYTES) {
      return new DeadLetter(record, DeadLetter.Reason.BAD_POLICY, reason);
    }
    RawEvent place =
        new RawEvent(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestampMillis(),
            record.key(),
            null,
            EventHeaders.empty());
    return new DeadLetter(
        place, DeadLetter.Reason.BAD_POLICY, reason + "; too large to be copied here");
  }

  private void tellPolicy(SubtaskGateway subtask) {
    subtask.sendEvent(new PolicyEvent.Changed(inForce.policy()));
  }

  private void sendRefused() {
    SubtaskGateway writer = subtasks.get(WRITER);
    if (writer != null) {
      refused.sendTo(letter -> writer.sendEvent(PolicyEvent.Refused.of(letter)));
    }
  }

  @Override
  public synchronized void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {
    subtasks.put(subtask, gateway);
    if (known) {
      tellPolicy(gateway);
    }
    if (subtask == WRITER) {
      sendRefused();
    }
  }

  @Override
  public synchronized void executionAttemptFailed(int subtask, int attempt, Throwable reason) {
    subtasks.remove(subtask);
  }

  @Override
  public synchronized void subtaskReset(int subtask, long checkpointId) {
    if (subtask == WRITER) {
      refused.reset(checkpointId);
    }
  }

  @Override
  public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
    throw new IllegalArgumentException("subtasks tell nothing here, but one said " + event);
  }

  @Override
  public synchronized void checkpointCoordinator(long id, CompletableFuture<byte[]> result)
      throws IOException {
    refused.checkpoint(id);
    DataOutputSerializer state = new DataOutputSerializer(256);
    state.writeInt(STATE_VERSION);
    state.writeBoolean(known);
    state.writeLong(nextOffset);
    state.writeBoolean(inForce.record() != null);
    if (inForce.record() != null) {
      RawEventSerializer.INSTANCE.serialize(inForce.record(), state);
    }
    List<DeadLetter> letters = refused.notSent();
    state.writeInt(letters.size());
    for (DeadLetter letter : letters) {
      DeadLetterSerializer.INSTANCE.serialize(letter, state);
    }
    result.complete(state.getCopyOfBuffer());
  }

  @Override
  public synchronized void notifyCheckpointComplete(long id) {
    refused.completed(id);
  }

  /** Called before {@link #start}: another failure makes another coordinator. */
  @Override
  public synchronized void resetToCheckpoint(long id, byte[] bytes) throws IOException {
    if (bytes == null) {
      return;
    }
    DataInputDeserializer state = new DataInputDeserializer(bytes);
    int version = state.readInt();
    if (version != STATE_VERSION) {
      throw new IOException("state of version " + version + " is from a newer program");
    }
    known = state.readBoolean();
    nextOffset = state.readLong();
    if (state.readBoolean()) {
      RawEvent record = RawEventSerializer.INSTANCE.deserialize(state);
      // The job may have been started with other options since, which it does not go with.
      inForce.take(record).ifPresent(reason -> refuse(record, reason));
    }
    for (int letters = state.readInt(); letters > 0; letters--) {
      refused.add(DeadLetterSerializer.INSTANCE.deserialize(state));
    }
  }

  /** Makes the coordinator of an operator, and a new one after each failure of the whole job. */
  public static final class Provider extends RecreateOnResetOperatorCoordinator.Provider {
    private static final long serialVersionUID = 1L;

    private final PolicyFeed feed;
    private final AdmissionOptions own;
    private final boolean reports;

    /** See the coordinator's own constructor. */
    public Provider(OperatorID operator, PolicyFeed feed, AdmissionOptions own, boolean reports) {
      super(operator);
      this.feed = feed;
      this.own = own;
      this.reports = reports;
    }

    @Override
    protected OperatorCoordinator getCoordinator(Context context) {
      return new PolicyCoordinator(context, feed, own, reports, RETRY);
    }
  }
}
