package io.spillway.admission;

import io.spillway.event.DeadLetter;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.SettlementSerializer;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Lets every event in that a replay read again, with the weight it came in with, and counts it back
 * where admission had counted it as not admitted. What was done with which offset is state until
 * the end of the input, and then goes to the ledger: a run that does not reach its end has settled
 * nothing.
 */
final class ReadmissionOperator extends AbstractStreamOperator<AdmittedEvent>
    implements OneInputStreamOperator<Reread, AdmittedEvent> {

  static final Lane LANE = new Lane("replay", EnumSet.allOf(Priority.class));

  static final OutputTag<Settlement> SETTLEMENTS =
      new OutputTag<>("settlements", TypeInformation.of(Settlement.class));

  private static final long serialVersionUID = 1L;

  /** So that no record of the ledger becomes large. */
  private static final long LONGEST_RANGE = 1L << 20;

  private final EventLimits limits;
  private final PriorityRules rules;
  private final RejectionCounting counting;
  private final String run;

  private transient OutputTag<AdmittedEvent> tag;
  private transient RejectionCounts counts;
  private transient AdmissionCounters counters;
  private transient Map<InputPartition, Map<Settlement.Kind, OffsetSet>> settled;
  private transient ListState<Settlement> state;
  private transient OffsetSet lastReplayed;
  private transient String lastTopic;
  private transient int lastPartition;

  ReadmissionOperator(
      EventLimits limits, PriorityRules rules, RejectionCounting counting, String run) {
    this.limits = limits;
    this.rules = rules;
    this.counting = counting;
    this.run = run;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    settled = new TreeMap<>();
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("settled", SettlementSerializer.INSTANCE));
    for (Settlement before : state.get()) {
      settled(before.topic(), before.partition(), before.kind())
          .addAll(before.from(), before.offsets());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    tag = LANE.tag();
    SpillwayMetrics metrics = new SpillwayMetrics(getMetricGroup());
    counts = new RejectionCounts(counting, metrics.partialsOverflowed());
    counters = new AdmissionCounters(metrics, LANE.priorities(), Set.of());
  }

  @Override
  public void processElement(StreamRecord<Reread> element) {
    Reread reread = element.getValue();
    if (reread.event() == null) {
      settled(reread.topic(), reread.partition(), Settlement.Kind.GONE)
          .addAll(reread.from(), reread.goneOffsets());
      return;
    }
    RawEvent raw = reread.event();
    replayed(raw).add(raw.offset());
    EventAttributes attributes = EventAttributes.read(raw, limits);
    if (attributes.problem() != null) {
      counters.deadLetter(attributes.problem());
      DeadLetter letter = new DeadLetter(raw, attributes.problem(), attributes.detail());
      output.collect(AdmissionOperator.DEAD_LETTERS, new StreamRecord<>(letter));
      return;
    }
    Priority priority = rules.classify(attributes);
    counters.seen(priority);
    counters.admitted(priority);
    counts.takeBack(raw, attributes, Strata.of(priority, 1.0), this::emitRejected);
    AdmittedEvent event =
        new AdmittedEvent(raw, priority, attributes.eventTimeMillis(), attributes.sampledRate());
    output.collect(tag, element.replace(event));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    counts.close(mark.getTimestamp(), this::emitRejected);
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    counts.closeAll(this::emitRejected);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.clear();
    for (Map.Entry<InputPartition, Map<Settlement.Kind, OffsetSet>> each : settled.entrySet()) {
      for (Map.Entry<Settlement.Kind, OffsetSet> kind : each.getValue().entrySet()) {
        for (Settlement part : settlements(each.getKey(), kind.getKey(), kind.getValue())) {
          state.add(part);
        }
      }
    }
  }

  /** The end of the input: everything was read, so all of it can be settled. */
  @Override
  public void finish() throws Exception {
    counts.closeAll(this::emitRejected);
    settled.forEach(
        (partition, kinds) ->
            kinds.forEach(
                (kind, offsets) ->
                    settlements(partition, kind, offsets)
                        .forEach(part -> output.collect(SETTLEMENTS, new StreamRecord<>(part)))));
    settled.clear();
    lastReplayed = null;
    super.finish();
  }

  private OffsetSet replayed(RawEvent raw) {
    // Events of one partition come in runs, and their topic is mostly the same object.
    if (lastReplayed == null
        || raw.partition() != lastPartition
        || !raw.topic().equals(lastTopic)) {
      lastReplayed = settled(raw.topic(), raw.partition(), Settlement.Kind.REPLAYED);
      lastTopic = raw.topic();
      lastPartition = raw.partition();
    }
    return lastReplayed;
  }

  private OffsetSet settled(String topic, int partition, Settlement.Kind kind) {
    return settled
        .computeIfAbsent(
            new InputPartition(topic, partition), key -> new EnumMap<>(Settlement.Kind.class))
        .computeIfAbsent(kind, key -> new OffsetSet());
  }

  private List<Settlement> settlements(
      InputPartition partition, Settlement.Kind kind, OffsetSet offsets) {
    List<Settlement> parts = new ArrayList<>();
    offsets.forEachRange(
        LONGEST_RANGE,
        (from, to, members) ->
            parts.add(
                new Settlement(
                    partition.topic(),
                    partition.partition(),
                    from,
                    to,
                    LANE.name(),
                    kind,
                    run,
                    members)));
    return parts;
  }

  private void emitRejected(RejectedEvents events) {
    output.collect(AdmissionOperator.REJECTED, new StreamRecord<>(events, events.toMillis() - 1));
  }
}
