package io.spillway.benchmarks.cost;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.AdmittedEventSerializer;
import io.spillway.admission.OverloadController;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.event.RawEventSerializer;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What else an event pays on its way through the library; no goal is set for these. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StageCost {
  private static final int MASK = SampleEvents.COUNT - 1;

  private final RawEvent[] events = SampleEvents.raw();
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final AdmittedEvent[] admitted = new AdmittedEvent[SampleEvents.COUNT];
  private final EventLimits limits = EventLimits.defaults();
  private final DataOutputSerializer out = new DataOutputSerializer(1024);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final OverloadController controller = new OverloadController(AdmissionOptions.defaults());
  private final OverloadController.Tick overload =
      new OverloadController.Tick(
          0.02, new long[] {10, 30, 80, 80}, new long[] {10, 10, 0, 0}, 40, 0.3, 20);
  private int next;

  @Setup
  public void prepare() {
    for (int i = 0; i < events.length; i++) {
      records.add(SampleEvents.record(events[i]));
      admitted[i] = new AdmittedEvent(events[i], Priority.NORMAL, events[i].timestampMillis(), 1);
    }
  }

  /** What the source does with a record of the Kafka client. */
  @Benchmark
  public RawEvent takeRecord() {
    return RawEventDeserializer.rawEvent(records.get(next++ & MASK));
  }

  @Benchmark
  public EventAttributes readHeaders() {
    return EventAttributes.read(events[next++ & MASK], limits);
  }

  @Benchmark
  public RawEvent rawEventThroughTheNetwork() throws IOException {
    out.clear();
    RawEventSerializer.INSTANCE.serialize(events[next++ & MASK], out);
    in.setBuffer(out.getSharedBuffer(), 0, out.length());
    return RawEventSerializer.INSTANCE.deserialize(in);
  }

  @Benchmark
  public AdmittedEvent admittedEventThroughTheNetwork() throws IOException {
    out.clear();
    AdmittedEventSerializer.INSTANCE.serialize(admitted[next++ & MASK], out);
    in.setBuffer(out.getSharedBuffer(), 0, out.length());
    return AdmittedEventSerializer.INSTANCE.deserialize(in);
  }

  @Benchmark
  public double controllerTick() {
    controller.tick(overload);
    return controller.keep(Priority.BULK);
  }
}
