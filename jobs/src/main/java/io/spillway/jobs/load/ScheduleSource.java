package io.spillway.jobs.load;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.clock.SystemClock;

/**
 * A bounded source of event numbers, each emitted when the schedule says it is due, with that
 * moment (milliseconds since the epoch) as the record's timestamp. The number is all that travels;
 * what the event is follows from it ({@link EventPlan}). Sources of events are divided among as
 * many splits as there are readers at the first start.
 */
public final class ScheduleSource implements Source<Long, ScheduleSplit, List<ScheduleSplit>> {
  private static final long serialVersionUID = 1L;

  private final LoadOptions options;

  public ScheduleSource(LoadOptions options) {
    this.options = options;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<Long, ScheduleSplit> createReader(SourceReaderContext context) {
    return new ScheduleReader(
        options.schedule(), new EventPlan(options), SystemClock.getInstance());
  }

  @Override
  public SplitEnumerator<ScheduleSplit, List<ScheduleSplit>> createEnumerator(
      SplitEnumeratorContext<ScheduleSplit> context) {
    int splits = context.currentParallelism();
    return new ScheduleEnumerator(
        context,
        IntStream.range(0, splits)
            .mapToObj(index -> new ScheduleSplit(index, splits, options.startAtMillis(), 0))
            .toList(),
        SystemClock.getInstance());
  }

  @Override
  public SplitEnumerator<ScheduleSplit, List<ScheduleSplit>> restoreEnumerator(
      SplitEnumeratorContext<ScheduleSplit> context, List<ScheduleSplit> unassigned) {
    return new ScheduleEnumerator(context, new ArrayList<>(unassigned), SystemClock.getInstance());
  }

  @Override
  public SimpleVersionedSerializer<ScheduleSplit> getSplitSerializer() {
    return new ScheduleSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<List<ScheduleSplit>> getEnumeratorCheckpointSerializer() {
    return new ScheduleSplit.ListSerializer();
  }
}
