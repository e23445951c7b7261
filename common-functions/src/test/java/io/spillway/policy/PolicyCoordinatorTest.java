package io.spillway.policy;

import static io.spillway.policy.PolicyRecords.policy;
import static io.spillway.policy.PolicyRecords.record;
import static io.spillway.policy.PolicyRecords.text;
import static io.spillway.policy.PolicyRecords.tombstone;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.event.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.operators.coordination.MockOperatorCoordinatorContext;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator with its own thread, a topic that the test hands out, and two subtasks. */
@Timeout(60)
class PolicyCoordinatorTest {
  private static final Policy SEVENTH = new Policy(7, Map.of("admission.overload.bulk", "defer"));

  private final HandedTopic topic = new HandedTopic();
  private final MockOperatorCoordinatorContext context =
      new MockOperatorCoordinatorContext(new OperatorID(), 2);
  private final Subtask first = new Subtask(0);
  private final Subtask second = new Subtask(1);
  private PolicyCoordinator coordinator = coordinator(true);

  @AfterEach
  void close() {
    coordinator.close();
    assertThat(context.isJobFailed()).isFalse();
  }

  @Test
  void tellsEverySubtaskWhatIsInForceOnceTheTopicIsRead() throws Exception {
    coordinator.start();
    ready(first, second);
    assertThat(first.told).isEmpty();

    topic.give(policy(0, 5), policy(1, 7, "admission.overload.bulk=defer"));
    assertThat(first.policies()).as("no policy of the past").containsExactly(SEVENTH);
    assertThat(second.policies()).containsExactly(SEVENTH);
  }

  @Test
  void saysThatThereIsNoneWhereTheTopicIsEmpty() throws Exception {
    coordinator.start();
    ready(first);
    topic.give();
    assertThat(first.policies()).containsExactly(Policy.OWN);
    topic.give();
    assertThat(first.policies()).as("said once").hasSize(1);
  }

  @Test
  void tellsWhatChangesAndTellsAnAttemptThatComesLater() throws Exception {
    coordinator.start();
    ready(first);
    topic.give(policy(0, 7, "admission.overload.bulk=defer"));
    topic.give(tombstone(1));
    ready(second);
    assertThat(first.policies()).containsExactly(SEVENTH, Policy.OWN);
    assertThat(second.policies()).containsExactly(Policy.OWN);
  }

  @Test
  void tellsNobodyWhoIsGone() throws Exception {
    coordinator.start();
    ready(first, second);
    coordinator.executionAttemptFailed(1, 0, null);
    topic.give(policy(0, 7, "admission.overload.bulk=defer"));
    assertThat(first.policies()).containsExactly(SEVENTH);
    assertThat(second.told).isEmpty();
  }

  @Test
  void sendsARefusedRecordToOneSubtaskAsItWasReadAndKeepsThePolicy() throws Exception {
    coordinator.start();
    ready(first, second);
    topic.give(policy(0, 7, "admission.overload.bulk=defer"));
    topic.give(text(1, "now!"), record("transactions", 2, new byte[] {1}));
    assertThat(first.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.event()).isEqualTo(text(1, "now!"));
              assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_POLICY);
              assertThat(letter.detail()).startsWith("not JSON");
            });
    assertThat(second.letters()).isEmpty();
    assertThat(second.policies()).containsExactly(SEVENTH);
  }

  @Test
  void aCoordinatorThatOnlyFollowsReportsNothing() throws Exception {
    coordinator = coordinator(false);
    coordinator.start();
    ready(first);
    topic.give(text(0, "now!"), policy(1, 7, "admission.overload.bulk=defer"));
    assertThat(first.letters()).isEmpty();
    assertThat(first.policies()).containsExactly(SEVENTH);
  }

  @Test
  void aRefusedRecordThatIsHugeIsNamedButNotCarried() throws Exception {
    coordinator.start();
    ready(first);
    topic.give(text(0, "x".repeat(2 << 20)));
    assertThat(first.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.event().offset()).isZero();
              assertThat(letter.event().value()).isNull();
              assertThat(letter.detail()).contains("2097152 bytes").contains("too large");
            });
  }

  @Test
  void sendsARefusedRecordAgainOnlyToAnAttemptThatGoesBackToBeforeIt() throws Exception {
    coordinator.start();
    ready(first);
    topic.give(text(0, "one"));
    checkpoint(coordinator, 1);
    coordinator.notifyCheckpointComplete(1);
    topic.give(text(1, "two"));
    checkpoint(coordinator, 2);

    coordinator.executionAttemptFailed(0, 0, null);
    coordinator.subtaskReset(0, 1);
    Subtask again = new Subtask(0);
    ready(again);
    assertThat(again.letters()).extracting(letter -> letter.event().offset()).containsExactly(1L);
  }

  @Test
  void goesOnFromACheckpointWithTheOldPolicyAlthoughTheTopicHasOnlyTheBadOneLeft()
      throws Exception {
    coordinator.start();
    topic.give(policy(0, 7, "admission.overload.bulk=defer"), text(1, "now!"));
    byte[] state = checkpoint(coordinator, 1);
    coordinator.close();

    coordinator = coordinator(true);
    coordinator.resetToCheckpoint(1, state);
    coordinator.start();
    ready(first);
    assertThat(first.policies()).containsExactly(SEVENTH);
    assertThat(first.letters()).as("nobody had been given it").hasSize(1);
    topic.give(policy(2, 6));
    assertThat(topic.openedAt).containsExactly(0L, 2L);
    assertThat(first.letters()).hasSize(2);
  }

  @Test
  void whatWasReportedBeforeACheckpointIsNotReportedAfterIt() throws Exception {
    coordinator.start();
    ready(first);
    topic.give(text(0, "now!"));
    byte[] state = checkpoint(coordinator, 1);
    coordinator.close();

    coordinator = coordinator(true);
    coordinator.resetToCheckpoint(1, state);
    coordinator.start();
    ready(second, new Subtask(0));
    topic.give();
    assertThat(second.letters()).isEmpty();
    assertThat(checkpoint(coordinator, 2)).isEqualTo(state);
  }

  @Test
  void aCheckpointBeforeTheFirstReadKnowsNothing() throws Exception {
    byte[] state = checkpoint(coordinator, 1);
    coordinator = coordinator(true);
    coordinator.resetToCheckpoint(1, state);
    ready(first);
    assertThat(first.told).isEmpty();
    coordinator.resetToCheckpoint(-1, null);
  }

  @Test
  void aPolicyThatDoesNotFitTheOptionsOfTheNextStartIsRefusedThen() throws Exception {
    coordinator.start();
    topic.give(policy(0, 7, "admission.floor.high=0.9"));
    byte[] state = checkpoint(coordinator, 1);
    coordinator.close();

    coordinator =
        coordinator(
            true, AdmissionOptions.defaults().with(Map.of("admission.floor.normal", "0.5")));
    coordinator.resetToCheckpoint(1, state);
    ready(first);
    assertThat(first.policies()).containsExactly(Policy.OWN);
    assertThat(first.letters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.detail()).contains("add up to more than 1"));
  }

  @Test
  void aTopicThatCannotBeReadIsTriedAgainFromWhereItWasAndThePolicyStays() throws Exception {
    coordinator.start();
    ready(first);
    topic.give(policy(4, 7, "admission.overload.bulk=defer"));
    topic.breakDown();
    topic.breakDown();
    topic.give(policy(5, 8));
    assertThat(topic.openedAt).containsExactly(0L, 5L, 5L);
    assertThat(first.policies()).containsExactly(SEVENTH, new Policy(8, Map.of()));
    coordinator.close();
    assertThat(topic.closed).isEqualTo(3);
  }

  private PolicyCoordinator coordinator(boolean reports) {
    return coordinator(reports, AdmissionOptions.defaults());
  }

  private PolicyCoordinator coordinator(boolean reports, AdmissionOptions own) {
    return new PolicyCoordinator(
        context,
        new PolicyFeed(PolicyRecords.JOB, topic, Policy.OWN),
        own,
        reports,
        Duration.ofMillis(1));
  }

  private void ready(Subtask... subtasks) {
    for (Subtask subtask : subtasks) {
      coordinator.executionAttemptReady(subtask.number, 0, subtask);
    }
  }

  private static byte[] checkpoint(PolicyCoordinator coordinator, long id) throws Exception {
    CompletableFuture<byte[]> state = new CompletableFuture<>();
    coordinator.checkpointCoordinator(id, state);
    return state.get();
  }

  /** Remembers what it is told. */
  private static final class Subtask implements OperatorCoordinator.SubtaskGateway {
    final int number;
    final List<OperatorEvent> told = new CopyOnWriteArrayList<>();

    Subtask(int number) {
      this.number = number;
    }

    @Override
    public CompletableFuture<Acknowledge> sendEvent(OperatorEvent event) {
      told.add(event);
      return CompletableFuture.completedFuture(Acknowledge.get());
    }

    List<Policy> policies() {
      return told.stream()
          .filter(PolicyEvent.Changed.class::isInstance)
          .map(event -> ((PolicyEvent.Changed) event).policy())
          .toList();
    }

    List<DeadLetter> letters() {
      return told.stream()
          .filter(PolicyEvent.Refused.class::isInstance)
          .map(event -> ((PolicyEvent.Refused) event).letter())
          .toList();
    }

    @Override
    public ExecutionAttemptID getExecution() {
      throw new UnsupportedOperationException("a test has none");
    }

    @Override
    public int getSubtask() {
      return number;
    }
  }
}
