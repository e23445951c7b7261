package io.spillway.benchmarks.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.spillway.admission.EventHash;
import io.spillway.admission.KeepChances;
import io.spillway.admission.KeepThresholds;
import io.spillway.admission.Outcome;
import io.spillway.admission.RejectedEvents;
import io.spillway.admission.RejectionCounting;
import io.spillway.admission.RejectionCounts;
import io.spillway.admission.Strata;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.TimeSpans;
import io.spillway.ledger.LedgerBook;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.metrics.SimpleCounter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to turn an event away. Spillway: headers read, classified, hashed, decided, entered
 * into the ledger and counted by key and window, and both closed every {@value SampleEvents#COUNT}
 * events. The others decode the payload first, as a job must whose priority is not in a header.
 * What both pay (the fetch from Kafka) is in neither.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DropCost {
  private static final int MASK = SampleEvents.COUNT - 1;
  private static final double TICK_SECONDS = 0.02;

  /** The payload as most jobs bind it. */
  public record Reading(
      String site, String sensor, String metric, double value, String unit, String filler) {}

  @Param({"" + SampleEvents.PAYLOAD_BYTES})
  public int payloadBytes;

  private RawEvent[] events;
  private final EventLimits limits = EventLimits.defaults();
  private final PriorityRules rules = PriorityRules.none();
  private final EventHash hash = new EventHash(0);
  private final KeepThresholds thresholds = new KeepThresholds();
  private final KeepChances chances = new KeepChances(thresholds, false);
  private final KeepChances fairChances = new KeepChances(thresholds, true);
  private final LedgerBook book = new LedgerBook("all");
  private final RejectionCounts counts =
      new RejectionCounts(
          new RejectionCounting(
              (event, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
              new TimeSpans(10_000, false),
              5_000),
          new SimpleCounter());
  private final ObjectMapper mapper = new ObjectMapper();
  private final ObjectReader reader = mapper.readerFor(Reading.class);
  private final int[] stratumOf = new int[Priority.COUNT];
  private final Consumer<RejectedEvents> counted = count -> lastCount = count;
  private LedgerEntry lastEntry;
  private RejectedEvents lastCount;
  private int next;

  @Setup
  public void shedNearlyAll() {
    events = SampleEvents.raw(payloadBytes);
    for (Priority priority : Priority.values()) {
      thresholds.set(priority, 1e-6);
      stratumOf[priority.ordinal()] = Strata.of(priority, thresholds.probability(priority));
    }
    fairChances.tick(TICK_SECONDS);
  }

  /** One event turned away by Spillway. */
  @Benchmark
  public Outcome shed() {
    return shed(chances);
  }

  /** The same by the fair share of its source. */
  @Benchmark
  public Outcome shedByFairShare() {
    return shed(fairChances);
  }

  private Outcome shed(KeepChances by) {
    int i = next++ & MASK;
    if (i == 0) {
      book.close(Terms.unknown(), entry -> lastEntry = entry);
      counts.closeAll(counted);
      by.tick(TICK_SECONDS);
    }
    RawEvent event = events[i];
    EventAttributes attributes = EventAttributes.read(event, limits);
    Priority priority = rules.classify(attributes);
    double chance = by.of(priority, event, attributes);
    boolean kept = by.keeps(priority, chance, hash.of(event, attributes.id()));
    Outcome outcome = kept ? Outcome.ADMIT : Outcome.SHED;
    book.record(event, priority, outcome);
    counts.add(event, attributes, stratum(priority, chance), counted);
    return outcome;
  }

  /** As the operator finds it: worked out once a tick, unless the source has a share of its own. */
  private int stratum(Priority priority, double chance) {
    return chance == thresholds.probability(priority)
        ? stratumOf[priority.ordinal()]
        : Strata.of(priority, chance);
  }

  /** Payload bound to a record by Jackson, then dropped. */
  @Benchmark
  public void bindAndDrop(Blackhole drop) throws IOException {
    Reading reading = reader.readValue(events[next++ & MASK].value());
    drop.consume(reading);
  }

  /** Payload read as a tree by Jackson, then dropped. */
  @Benchmark
  public void treeAndDrop(Blackhole drop) throws IOException {
    JsonNode tree = mapper.readTree(events[next++ & MASK].value());
    drop.consume(tree);
  }
}
