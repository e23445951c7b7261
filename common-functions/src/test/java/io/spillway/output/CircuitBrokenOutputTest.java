package io.spillway.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real targets on this machine, the operator in a harness. Each wait ends with a condition. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CircuitBrokenOutputTest {
  private static final int WINDOW = 4;

  private FakeTarget first;
  private FakeTarget second;

  @BeforeEach
  void start() throws Exception {
    first = new FakeTarget(204);
    second = new FakeTarget(204);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void eachResultGoesToTheTargetOnce() throws Exception {
    try (Output output = new Output(true, null)) {
      output.send(0, 30);
      output.await(() -> output.out().size() == 30);
      assertThat(first.taken()).containsExactlyInAnyOrderElementsOf(ids(0, 30));
      assertThat(second.asked()).isEmpty();
      assertThat(output.out())
          .allSatisfy(
              each -> {
                assertThat(each.way()).isEqualTo(HandedOver.Way.FIRST);
                assertThat(each.tries()).isEqualTo(1);
              });
    }
  }

  @Test
  void whileTheFirstFailsEachResultTakesTheSecondAndAnOpenCircuitAsksTheFirstNoMore()
      throws Exception {
    first.answers(503);
    try (Output output = new Output(true, null, Duration.ofMinutes(10))) {
      output.sendUntil(() -> output.sent() == 40);
      assertThat(second.taken()).containsExactlyElementsOf(ids(0, 40));
      assertThat(first.asked()).containsExactlyElementsOf(ids(0, WINDOW));
      assertThat(output.out()).extracting(HandedOver::way).containsOnly(HandedOver.Way.SECOND);
    }
  }

  @Test
  void theFirstIsUsedAgainWhenItIsBack() throws Exception {
    first.answers(503);
    try (Output output = new Output(true, null)) {
      output.send(0, 10);
      output.await(() -> output.out().size() == 10);
      first.answers(204);
      output.sendUntil(() -> !first.taken().isEmpty());
      output.await(() -> output.out().size() == output.sent());
      assertThat(output.out().get(output.out().size() - 1).way()).isEqualTo(HandedOver.Way.FIRST);
    }
  }

  @Test
  void withoutASecondResultsWaitUntilTheTargetIsBackAndNoneIsLost() throws Exception {
    first.answers(503);
    try (Output output = new Output(false, null)) {
      output.send(0, 8);
      output.await(() -> first.asked().size() >= WINDOW);
      assertThat(output.out()).isEmpty();
      first.answers(204);
      output.await(() -> output.out().size() == 8);
      assertThat(first.taken()).containsExactlyInAnyOrderElementsOf(ids(0, 8));
      assertThat(output.out()).anySatisfy(each -> assertThat(each.tries()).isGreaterThan(1));
    }
  }

  @Test
  void aTargetThatIsNotThereIsOneThatFails() throws Exception {
    first.close();
    try (Output output = new Output(true, null)) {
      output.send(0, 10);
      output.await(() -> output.out().size() == 10);
      assertThat(second.taken()).containsExactlyInAnyOrderElementsOf(ids(0, 10));
    }
  }

  @Test
  void whatATargetRefusesForGoodComesOutAsRefusedAndIsNotTriedElsewhere() throws Exception {
    first.answers(422);
    try (Output output = new Output(true, null)) {
      output.send(0, 10);
      output.await(() -> output.out().size() == 10);
      assertThat(output.out())
          .allSatisfy(
              each -> {
                assertThat(each.way()).isEqualTo(HandedOver.Way.REFUSED);
                assertThat(each.detail()).contains("422");
              });
      assertThat(second.asked()).isEmpty();
    }
  }

  @Test
  void resultsUnderWayAreInTheCheckpointAndAreSentAfterARestore() throws Exception {
    first.answers(503);
    OperatorSubtaskState checkpoint;
    try (Output before = new Output(false, null)) {
      before.send(0, 8);
      checkpoint = before.harness.snapshot(1, 1);
    }
    first.answers(204);
    try (Output after = new Output(false, checkpoint)) {
      after.await(() -> after.out().size() == 8);
      // What the first task had asked for last may have come through as well.
      assertThat(first.taken()).containsAll(ids(0, 8));
    }
  }

  @Test
  void aCheckpointIsTakenWhileAResultWaitsForRoomAndThatResultIsNotInIt() throws Exception {
    first.answers(503);
    AtomicReference<OperatorSubtaskState> checkpoint = new AtomicReference<>();
    try (Output output = new Output(false, null, Duration.ofMillis(50), 4)) {
      output.send(0, 4);
      // Nothing comes back, and so the fifth gets no room, before the task has done this.
      output.mail(
          () -> {
            checkpoint.set(output.harness.snapshot(1, 1));
            first.answers(204);
          });
      output.send(4, 5);
      output.await(() -> output.out().size() == 5);
    }
    try (Output after = new Output(false, checkpoint.get())) {
      after.await(() -> after.out().size() == 4);
      assertThat(after.out())
          .extracting(handedOver -> handedOver.event().offset())
          .containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    }
  }

  @Test
  void resultsAreStoredWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(HandedOver.class);
  }

  private static List<String> ids(long from, long to) {
    return LongStream.range(from, to).mapToObj(offset -> "iot.alerts-0-" + offset).toList();
  }

  private final class Output implements AutoCloseable {
    private final OneInputStreamOperatorTestHarness<RawEvent, HandedOver> harness;
    private long sent;

    Output(boolean withSecond, OperatorSubtaskState state) throws Exception {
      this(withSecond, state, Duration.ofMillis(50));
    }

    Output(boolean withSecond, OperatorSubtaskState state, Duration breakerOpen) throws Exception {
      this(withSecond, state, breakerOpen, 100);
    }

    Output(boolean withSecond, OperatorSubtaskState state, Duration breakerOpen, int inFlight)
        throws Exception {
      OutputOptions options =
          new OutputOptions(
              first.uri(),
              withSecond ? second.uri() : null,
              Duration.ofSeconds(5),
              inFlight,
              0.5,
              WINDOW,
              breakerOpen,
              Duration.ofMillis(50));
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new WaitingFactory(new CircuitBrokenOutput(options), options.inFlight()),
              TypeInformation.of(RawEvent.class)
                  .createSerializer(new ExecutionConfig().getSerializerConfig()));
      harness.setup();
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    void send(long from, long to) throws Exception {
      for (long offset = from; offset < to; offset++) {
        EventHeaders headers =
            EventHeaders.empty().with(CloudEventHeaders.CONTENT_TYPE, utf8("application/json"));
        harness.processElement(
            new RawEvent("iot.alerts", 0, offset, 0, null, utf8("{}"), headers), 0);
      }
      sent = Math.max(sent, to);
    }

    /** Goes on to send results, one when the one before is through, until this is so. */
    void sendUntil(BooleanSupplier condition) throws Exception {
      while (!condition.getAsBoolean()) {
        send(sent, sent + 1);
        await(() -> out().size() == sent);
      }
    }

    long sent() {
      return sent;
    }

    /** Something that the task is to do, as checkpoints come to it. */
    void mail(ThrowingRunnable<Exception> work) {
      harness.getTaskMailbox().put(new Mail(work, TaskMailbox.MIN_PRIORITY, "checkpoint"));
    }

    /** Lets the task's thread do what the answers ask of it, until this is so. */
    void await(BooleanSupplier condition) throws Exception {
      while (!condition.getAsBoolean()) {
        Optional<Mail> answer = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
        if (answer.isPresent()) {
          answer.get().run();
        } else {
          Thread.onSpinWait();
        }
      }
    }

    List<HandedOver> out() {
      return new ArrayList<>(harness.extractOutputValues());
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
