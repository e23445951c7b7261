package io.spillway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.IdentityFlowProcessorVerification;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;

/** The rules of Reactive Streams, by their own test kit. */
class PacedProcessorTckTest {

  @Test
  void keepsTheRulesAtFullSpeed() {
    assertThat(run(FullSpeed.class)).isGreaterThan(30);
  }

  @Test
  void keepsTheRulesWhereTheRateLimitsIt() {
    assertThat(run(Paced.class)).isGreaterThan(30);
  }

  /** Rules that hold; fails if one does not. */
  private static int run(Class<?> verification) {
    TestNG kit = new TestNG(false);
    kit.setVerbose(0);
    Results results = new Results();
    kit.addListener(results);
    kit.setTestClasses(new Class<?>[] {verification});
    kit.run();
    assertThat(results.failures).isEmpty();
    return results.passed;
  }

  private static final class Results implements ITestListener {
    final List<String> failures = new CopyOnWriteArrayList<>();
    volatile int passed;

    @Override
    public void onTestSuccess(ITestResult result) {
      passed++;
    }

    @Override
    public void onTestFailure(ITestResult result) {
      failures.add(result.getName() + ": " + result.getThrowable());
    }
  }

  /** What the kit runs. */
  public abstract static class Verification extends IdentityFlowProcessorVerification<Integer> {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService publishers = Executors.newCachedThreadPool();
    private final DoubleSupplier rate;

    Verification(double rate) {
      super(new TestEnvironment(500, 50), 200);
      this.rate = () -> rate;
    }

    @Override
    protected Flow.Processor<Integer, Integer> createIdentityFlowProcessor(int bufferSize) {
      return new PacedProcessor<>(rate, timer);
    }

    @Override
    protected Flow.Publisher<Integer> createFailedFlowPublisher() {
      PacedProcessor<Integer> failed = new PacedProcessor<>(rate, timer);
      failed.onError(new IllegalStateException("failed before it began"));
      return failed;
    }

    @Override
    public ExecutorService publisherExecutorService() {
      return publishers;
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }

    @Override
    public long maxSupportedSubscribers() {
      return 1;
    }

    @AfterClass
    public void close() {
      timer.shutdownNow();
      publishers.shutdownNow();
    }
  }

  /** Without a limit. */
  public static final class FullSpeed extends Verification {
    public FullSpeed() {
      super(Double.POSITIVE_INFINITY);
    }
  }

  /** Each request waits for permits. */
  public static final class Paced extends Verification {
    public Paced() {
      super(2_000);
    }
  }
}
