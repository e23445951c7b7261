package io.spillway.benchmarks.cost;

import io.spillway.admission.Outcome;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LedgerBook;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the ledger costs an event that admission sees: noted in the book, and its share of an entry
 * that is closed and written as JSON every {@value SampleEvents#COUNT} events. An entry is of one
 * partition and one second; a job that the processors limit sees more in that time. Four of five
 * events are deferred, at random, which no bitmap can shorten. Compiled as the TaskManagers of the
 * sandbox are, by the first compiler alone, so that it can be held against an event of a job there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-XX:TieredStopAtLevel=1")
public class LedgerCost {
  private static final double DEFERRED_SHARE = 0.8;

  private final RawEvent[] events = SampleEvents.raw();
  private final Priority[] priorities = SampleEvents.priorities();
  private final Outcome[] outcomes = new Outcome[SampleEvents.COUNT];
  private final LedgerBook book = new LedgerBook("all");
  private final Terms terms =
      new Terms(0, new double[] {1, 0.731234, 0.1, 0.02}, 1_767_225_600_000L);
  private byte[] lastRecord;

  @Setup
  public void decide() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = random.nextDouble() < DEFERRED_SHARE ? Outcome.DEFERRED : Outcome.ADMIT;
    }
  }

  /** A second of one partition, and its entry. */
  @Benchmark
  @OperationsPerInvocation(SampleEvents.COUNT)
  public byte[] ledgerOfOneEvent() {
    for (int i = 0; i < SampleEvents.COUNT; i++) {
      book.record(events[i], priorities[i], outcomes[i]);
    }
    book.close(terms, entry -> lastRecord = LedgerJson.write(entry));
    return lastRecord;
  }
}
