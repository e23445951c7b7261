package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import io.spillway.event.TimeSpans;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyEvent;
import io.spillway.policy.PolicyFeed;
import io.spillway.policy.PolicyTopic;
import io.spillway.priority.Priority;
import io.spillway.quota.LocalQuotas;
import io.spillway.quota.QuotaName;
import io.spillway.quota.QuotaOptions;
import io.spillway.quota.Rejection;
import io.spillway.quota.Rejections;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage behind the shuffle, in a harness. */
class ExactQuotaOperatorTest {
  private static final int MOST = 16;
  private static final long START = 1_700_000_000_000L;

  private final List<KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent>>
      opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var harness : opened) {
      harness.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOverTheQuotaGoesToTheSideAndTheOthersPass(boolean objectReuse) throws Exception {
    var harness = harness(1, 0);
    if (objectReuse) {
      harness.getExecutionConfig().enableObjectReuse();
    }
    open(harness, null, START);
    send(harness, "a", 10);
    send(harness, "any", 10);
    assertThat(passed(harness, "a")).isEqualTo(3);
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS))
        .hasSize(7)
        .extracting(letter -> letter.getValue().reason(), letter -> letter.getValue().detail())
        .containsOnly(
            tuple(DeadLetter.Reason.OVER_QUOTA, "'a' is over its quota of 3.0 events a second"));
    assertThat(passed(harness, "any")).isEqualTo(10);
    harness.setProcessingTime(START + 2_000);
    send(harness, "a", 10);
    assertThat(passed(harness, "a")).isEqualTo(6);
  }

  @Test
  void aRestartAndAnotherParallelismGiveNobodyMore() throws Exception {
    var before = harness(1, 0);
    open(before, null, START);
    send(before, "a", 2);
    send(before, "b", 2);
    OperatorSubtaskState snapshot = before.snapshot(1, 1);
    int ofA = 0;
    int ofB = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      var harness = harness(2, subtask);
      open(
          harness,
          AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, MOST, 1, 2, subtask),
          START + 100);
      for (String name : List.of("a", "b")) {
        if (isOf(subtask, name)) {
          send(harness, name, 10);
        }
      }
      ofA += passed(harness, "a");
      ofB += passed(harness, "b");
    }
    assertThat(ofA).isEqualTo(1);
    assertThat(ofB).isEqualTo(1);
  }

  @Test
  void whoIsNeverTurnedAwayCountsAgainstNoQuota() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    sendAll(harness, "a", Priority.CRITICAL, 10);
    send(harness, "a", 3);
    assertThat(passed(harness, "a")).isEqualTo(13);
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS)).isNullOrEmpty();
  }

  @Test
  void aBucketFillsUpToItsBurstAndNoMore() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    send(harness, "a", 3);
    harness.setProcessingTime(START + 120_000);
    send(harness, "a", 4);
    assertThat(passed(harness, "a")).isEqualTo(6);
  }

  @Test
  void aBucketIsForgottenWhenItIsFullAgainAndNoSooner() throws Exception {
    var harness = harness(Map.of("admission.quota.rates", "a=0.001;b=3"), 1, 0);
    open(harness, null, START);
    send(harness, "a", 1);
    send(harness, "b", 1);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
    harness.setProcessingTime(START + 10_000);
    assertThat(harness.numKeyedStateEntries()).as("of the one that takes 1000 s").isEqualTo(1);
    harness.setProcessingTime(START + 900_000);
    send(harness, "a", 1);
    assertThat(passed(harness, "a")).isEqualTo(1);
    harness.setProcessingTime(START + 1_001_000);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(timers(harness)).isZero();
    send(harness, "a", 2);
    assertThat(passed(harness, "a")).isEqualTo(2);
  }

  @Test
  void aPolicyThatSlowsASourceDownKeepsItsBucketForLonger() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    send(harness, "a", 3);
    tell(harness, 1, "admission.quota.rates", "a=0.01");
    harness.setProcessingTime(START + 60_000);
    send(harness, "a", 1);
    assertThat(passed(harness, "a")).as("0.6 of a permit so far").isEqualTo(3);
    harness.setProcessingTime(START + 101_000);
    assertThat(harness.numKeyedStateEntries()).isZero();
    send(harness, "a", 2);
    assertThat(passed(harness, "a")).isEqualTo(4);
  }

  @Test
  void ratesAndBurstFollowThePolicyAndWhatWasUsedStaysUsed() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    send(harness, "a", 5);
    tell(harness, 1, "admission.quota.rates", "a=10");
    send(harness, "a", 5);
    assertThat(passed(harness, "a")).as("no permits at once").isEqualTo(3);
    harness.setProcessingTime(START + 500);
    send(harness, "a", 20);
    assertThat(passed(harness, "a")).isEqualTo(8);
    tell(harness, 2, "admission.quota.rates", "a=0");
    harness.setProcessingTime(START + 10_000);
    send(harness, "a", 5);
    assertThat(passed(harness, "a")).as("nothing at all").isEqualTo(8);
    tell(harness, 3, "admission.quota.rate", "1", "admission.quota.burst", "4s");
    send(harness, "c", 9);
    assertThat(passed(harness, "c")).as("everybody has one now").isEqualTo(4);
    harness.setProcessingTime(START + 22_000);
    send(harness, "a", 20);
    assertThat(passed(harness, "a")).as("its own rate, for 4 s").isEqualTo(20);
    follow(harness, Policy.OWN);
    send(harness, "c", 9);
    assertThat(passed(harness, "c")).as("any number").isEqualTo(13);
  }

  @Test
  void whatCameThroughUnderEachPolicyIsWhatLocalQuotasLetThrough() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    QuotaOptions options =
        QuotaOptions.from(
            Settings.of(
                Map.of("admission.quota.by", "source", "admission.quota.rates", "a=3;b=3"),
                QuotaOptions.OPTIONS));
    LocalQuotas local = new LocalQuotas(options, START * 1_000_000);
    String[] rates = {"a=3", "a=50", "a=1.5", "a=7"};
    for (int i = 0; i < 400; i++) {
      long now = START + i * 37L;
      harness.setProcessingTime(now);
      if (i % 100 == 99) {
        String next = rates[i / 100];
        tell(harness, i, "admission.quota.rates", next);
        local.follow(
            options.with(
                Settings.of(Map.of("admission.quota.rates", next), QuotaOptions.POLICY_OPTIONS)));
      }
      int before = passed(harness, "a");
      send(harness, "a", 1);
      boolean admitted = local.admits("a".getBytes(StandardCharsets.UTF_8), now * 1_000_000);
      assertThat(passed(harness, "a") - before).as("event %d", i).isEqualTo(admitted ? 1 : 0);
    }
  }

  @Test
  void whoIsTurnedAwayUnderAPolicyAloneHasAQuotaUnderItAlone() throws Exception {
    var harness = harness(Map.of("lanes.express", "critical,high"), 1, 0);
    open(harness, null, START);
    tell(harness, 1, "admission.overload.high", "block");
    sendAll(harness, "a", Priority.HIGH, 10);
    assertThat(passed(harness, "a")).isEqualTo(10);
    follow(harness, Policy.OWN);
    sendAll(harness, "a", Priority.HIGH, 10);
    assertThat(passed(harness, "a")).isEqualTo(13);
  }

  @Test
  void thePolicyIsInForceFromTheFirstEventAfterARestart() throws Exception {
    var before = harness(1, 0);
    open(before, null, START);
    tell(before, 7, "admission.quota.rates", "a=0;b=0");
    OperatorSubtaskState snapshot = before.snapshot(1, 1);
    int told = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      var harness = harness(2, subtask);
      open(
          harness,
          AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, MOST, 1, 2, subtask),
          START + 100);
      for (String name : List.of("a", "b")) {
        if (isOf(subtask, name)) {
          send(harness, name, 5);
          assertThat(passed(harness, name)).isZero();
          told++;
        }
      }
    }
    assertThat(told).isEqualTo(2);
  }

  @Test
  void aJobWithOtherOptionsNowGoesByThemWhereThePolicyDoesNotFit() throws Exception {
    var before = harness(Map.of("lanes.express", "critical,high"), 1, 0);
    open(before, null, START);
    tell(before, 7, "admission.overload.high", "block", "admission.quota.rates", "a=0");
    OperatorSubtaskState snapshot = before.snapshot(1, 1);
    var harness = harness(1, 0);
    open(harness, snapshot, START);
    send(harness, "a", 5);
    assertThat(passed(harness, "a")).isEqualTo(3);
  }

  @Test
  void itIsToldOnceASecondByNameWhoIsOverAndWhenToComeAgain() throws Exception {
    var harness = harness(Map.of("admission.quota.rates", "a=0.25;b=3"), 1, 0);
    open(harness, null, START);
    harness.setProcessingTime(START + 400);
    send(harness, "a", 3);
    sendAll(harness, "a", Priority.BULK, 2);
    send(harness, "b", 4);
    assertThat(rejections(harness)).as("not yet").isEmpty();
    harness.setProcessingTime(START + 1_000);
    assertThat(rejections(harness))
        .extracting(
            Rejection::name,
            Rejection::count,
            rejection -> rejection.throttled()[Priority.BULK.ordinal()],
            Rejection::ratePerSecond,
            Rejection::retryAfterMillis,
            Rejection::fromMillis,
            Rejection::toMillis)
        .containsExactly(
            tuple("a", 4L, 2L, 0.25, 4_000L, START, START + 1_000),
            tuple("b", 1L, 0L, 3.0, 333L, START, START + 1_000));
    harness.setProcessingTime(START + 5_000);
    assertThat(rejections(harness)).as("nobody came").hasSize(2);
    tell(harness, 1, "admission.quota.rates", "a=0");
    send(harness, "a", 1);
    harness.setProcessingTime(START + 6_000);
    assertThat(rejections(harness))
        .last()
        .extracting(Rejection::ratePerSecond, Rejection::retryAfterMillis)
        .containsExactly(0.0, 60_000L);
  }

  @Test
  void whatWasTurnedAwayIsToldBeforeACheckpointAndAtTheEnd() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    send(harness, "a", 5);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rejections(harness)).extracting(Rejection::count).containsExactly(2L);
    assertThat(counted(harness)).isEqualTo(2);
    send(harness, "a", 5);
    harness.getOperator().finish();
    assertThat(rejections(harness)).extracting(Rejection::count).containsExactly(2L, 5L);
    assertThat(counted(harness)).isEqualTo(7);
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS)).hasSize(7);
  }

  @Test
  void thereAreNoMoreProblemRecordsThanAreAllowed() throws Exception {
    var harness = harness(Map.of("admission.quota.rates", "", "admission.quota.rate", "1"), 1, 0);
    open(harness, null, START);
    int names = Rejections.MOST + 50;
    for (int i = 0; i < names; i++) {
      send(harness, "s-" + i, 2);
    }
    harness.setProcessingTime(START + 1_000);
    assertThat(rejections(harness)).hasSize(Rejections.MOST + 1);
    assertThat(rejections(harness).stream().mapToLong(Rejection::count).sum()).isEqualTo(names);
  }

  @Test
  void windowsCountWhatIsOverItInTheStratumItWasKeptIn() throws Exception {
    var harness = harness(1, 0);
    open(harness, null, START);
    send(harness, "a", 3);
    RawEvent raw = event("a", Priority.BULK).raw();
    harness.processElement(new AdmittedEvent(raw, Priority.BULK, START, 8), START);
    assertThat(harness.getSideOutput(AdmissionOperator.REJECTED)).isNullOrEmpty();
    harness.processWatermark(Long.MAX_VALUE - 1);
    assertThat(harness.getSideOutput(AdmissionOperator.REJECTED))
        .singleElement()
        .satisfies(
            one -> {
              long[] counts = one.getValue().counts();
              assertThat(counts[Strata.of(Priority.BULK, 0.125)]).isEqualTo(1);
              assertThat(Arrays.stream(counts).sum()).isEqualTo(1);
            });
  }

  private static void tell(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      long version,
      String... settings) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    follow(harness, new Policy(version, map));
  }

  private static void follow(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      Policy policy) {
    ((ExactQuotaOperator) harness.getOperator())
        .handleOperatorEvent(new PolicyEvent.Changed(policy));
  }

  private static int timers(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness) {
    return harness.numProcessingTimeTimers();
  }

  private static List<Rejection> rejections(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness) {
    var records = harness.getSideOutput(AdmissionOperator.OVER_QUOTA);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static long counted(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness) {
    return harness.getSideOutput(AdmissionOperator.REJECTED).stream()
        .mapToLong(record -> Arrays.stream(record.getValue().counts()).sum())
        .sum();
  }

  private static boolean isOf(int subtask, String name) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(name, MOST, 2) == subtask;
  }

  private KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness(
      int parallelism, int subtask) throws Exception {
    return harness(Map.of(), parallelism, subtask);
  }

  private KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness(
      Map<String, String> more, int parallelism, int subtask) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("admission.quota.by", "source");
    settings.put("admission.quota.exact", "true");
    settings.putIfAbsent("admission.quota.rates", "a=3;b=3");
    AdmissionOptions options =
        AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS));
    RejectionCounting counting =
        new RejectionCounting(
            (raw, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
            new TimeSpans(1_000, false),
            100);
    PolicyTopic nobodyReadsIt =
        offset -> {
          throw new IllegalStateException("an operator reads no topic");
        };
    KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ExactQuotaOperator(
                options,
                EventLimits.defaults(),
                counting,
                new PolicyFeed("iot", nobodyReadsIt, Policy.OWN)),
            new QuotaName(options.quotas(), EventLimits.defaults()),
            Types.STRING,
            MOST,
            parallelism,
            subtask);
    opened.add(harness);
    return harness;
  }

  private static void open(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      OperatorSubtaskState state,
      long now)
      throws Exception {
    harness.setup(
        TypeInformation.of(AdmittedEvent.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.setProcessingTime(now);
    harness.open();
  }

  private static void send(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      String name,
      int n)
      throws Exception {
    sendAll(harness, name, Priority.NORMAL, n);
  }

  private static void sendAll(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      String name,
      Priority priority,
      int n)
      throws Exception {
    for (int i = 0; i < n; i++) {
      harness.processElement(event(name, priority), 0);
    }
  }

  private static int passed(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      String name) {
    return (int)
        harness.extractOutputValues().stream()
            .map(event -> new String(event.raw().header("ce_source"), StandardCharsets.UTF_8))
            .filter(name::equals)
            .count();
  }

  private static AdmittedEvent event(String source, Priority priority) {
    return new AdmittedEvent(
        SampleEvent.bare().header("ce_source", source).event(), priority, START, 1);
  }
}
