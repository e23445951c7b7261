package io.spillway.admission;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.io.network.partition.consumer.IndexedInputGate;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether something has come on the first input of a task and waits to be read. Flink itself looks
 * at an input that was empty only after it has chosen the next one, so an event that comes while
 * another is worked on would wait for the one after that, too.
 *
 * <p>Touches Flink's internals as {@link LaneBuffers} does; where they are not what this class
 * knows, nothing ever waits, which costs that one event. Belongs to the task's thread.
 */
final class LaneBuffersArrived {
  private static final Logger LOG = LoggerFactory.getLogger(LaneBuffersArrived.class);
  private static final int FIRST_INPUT = 1;

  private final List<IndexedInputGate> gates;

  private LaneBuffersArrived(List<IndexedInputGate> gates) {
    this.gates = gates;
  }

  static LaneBuffersArrived onFirstInput(StreamTask<?, ?> task, ClassLoader loader) {
    List<IndexedInputGate> gates = new ArrayList<>();
    try {
      List<StreamEdge> edges = task.getConfiguration().getInPhysicalEdges(loader);
      for (int i = 0; i < edges.size(); i++) {
        if (edges.get(i).getTypeNumber() == FIRST_INPUT) {
          gates.add(task.getEnvironment().getInputGate(i));
        }
      }
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("Inputs cannot be seen on this Flink version; express waits for an event more", e);
      gates.clear();
    }
    return new LaneBuffersArrived(gates);
  }

  /** An input that has ended is available forever and has nothing. */
  boolean any() {
    for (IndexedInputGate gate : gates) {
      if (gate.isAvailable() && !gate.isFinished()) {
        return true;
      }
    }
    return false;
  }
}
