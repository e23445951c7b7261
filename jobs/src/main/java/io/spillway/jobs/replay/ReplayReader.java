package io.spillway.jobs.replay;

import io.spillway.admission.Reread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/** Reads a few splits at a time, at a limited rate, and asks for the next when one has ended. */
@SuppressWarnings("try") // Flink's reader may be interrupted while it closes
final class ReplayReader
    extends SingleThreadMultiplexSourceReaderBase<
        Fetched, Reread, ReplaySplit, ReplayReader.Progress> {

  /** Enough that there is always one to go on with. */
  private static final int AT_ONCE = 2;

  private final SplitHoldings holdings = new SplitHoldings();

  /** How far a split has been given on. */
  static final class Progress {
    private final ReplaySplit split;
    private long next;

    Progress(ReplaySplit split) {
      this.split = split;
      this.next = split.next();
    }
  }

  ReplayReader(
      Supplier<SplitReader<Fetched, ReplaySplit>> splitReader,
      SourceReaderContext context,
      RateLimiterStrategy<ReplaySplit> rate) {
    super(
        splitReader,
        (fetched, output, progress) -> {
          Reread reread = fetched.reread();
          if (reread.event() == null) {
            output.collect(reread);
          } else {
            output.collect(reread, reread.event().timestampMillis());
          }
          progress.next = fetched.next();
        },
        context.getConfiguration(),
        context,
        rate);
  }

  @Override
  public void addSplits(List<ReplaySplit> splits) {
    List<ReplaySplit> toRead = holdings.take(splits);
    if (!toRead.isEmpty()) {
      super.addSplits(toRead);
    }
  }

  @Override
  public void start() {
    context.sendSourceEventToCoordinator(HeldSplits.atStart(holdings.unsettled()));
    for (int i = getNumberOfCurrentlyAssignedSplits(); i < AT_ONCE; i++) {
      context.sendSplitRequest();
    }
  }

  @Override
  protected void onSplitFinished(Map<String, Progress> finished) {
    finished
        .values()
        .forEach(
            progress -> {
              holdings.end(progress.split);
              context.sendSplitRequest();
            });
  }

  @Override
  public List<ReplaySplit> snapshotState(long checkpointId) {
    context.sendSourceEventToCoordinator(
        new HeldSplits(checkpointId, List.copyOf(holdings.unsettled())));
    List<ReplaySplit> splits = new ArrayList<>(super.snapshotState(checkpointId));
    splits.addAll(holdings.ended());
    return splits;
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof SettledSplits settled) {
      holdings.settle(settled.ids());
    } else {
      super.handleSourceEvents(event);
    }
  }

  @Override
  protected Progress initializedState(ReplaySplit split) {
    return new Progress(split);
  }

  @Override
  protected ReplaySplit toSplitType(String id, Progress progress) {
    return progress.split.readUpTo(progress.next);
  }
}
