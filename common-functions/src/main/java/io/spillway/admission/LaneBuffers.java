package io.spillway.admission;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.partition.ResultPartition;
import org.apache.flink.streaming.api.graph.NonChainedOutput;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full the network buffers of one lane are. The only class that touches Flink's internals: the
 * buffer pool of the lane's own result partition is the one signal that is both early and true
 * (availability of the writer is never false while an operator is being called).
 *
 * <p>What matters need not wait until a buffer is full or {@code execution.buffer-timeout.interval}
 * is over: {@link #sendNow} hands over what has been written, as far as {@link PromptSends} allows.
 *
 * <p>Where the internals are not what this class knows, {@link #of} gives a lane that always reads
 * empty, says so once in the log, and leaves overload to backpressure. Belongs to the task's
 * thread, except that other threads may refresh and read how full its own buffers are.
 */
public class LaneBuffers {
  private static final Logger LOG = LoggerFactory.getLogger(LaneBuffers.class);

  private final ResultPartition partition;
  private final BufferPool pool;
  private final PromptSends sends = new PromptSends();
  private double downstream;
  private volatile int floating = 1;
  private volatile int idle;

  /** Reads empty: for a lane whose buffers cannot be seen. */
  LaneBuffers() {
    this(null, null);
  }

  private LaneBuffers(ResultPartition partition, BufferPool pool) {
    this.partition = partition;
    this.pool = pool;
    refresh();
  }

  /** The buffers of each lane of this task that leaves it over the network, by output tag. */
  public static Map<OutputTag<?>, LaneBuffers> of(StreamTask<?, ?> task, ClassLoader loader) {
    Map<OutputTag<?>, LaneBuffers> lanes = new HashMap<>();
    try {
      List<NonChainedOutput> outputs = task.getConfiguration().getVertexNonChainedOutputs(loader);
      for (int i = 0; i < outputs.size(); i++) {
        OutputTag<?> tag = outputs.get(i).getOutputTag();
        if (tag != null) {
          lanes.put(tag, of(task.getEnvironment().getWriter(i)));
        }
      }
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("Lane buffers cannot be read on this Flink version; lanes have no gate", e);
    }
    return lanes;
  }

  /** The buffers of what this task writes without a tag; unseen where it writes nothing such. */
  static LaneBuffers ofMainOutput(StreamTask<?, ?> task, ClassLoader loader) {
    try {
      List<NonChainedOutput> outputs = task.getConfiguration().getVertexNonChainedOutputs(loader);
      for (int i = 0; i < outputs.size(); i++) {
        if (outputs.get(i).getOutputTag() == null) {
          return of(task.getEnvironment().getWriter(i));
        }
      }
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("Buffers cannot be read on this Flink version; admission does not see them", e);
    }
    return new LaneBuffers();
  }

  private static LaneBuffers of(ResultPartitionWriter writer) {
    return writer instanceof ResultPartition partition
        ? new LaneBuffers(partition, partition.getBufferPool())
        : new LaneBuffers();
  }

  /** Reads the size of the pool, which Flink changes as tasks come and go: once per tick. */
  public void refresh() {
    if (pool != null) {
      // A subpartition keeps one buffer open to write into even when nothing waits.
      idle = partition.getNumberOfSubpartitions();
      floating = Math.max(1, pool.getNumBuffers() - idle);
      sends.refresh();
    }
  }

  /**
   * The same, and takes in how full the fullest of the exchanges behind this one is, which counts
   * as its own fill until the next call.
   */
  void refresh(double downstreamFill) {
    refresh();
    downstream = downstreamFill;
  }

  /**
   * Share of the buffers that hold waiting events, 0 to 1 and a little above in overdraft; that of
   * a fuller exchange downstream where one is known.
   */
  public double fill() {
    return Math.max(downstream, ownFill());
  }

  /** The same without what is known of exchanges downstream. */
  double ownFill() {
    if (pool == null) {
      return 0;
    }
    return Math.max(0, pool.bestEffortGetNumOfUsedBuffers() - idle) / (double) floating;
  }

  /** Lets the reader have what was written so far, unless that was done too often. */
  void sendNow() {
    if (partition != null && sends.next()) {
      partition.flushAll();
    }
  }

  /** Bytes that wait in the lane on this side of the network. */
  public long queuedBytes() {
    return partition == null ? 0 : partition.getSizeOfQueuedBuffersUnsafe();
  }
}
