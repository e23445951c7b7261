package io.spillway.benchmarks.cost;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What admission has to know of an event, from the ten headers of its record: read, and the
 * priority it has by them. The CloudEvents SDK for Java reads the same headers into the event it
 * hands to programs; it copies more and keeps every extension. The rules by regular expressions are
 * those of {@link #RULES}, on texts that have been read already.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderCost {
  static final String RULES =
      "type=iot.alarm -> critical; type=iot.fault* -> high; source=plant-7/* -> high; * -> bulk";

  private static final int MASK = SampleEvents.COUNT - 1;

  private static final Pattern ALARM = Pattern.compile("iot\\.alarm");
  private static final Pattern FAULT = Pattern.compile("iot\\.fault.*");
  private static final Pattern PLANT = Pattern.compile("plant-7/.*");

  private final RawEvent[] events = SampleEvents.raw();
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final EventAttributes[] declared = new EventAttributes[SampleEvents.COUNT];
  private final EventAttributes[] undeclared = new EventAttributes[SampleEvents.COUNT];
  private final String[] types = new String[SampleEvents.COUNT];
  private final String[] sources = new String[SampleEvents.COUNT];
  private final EventLimits limits = EventLimits.defaults();
  private final PriorityRules none = PriorityRules.none();
  private final PriorityRules rules = PriorityRules.parse(RULES);
  private int next;

  @Setup
  public void prepare() {
    for (int i = 0; i < events.length; i++) {
      RawEvent event = events[i];
      records.add(SampleEvents.record(event));
      declared[i] = EventAttributes.read(event, limits);
      undeclared[i] = EventAttributes.read(withoutPriority(event), limits);
      types[i] = undeclared[i].type();
      sources[i] = undeclared[i].source();
    }
  }

  @Benchmark
  public EventAttributes readRecord() {
    return EventAttributes.read(RawEventDeserializer.rawEvent(records.get(next++ & MASK)), limits);
  }

  @Benchmark
  public CloudEvent readByCloudEventsSdk() {
    ConsumerRecord<byte[], byte[]> record = records.get(next++ & MASK);
    return KafkaMessageFactory.createReader(record.headers(), record.value()).toEvent();
  }

  /** The priority an event declares. */
  @Benchmark
  public Priority classifyDeclared() {
    return none.classify(declared[next++ & MASK]);
  }

  /** The priority of an event that declares none, by four rules. */
  @Benchmark
  public Priority classifyByRules() {
    return rules.classify(undeclared[next++ & MASK]);
  }

  @Benchmark
  public Priority classifyByRegularExpressions() {
    int i = next++ & MASK;
    if (ALARM.matcher(types[i]).matches()) {
      return Priority.CRITICAL;
    }
    boolean high = FAULT.matcher(types[i]).matches() || PLANT.matcher(sources[i]).matches();
    return high ? Priority.HIGH : Priority.BULK;
  }

  private static RawEvent withoutPriority(RawEvent event) {
    EventHeaders kept = EventHeaders.empty();
    for (int i = 0; i < event.headers().size(); i++) {
      if (!event.headers().name(i).equals(CloudEventHeaders.PRIORITY)) {
        kept = kept.with(event.headers().name(i), event.headers().value(i));
      }
    }
    return new RawEvent(
        event.topic(),
        event.partition(),
        event.offset(),
        event.timestampMillis(),
        event.key(),
        event.value(),
        kept);
  }
}
