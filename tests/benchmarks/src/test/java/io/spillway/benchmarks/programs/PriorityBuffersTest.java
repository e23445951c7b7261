package io.spillway.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PriorityBuffersTest {
  private static final int BUFFER = 4;
  private static final int OFFERED = 40;

  private record Work(Receipt event, CompletableFuture<Receipt> done) {
    void finish() {
      done.complete(event);
    }
  }

  private final BlockingQueue<Work> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Receipt> out = new LinkedBlockingQueue<>();

  @Test
  void aFullBufferDropsItsOldestAndCriticalOvertakes() throws Exception {
    try (PriorityBuffers buffers = new PriorityBuffers(BUFFER, 1, this::begin, out::add)) {
      // The worker is held up with the first, so that nothing leaves the buffers for good.
      offer(buffers, Priority.BULK, 0);
      Work first = next();
      for (int i = 1; i <= OFFERED; i++) {
        offer(buffers, Priority.BULK, i);
      }
      for (int i = 1; i <= OFFERED; i++) {
        offer(buffers, Priority.CRITICAL, i);
      }
      first.finish();
      List<Receipt> order = new ArrayList<>();
      // The newest of each priority stays whatever else is dropped; the merge draws whose turn it
      // is.
      while (of(order, Priority.CRITICAL).indexOf((long) OFFERED) < 0
          || of(order, Priority.BULK).indexOf((long) OFFERED) < 0) {
        Work work = next();
        order.add(work.event());
        work.finish();
      }
      assertThat(of(order, Priority.CRITICAL)).hasSize(OFFERED).isSorted();
      List<Long> bulk = of(order, Priority.BULK);
      // Beside the buffer, some were on their way to the merge and in it.
      assertThat(bulk).isSorted().endsWith(37L, 38L, 39L, 40L).hasSizeLessThanOrEqualTo(3 * BUFFER);
    }
  }

  private CompletableFuture<Receipt> begin(Receipt event) {
    Work work = new Work(event, new CompletableFuture<>());
    begun.add(work);
    return work.done();
  }

  private Work next() throws InterruptedException {
    Work work = begun.poll(20, TimeUnit.SECONDS);
    assertThat(work).isNotNull();
    return work;
  }

  private static void offer(PriorityBuffers buffers, Priority priority, int number) {
    buffers.offer(new Receipt("t", 0, number, "", 0, priority, 0, 1)).join();
  }

  private static List<Long> of(List<Receipt> order, Priority priority) {
    return order.stream().filter(e -> e.priority() == priority).map(Receipt::offset).toList();
  }
}
