package io.spillway;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.NumberSequenceIterator;

/**
 * The numbers from 0 up, of which every subtask gives some and then none until a checkpoint that
 * holds those is complete: a failure after that finds records before the checkpoint and behind it.
 */
public final class HeldNumbers extends NumberSequenceSource {
  private static final long serialVersionUID = 1L;

  private final long holdAfter;

  /**
   * @param count how many numbers; each subtask gets its share, in one piece
   * @param holdAfter how many a subtask gives before it waits
   */
  public HeldNumbers(long count, long holdAfter) {
    super(0, count - 1);
    this.holdAfter = holdAfter;
  }

  @Override
  public SourceReader<Long, NumberSequenceSplit> createReader(SourceReaderContext context) {
    return new Reader(context, holdAfter);
  }

  @SuppressWarnings("try") // close() as in the class it extends
  private static final class Reader
      extends IteratorSourceReader<Long, NumberSequenceIterator, NumberSequenceSplit> {
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private long left;
    private long holdingCheckpoint = Long.MAX_VALUE;

    Reader(SourceReaderContext context, long holdAfter) {
      super(context);
      this.left = holdAfter;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Long> output) {
      if (left == 0 && !released.isDone()) {
        return InputStatus.NOTHING_AVAILABLE;
      }
      InputStatus status = super.pollNext(output);
      left = Math.max(0, left - 1);
      return status;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return left == 0 && !released.isDone() ? released : super.isAvailable();
    }

    @Override
    public java.util.List<NumberSequenceSplit> snapshotState(long checkpointId) {
      if (left == 0) {
        holdingCheckpoint = Math.min(holdingCheckpoint, checkpointId);
      }
      return super.snapshotState(checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      if (checkpointId >= holdingCheckpoint) {
        released.complete(null);
      }
    }
  }
}
