package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.AdmittedEvent;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.SampleEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactQuotaTest {
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
    assertThat(harness.getSideOutput(ExactQuota.DEAD_LETTERS))
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
    for (int i = 0; i < 10; i++) {
      harness.processElement(event("a", Priority.CRITICAL), 0);
    }
    send(harness, "a", 3);
    assertThat(passed(harness, "a")).isEqualTo(13);
    assertThat(harness.getSideOutput(ExactQuota.DEAD_LETTERS)).isNullOrEmpty();
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

  private static boolean isOf(int subtask, String name) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(name, MOST, 2) == subtask;
  }

  private KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness(
      int parallelism, int subtask) throws Exception {
    QuotaOptions options =
        QuotaOptions.from(
            Settings.of(
                Map.of(
                    "admission.quota.by",
                    "source",
                    "admission.quota.exact",
                    "true",
                    "admission.quota.rates",
                    "a=3;b=3"),
                QuotaOptions.OPTIONS));
    KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new ExactQuota(options, Set.of(Priority.CRITICAL))),
            new QuotaName(options, EventLimits.defaults()),
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
    harness.open();
    harness.setProcessingTime(now);
  }

  private static void send(
      KeyedOneInputStreamOperatorTestHarness<String, AdmittedEvent, AdmittedEvent> harness,
      String name,
      int n)
      throws Exception {
    for (int i = 0; i < n; i++) {
      harness.processElement(event(name, Priority.NORMAL), 0);
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
        SampleEvent.complete().header("ce_source", source).event(), priority, START, 1);
  }
}
