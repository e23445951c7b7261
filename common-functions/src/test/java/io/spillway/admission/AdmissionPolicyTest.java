package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import io.spillway.ledger.LedgerEntry;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyEvent;
import io.spillway.policy.PolicyFeed;
import io.spillway.policy.PolicyTopic;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Admission whose policy changes while it works, in front of a lane as full as the test says. */
class AdmissionPolicyTest {
  private static final long NOW_MILLIS = 1_700_000_000_000L;
  private static final int MAX_PARALLELISM = 8;
  private static final Policy DEFER = new Policy(7, Map.of("admission.overload.bulk", "defer"));
  private static final Policy OPEN =
      new Policy(8, Map.of("admission.ceiling.bulk", "1", "admission.max-age.high", "1s"));

  private static double laneFill;

  private OneInputStreamOperatorTestHarness<RawEvent, AdmittedEvent> harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
    laneFill = 0;
  }

  @Test
  void eachEntryOfTheLedgerIsOfOnePolicy() throws Exception {
    open(Policy.OWN);
    laneFill = 0.6;
    process(1, "bulk");
    tell(DEFER);
    process(2, "bulk");
    tell(OPEN);
    process(3, "bulk");
    harness.prepareSnapshotPreBarrier(1);

    assertThat(ledger())
        .extracting(
            LedgerEntry::fromOffset,
            LedgerEntry::toOffset,
            entry -> entry.terms().policy(),
            entry -> entry.rejected().keySet().stream().findAny())
        .containsExactly(
            tuple(1L, 1L, 0L, Optional.of(Outcome.LANE_FULL)),
            tuple(2L, 2L, 7L, Optional.of(Outcome.DEFERRED)),
            tuple(3L, 3L, 8L, Optional.empty()));
  }

  @Test
  void aPolicyIsWholeAndTheOwnOptionsComeBackWithNone() throws Exception {
    open(DEFER);
    tell(OPEN);
    laneFill = 1;
    process(1, "bulk");
    tell(Policy.OWN);
    process(2, "bulk");
    harness.prepareSnapshotPreBarrier(1);
    assertThat(ledger())
        .flatExtracting(entry -> entry.rejected().keySet())
        .as("nothing is deferred any more")
        .containsExactly(Outcome.LANE_FULL, Outcome.LANE_FULL);
    assertThat(ledger()).extracting(entry -> entry.terms().policy()).containsExactly(8L, 0L);
  }

  @Test
  void theSamePolicyOnceMoreClosesNothing() throws Exception {
    open(DEFER);
    process(1, "bulk");
    tell(DEFER);
    assertThat(ledger()).isEmpty();
  }

  @Test
  void maximumAgesChange() throws Exception {
    open(Policy.OWN);
    harness.setProcessingTime(NOW_MILLIS + 2_000);
    process(1, "high");
    tell(OPEN);
    process(2, "high");
    harness.prepareSnapshotPreBarrier(1);
    assertThat(ledger())
        .flatExtracting(entry -> entry.rejected().keySet())
        .containsExactly(Outcome.EXPIRED);
  }

  @Test
  void whoeverIsWaitedForFromNowOnHasWeightOneAtOnce() throws Exception {
    open(Policy.OWN, Map.of("lanes.express", "critical,high"));
    laneFill = 0.9;
    for (int tick = 0; tick < 40; tick++) {
      for (int i = 0; i < 20; i++) {
        process(tick * 20L + i, "high");
      }
      harness.setProcessingTime(harness.getProcessingTime() + 20);
    }
    assertThat(admitted()).last().extracting(AdmittedEvent::weight).isNotEqualTo(1.0);

    tell(new Policy(1, Map.of("admission.overload.high", "block")));
    int before = admitted().size();
    process(10_000, "high");
    assertThat(admitted())
        .hasSize(before + 1)
        .last()
        .extracting(AdmittedEvent::weight)
        .isEqualTo(1.0);
  }

  @Test
  void thePolicyIsInForceFromTheFirstEventAfterAFailure() throws Exception {
    open(Policy.OWN);
    tell(DEFER);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    restore(snapshot, 1, 0);
    laneFill = 1;
    process(5, "bulk");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(ledger())
        .extracting(
            entry -> entry.terms().policy(),
            entry -> entry.rejected().containsKey(Outcome.DEFERRED))
        .containsExactly(tuple(7L, true));
  }

  @Test
  void aSubtaskThatIsNewAfterARescaleHasItToo() throws Exception {
    open(Policy.OWN);
    tell(DEFER);
    OperatorSubtaskState one =
        AbstractStreamOperatorTestHarness.repackageState(harness.snapshot(1, 1));
    harness.close();

    restore(
        AbstractStreamOperatorTestHarness.repartitionOperatorState(one, MAX_PARALLELISM, 1, 2, 1),
        2,
        1);
    process(5, "bulk");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(ledger()).extracting(entry -> entry.terms().policy()).containsExactly(7L);
  }

  @Test
  void aPolicyThatDoesNotFitTheOptionsOfTheNextStartIsNotFollowed() throws Exception {
    open(Policy.OWN, Map.of("lanes.express", "critical,high"));
    tell(new Policy(3, Map.of("admission.overload.high", "block")));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    restore(snapshot, 1, 0);
    process(1, "high");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(ledger()).extracting(entry -> entry.terms().policy()).containsExactly(0L);
  }

  @Test
  void aJobThatFollowsNoneForgetsThePolicyOfItsSavepoint() throws Exception {
    open(DEFER);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    harness = new OneInputStreamOperatorTestHarness<>(operator(Map.of(), null));
    harness.initializeState(snapshot);
    harness.open();
    process(1, "bulk");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(ledger()).extracting(entry -> entry.terms().policy()).containsExactly(0L);
  }

  @Test
  void aRefusedRecordIsADeadLetterAsItWasRead() throws Exception {
    open(DEFER);
    RawEvent record =
        new RawEvent("spillway.policy", 0, 9, 5, utf8("iot"), utf8("now!"), EventHeaders.empty());
    DeadLetter letter = new DeadLetter(record, DeadLetter.Reason.BAD_POLICY, "not JSON");
    operator().handleOperatorEvent(PolicyEvent.Refused.of(letter));
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS))
        .extracting(StreamRecord::getValue)
        .containsExactly(letter);
  }

  @Test
  void whatComesAfterTheEndIsTooLate() throws Exception {
    open(DEFER);
    process(1, "bulk");
    harness.getOperator().finish();
    tell(OPEN);
    assertThat(ledger()).hasSize(1);
  }

  private void open(Policy first) throws Exception {
    open(first, Map.of());
  }

  private void open(Policy first, Map<String, String> settings) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(operator(settings, first), MAX_PARALLELISM, 1, 0);
    harness.setProcessingTime(NOW_MILLIS);
    harness.open();
  }

  private void restore(OperatorSubtaskState state, int parallelism, int subtask) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            operator(Map.of(), OPEN), MAX_PARALLELISM, parallelism, subtask);
    harness.setProcessingTime(NOW_MILLIS);
    harness.initializeState(state);
    harness.open();
  }

  private static AdmissionOperator operator(Map<String, String> settings, Policy first) {
    AdmissionOptions options =
        AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS));
    PolicyTopic nobodyReadsIt =
        offset -> {
          throw new IllegalStateException("an operator reads no topic");
        };
    return new FullLanes(
        options, first == null ? null : new PolicyFeed("iot", nobodyReadsIt, first));
  }

  private AdmissionOperator operator() {
    return (AdmissionOperator) harness.getOperator();
  }

  private void tell(Policy policy) {
    operator().handleOperatorEvent(new PolicyEvent.Changed(policy));
  }

  private void process(long offset, String priority) throws Exception {
    RawEvent event =
        SampleEvent.bare()
            .header(CloudEventHeaders.ID, "id-" + offset)
            .header(CloudEventHeaders.PRIORITY, priority)
            .event();
    event =
        new RawEvent(event.topic(), 0, offset, NOW_MILLIS, null, event.value(), event.headers());
    harness.processElement(event, NOW_MILLIS);
  }

  private List<AdmittedEvent> admitted() {
    Queue<StreamRecord<AdmittedEvent>> express =
        harness.getSideOutput(new Lane(Lane.EXPRESS, Set.of()).tag());
    return express == null ? List.of() : express.stream().map(StreamRecord::getValue).toList();
  }

  private List<LedgerEntry> ledger() {
    Queue<StreamRecord<LedgerEntry>> entries = harness.getSideOutput(AdmissionOperator.LEDGER);
    return entries == null ? List.of() : entries.stream().map(StreamRecord::getValue).toList();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Lanes as full as the test says. */
  private static final class FullLanes extends AdmissionOperator {
    private static final long serialVersionUID = 1L;

    private final List<Lane> lanes;

    FullLanes(AdmissionOptions options, PolicyFeed policies) {
      super(
          options,
          EventLimits.defaults(),
          PriorityRules.none(),
          Lane.ALL,
          Lane.of(options),
          null,
          policies);
      lanes = Lane.of(options);
    }

    @Override
    Map<OutputTag<?>, LaneBuffers> laneBuffers() {
      LaneBuffers full =
          new LaneBuffers() {
            @Override
            public double fill() {
              return laneFill;
            }
          };
      return Map.of(lanes.get(lanes.size() - 1).tag(), full);
    }
  }
}
