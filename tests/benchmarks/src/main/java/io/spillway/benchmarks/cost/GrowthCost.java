package io.spillway.benchmarks.cost;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.EventHash;
import io.spillway.admission.KeepChances;
import io.spillway.admission.KeepThresholds;
import io.spillway.admission.LaneGate;
import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import io.spillway.quota.LocalQuotas;
import io.spillway.quota.QuotaOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a decision costs as records, their headers and the number of sources grow: from the record
 * of the Kafka client to the verdict, half of NORMAL kept. Events come in an order that never
 * repeats.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GrowthCost {
  private static final double KEEP = 0.5;
  private static final double FILL = 0.3;
  private static final double TICK_SECONDS = 0.02;
  private static final int TICK_MASK = 1023;

  /** Records with payloads of this size. */
  @State(Scope.Thread)
  public static class OfSize extends Events {
    @Param({"100", "1000", "10000", "100000"})
    public int bytes;

    @Setup
    public void prepare() {
      prepare(64, bytes, 10, 64);
    }
  }

  /** Records with so many headers. */
  @State(Scope.Thread)
  public static class WithHeaders extends Events {
    @Param({"10", "20", "40"})
    public int headers;

    @Setup
    public void prepare() {
      prepare(256, 200, headers, 256);
    }
  }

  /** Records of so many sources, each of which gets a fair share and has a quota. */
  @State(Scope.Thread)
  public static class OfSources extends Events {
    @Param({"10", "1000", "100000", "1000000"})
    public int sources;

    private static final byte[] NAME = utf8("sensor-0000000");

    private LocalQuotas quotas;

    @Setup
    public void prepare() {
      prepare(1024, 200, 10, 1024);
      quotas =
          new LocalQuotas(
              QuotaOptions.from(
                  Settings.of(
                      Map.of(
                          "admission.quota.by", "source",
                          "admission.quota.rate", "1000000",
                          "admission.quota.max-names", "1000000"),
                      QuotaOptions.OPTIONS)),
              System.nanoTime());
    }

    boolean isWithinQuota(byte[] name, long nowNanos) {
      return quotas.admits(name, nowNanos);
    }

    /** One of the names, just written, as that of a record that has just been read is. */
    byte[] anyName() {
      byte[] name = NAME.clone();
      int rest = nextAtRandom(sources);
      for (int i = name.length - 1; rest > 0; i--) {
        name[i] += (byte) (rest % 10);
        rest /= 10;
      }
      return name;
    }
  }

  /** A ring of records and what decides on them. */
  abstract static class Events {
    private final EventLimits limits = EventLimits.defaults();
    private final PriorityRules rules = PriorityRules.none();
    private final EventHash hash = new EventHash(0);
    private final KeepThresholds thresholds = new KeepThresholds();
    private final KeepChances chances = new KeepChances(thresholds, false);
    private final KeepChances fairChances = new KeepChances(thresholds, true);
    private final LaneGate gate =
        new LaneGate(AdmissionOptions.defaults().ceilings(), AdmissionOptions.defaults().floors());
    private final List<ConsumerRecord<byte[], byte[]>> ring = new ArrayList<>();
    private long random = 1;
    private int decided;

    void prepare(int count, int bytes, int headers, int sources) {
      thresholds.set(Priority.NORMAL, KEEP);
      fairChances.tick(TICK_SECONDS);
      for (int i = 0; i < count; i++) {
        ring.add(SampleEvents.record(event(i, bytes, headers, "sensor-" + i % sources)));
      }
    }

    /** As the source of the job takes it from the Kafka client. */
    RawEvent nextEvent() {
      return RawEventDeserializer.rawEvent(ring.get(nextAtRandom(ring.size())));
    }

    boolean decide(RawEvent event) {
      return decide(chances, event);
    }

    boolean decideByFairShare(RawEvent event) {
      if ((++decided & TICK_MASK) == 0) {
        fairChances.tick(TICK_SECONDS);
      }
      return decide(fairChances, event);
    }

    private boolean decide(KeepChances by, RawEvent event) {
      EventAttributes read = EventAttributes.read(event, limits);
      Priority priority = rules.classify(read);
      double chance = by.of(priority, event, read);
      boolean passes =
          by.keeps(priority, chance, hash.of(event, read.id()))
              && gate.admits(priority, FILL, FILL);
      if (passes) {
        by.admitted();
      }
      return passes;
    }

    int nextAtRandom(int below) {
      random = random * 6364136223846793005L + 1442695040888963407L;
      return (int) ((random >>> 33) * below >>> 31);
    }
  }

  /** Headers read, classified, hashed, decided; the payload is not looked at. */
  @Benchmark
  public boolean decideOnRecord(OfSize events) {
    return events.decide(events.nextEvent());
  }

  /** The same with more headers, of which nobody asks for the last. */
  @Benchmark
  public boolean decideWithHeaders(WithHeaders events) {
    return events.decide(events.nextEvent());
  }

  /** The same by fair shares and quotas, of one source of many. */
  @Benchmark
  public boolean decideAmongSources(OfSources events) {
    byte[] name = events.anyName();
    RawEvent event = withSource(events.nextEvent(), name);
    return events.isWithinQuota(name, System.nanoTime()) & events.decideByFairShare(event);
  }

  private static RawEvent withSource(RawEvent event, byte[] source) {
    return new RawEvent(
        event.topic(),
        event.partition(),
        event.offset(),
        event.timestampMillis(),
        source,
        event.value(),
        event.headers());
  }

  private static RawEvent event(int number, int bytes, int headers, String source) {
    String[] names = new String[headers];
    byte[][] values = new byte[headers][];
    set(names, values, 0, CloudEventHeaders.ID, source + "-" + number);
    set(names, values, 1, CloudEventHeaders.TYPE, "iot.telemetry");
    set(names, values, 2, CloudEventHeaders.PRIORITY, Priority.NORMAL.wireName());
    for (int i = 3; i < headers; i++) {
      set(names, values, i, "x-" + i, "value " + i);
    }
    return new RawEvent(
        "iot.events",
        0,
        number,
        System.currentTimeMillis(),
        utf8(source),
        new byte[bytes],
        EventHeaders.of(names, values));
  }

  private static void set(String[] names, byte[][] values, int i, String name, String value) {
    names[i] = name;
    values[i] = utf8(value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
