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
 * <p>Where the internals are not what this class knows, {@link #of} gives a lane that always reads
 * empty, says so once in the log, and leaves overload to backpressure. Not thread safe: belongs to
 * the task's thread.
 */
public class LaneBuffers {
  private static final Logger LOG = LoggerFactory.getLogger(LaneBuffers.class);

  /** Reads empty: for a lane whose buffers cannot be seen. */
  static final LaneBuffers UNSEEN = new LaneBuffers();

  private final ResultPartition partition;
  private final BufferPool pool;
  private int floating = 1;
  private int idle;

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
        ResultPartitionWriter writer = task.getEnvironment().getWriter(i);
        OutputTag<?> tag = outputs.get(i).getOutputTag();
        if (tag != null && writer instanceof ResultPartition partition) {
          lanes.put(tag, new LaneBuffers(partition, partition.getBufferPool()));
        }
      }
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("Lane buffers cannot be read on this Flink version; lanes have no gate", e);
    }
    return lanes;
  }

  /** Reads the size of the pool, which Flink changes as tasks come and go: once per tick. */
  public void refresh() {
    if (pool != null) {
      // A subpartition keeps one buffer open to write into even when nothing waits.
      idle = partition.getNumberOfSubpartitions();
      floating = Math.max(1, pool.getNumBuffers() - idle);
    }
  }

  /** Share of the buffers that hold waiting events, 0 to 1 and a little above in overdraft. */
  public double fill() {
    if (pool == null) {
      return 0;
    }
    return Math.max(0, pool.bestEffortGetNumOfUsedBuffers() - idle) / (double) floating;
  }

  /** Bytes that wait in the lane on this side of the network. */
  public long queuedBytes() {
    return partition == null ? 0 : partition.getSizeOfQueuedBuffersUnsafe();
  }
}
