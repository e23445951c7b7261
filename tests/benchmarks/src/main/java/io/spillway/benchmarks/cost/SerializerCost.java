package io.spillway.benchmarks.cost;

import io.spillway.admission.RejectedEvents;
import io.spillway.admission.RejectedEventsSerializer;
import io.spillway.admission.Strata;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An event through the network of Flink, there and back, as Flink would serialize it without our
 * serializers: as a POJO with the same fields, and by Kryo with the types registered. Public
 * fields, because Kryo reads the fields of a record by reflection, each time. Ours are in {@link
 * StageCost}, but for {@link RejectedEvents}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SerializerCost {
  private static final int MASK = SampleEvents.COUNT - 1;

  /** A {@link RawEvent} in fields that Flink knows. */
  public static final class PlainRaw {
    public String topic;
    public int partition;
    public long offset;
    public long timestampMillis;
    public byte[] key;
    public byte[] value;
    public String[] headerNames;
    public byte[][] headerValues;
  }

  /** An admitted event in fields that Flink knows. */
  public static final class PlainAdmitted {
    public PlainRaw raw;
    public Priority priority;
    public long eventTimeMillis;
    public double weight;
  }

  /** {@link RejectedEvents} in fields that Flink knows. */
  public static final class PlainRejected {
    public byte[] key;
    public long fromMillis;
    public long toMillis;
    public long[] counts;
  }

  private final PlainRaw[] raw = new PlainRaw[SampleEvents.COUNT];
  private final PlainAdmitted[] admitted = new PlainAdmitted[SampleEvents.COUNT];
  private final PlainRejected[] plainRejected = new PlainRejected[SampleEvents.COUNT];
  private final RejectedEvents[] rejected = new RejectedEvents[SampleEvents.COUNT];
  private final TypeSerializer<PlainRaw> rawPojo = pojo(PlainRaw.class);
  private final TypeSerializer<PlainRaw> rawKryo = kryo(PlainRaw.class);
  private final TypeSerializer<PlainAdmitted> admittedPojo = pojo(PlainAdmitted.class);
  private final TypeSerializer<PlainAdmitted> admittedKryo = kryo(PlainAdmitted.class);
  private final TypeSerializer<PlainRejected> rejectedPojo = pojo(PlainRejected.class);
  private final TypeSerializer<PlainRejected> rejectedKryo = kryo(PlainRejected.class);
  private final DataOutputSerializer out = new DataOutputSerializer(1024);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private int next;

  @Setup
  public void prepare() {
    RawEvent[] events = SampleEvents.raw();
    Priority[] priorities = SampleEvents.priorities();
    for (int i = 0; i < events.length; i++) {
      raw[i] = plain(events[i]);
      admitted[i] = plain(raw[i], priorities[i]);
      long from = events[i].timestampMillis() / 10_000 * 10_000;
      // A key with what was shed of two strata: most have no more.
      long[] counts = new long[Strata.COUNT];
      counts[counts.length - 1] = 1 + i % 7;
      counts[counts.length - 2] = i % 3;
      rejected[i] = new RejectedEvents(events[i].key(), from, from + 10_000, counts);
      plainRejected[i] = plain(rejected[i]);
    }
  }

  @Benchmark
  public PlainRaw rawAsPojo() throws IOException {
    return thereAndBack(rawPojo, raw[next++ & MASK]);
  }

  @Benchmark
  public PlainRaw rawByKryo() throws IOException {
    return thereAndBack(rawKryo, raw[next++ & MASK]);
  }

  @Benchmark
  public PlainAdmitted admittedAsPojo() throws IOException {
    return thereAndBack(admittedPojo, admitted[next++ & MASK]);
  }

  @Benchmark
  public PlainAdmitted admittedByKryo() throws IOException {
    return thereAndBack(admittedKryo, admitted[next++ & MASK]);
  }

  @Benchmark
  public RejectedEvents rejectedThroughTheNetwork() throws IOException {
    return thereAndBack(RejectedEventsSerializer.INSTANCE, rejected[next++ & MASK]);
  }

  @Benchmark
  public PlainRejected rejectedAsPojo() throws IOException {
    return thereAndBack(rejectedPojo, plainRejected[next++ & MASK]);
  }

  @Benchmark
  public PlainRejected rejectedByKryo() throws IOException {
    return thereAndBack(rejectedKryo, plainRejected[next++ & MASK]);
  }

  /** The event at this place, for tests. */
  PlainRaw sent(int index) {
    return raw[index];
  }

  long[] sentCounts(int index) {
    return rejected[index].counts();
  }

  private <T> T thereAndBack(TypeSerializer<T> serializer, T event) throws IOException {
    out.clear();
    serializer.serialize(event, out);
    in.setBuffer(out.getSharedBuffer(), 0, out.length());
    return serializer.deserialize(in);
  }

  private static PlainRaw plain(RawEvent event) {
    int size = event.headers().size();
    String[] names = new String[size];
    byte[][] values = new byte[size][];
    for (int i = 0; i < size; i++) {
      names[i] = event.headers().name(i);
      values[i] = event.headers().value(i);
    }
    PlainRaw plain = new PlainRaw();
    plain.topic = event.topic();
    plain.partition = event.partition();
    plain.offset = event.offset();
    plain.timestampMillis = event.timestampMillis();
    plain.key = event.key();
    plain.value = event.value();
    plain.headerNames = names;
    plain.headerValues = values;
    return plain;
  }

  private static PlainAdmitted plain(PlainRaw raw, Priority priority) {
    PlainAdmitted plain = new PlainAdmitted();
    plain.raw = raw;
    plain.priority = priority;
    plain.eventTimeMillis = raw.timestampMillis;
    plain.weight = 2;
    return plain;
  }

  private static PlainRejected plain(RejectedEvents events) {
    PlainRejected plain = new PlainRejected();
    plain.key = events.key();
    plain.fromMillis = events.fromMillis();
    plain.toMillis = events.toMillis();
    plain.counts = events.counts();
    return plain;
  }

  private static <T> TypeSerializer<T> pojo(Class<T> type) {
    SerializerConfigImpl config = new SerializerConfigImpl();
    // Fails where a field would fall back to Kryo.
    config.setGenericTypes(false);
    return TypeInformation.of(type).createSerializer(config);
  }

  private static <T> TypeSerializer<T> kryo(Class<T> type) {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.registerKryoType(type);
    config.registerKryoType(PlainRaw.class);
    config.registerKryoType(Priority.class);
    config.registerKryoType(String[].class);
    config.registerKryoType(byte[][].class);
    return new GenericTypeInfo<>(type).createSerializer(config);
  }
}
