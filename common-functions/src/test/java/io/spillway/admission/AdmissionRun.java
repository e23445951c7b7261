package io.spillway.admission;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.TimeSpans;
import io.spillway.priority.PriorityRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.io.network.buffer.Buffer;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
import org.apache.flink.runtime.io.network.partition.ResultPartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionBuilder;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.graph.NonChainedOutput;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.runtime.partitioner.RebalancePartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * Admission with one lane, in a harness, in front of workers that do {@code capacity} events per
 * second: what is admitted and not yet worked off fills real network buffers, {@value
 * #EVENTS_PER_BUFFER} events each, which is what the operator looks at. Time is that of the
 * harness.
 */
final class AdmissionRun implements AutoCloseable {
  static final long START_MILLIS = 1_700_000_000_000L;
  static final int BUFFERS = 100;
  private static final double EVENTS_PER_BUFFER = 8;
  private static final int BUFFER_BYTES = 64;

  final OneInputStreamOperatorTestHarness<RawEvent, AdmittedEvent> harness;

  private final Lane lane;
  private final NetworkBufferPool network;
  private final BufferPool pool;
  private final ResultPartition partition;
  private final Deque<Buffer> used = new ArrayDeque<>();
  private double capacityPerMilli;
  private double queued;

  AdmissionRun(Map<String, String> settings, double capacityPerSecond) throws Exception {
    AdmissionOptions options =
        AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS));
    workersDo(capacityPerSecond);
    lane = Lane.of(options).get(0);
    network = new NetworkBufferPool(BUFFERS + 1, BUFFER_BYTES);
    pool = network.createBufferPool(BUFFERS + 1, BUFFERS + 1);
    partition =
        new ResultPartitionBuilder()
            .setResultPartitionType(ResultPartitionType.PIPELINED_BOUNDED)
            .setNumberOfSubpartitions(1)
            .setBufferPoolFactory(() -> pool)
            .build();
    partition.setup();
    MockEnvironment environment = new MockEnvironmentBuilder().build();
    environment.addOutputs(List.of(partition));
    StreamConfig task = new StreamConfig(environment.getTaskConfiguration());
    task.setVertexNonChainedOutputs(
        List.of(
            new NonChainedOutput(
                true,
                1,
                1,
                128,
                0,
                false,
                new IntermediateDataSetID(),
                lane.tag(),
                new RebalancePartitioner<>(),
                ResultPartitionType.PIPELINED_BOUNDED)));
    task.serializeAllConfigs();
    RejectionCounting counting =
        new RejectionCounting(
            (raw, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
            new TimeSpans(3_600_000, false),
            100);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new AdmissionOperator(
                options,
                EventLimits.defaults(),
                PriorityRules.none(),
                Lane.ALL,
                List.of(lane),
                counting,
                null),
            environment);
    harness.setProcessingTime(START_MILLIS);
    harness.open();
    // A subpartition keeps one buffer open.
    used.push(request());
  }

  /** The workers do this many events a second from now on. */
  void workersDo(double capacityPerSecond) {
    capacityPerMilli = capacityPerSecond / 1000;
  }

  /** One millisecond in which these events come; those admitted. */
  List<AdmittedEvent> millisecond(List<RawEvent> events) throws Exception {
    for (RawEvent event : events) {
      harness.processElement(event, event.timestampMillis());
    }
    List<AdmittedEvent> admitted = newlyAdmitted();
    queued = Math.max(0, queued + admitted.size() - capacityPerMilli);
    occupy((int) Math.min(BUFFERS, queued / EVENTS_PER_BUFFER));
    harness.setProcessingTime(harness.getProcessingTime() + 1);
    return admitted;
  }

  /** What was turned away so far, after a checkpoint. */
  List<RejectedEvents> rejected() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    var events = harness.getSideOutput(AdmissionOperator.REJECTED);
    return events == null ? List.of() : events.stream().map(StreamRecord::getValue).toList();
  }

  private List<AdmittedEvent> newlyAdmitted() {
    Queue<StreamRecord<AdmittedEvent>> records = harness.getSideOutput(lane.tag());
    List<AdmittedEvent> admitted = new ArrayList<>();
    if (records != null) {
      records.forEach(record -> admitted.add(record.getValue()));
      records.clear();
    }
    return admitted;
  }

  /** How many events the lane gate turned away, after a checkpoint. */
  long laneFull() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    return harness.getSideOutput(AdmissionOperator.LEDGER).stream()
        .filter(entry -> entry.getValue().rejected().containsKey(Outcome.LANE_FULL))
        .mapToLong(entry -> entry.getValue().rejected().get(Outcome.LANE_FULL).getLongCardinality())
        .sum();
  }

  private void occupy(int buffers) {
    while (used.size() - 1 < buffers) {
      used.push(request());
    }
    while (used.size() - 1 > buffers) {
      used.pop().recycleBuffer();
    }
  }

  private Buffer request() {
    return pool.requestBuffer();
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    used.forEach(Buffer::recycleBuffer);
    partition.release();
    partition.close();
    network.destroyAllBufferPools();
    network.destroy();
  }
}
