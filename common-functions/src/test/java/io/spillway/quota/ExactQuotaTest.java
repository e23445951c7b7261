package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are names of their source. */
class ExactQuotaTest {
  private static final OutputTag<String> OVER = new OutputTag<>("over", Types.STRING);
  private static final int MOST = 16;
  private static final long START = 1_700_000_000_000L;

  private final List<KeyedOneInputStreamOperatorTestHarness<String, String, String>> opened =
      new ArrayList<>();

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
    assertThat(harness.getSideOutput(OVER)).hasSize(7);
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

  private KeyedOneInputStreamOperatorTestHarness<String, String, String> harness(
      int parallelism, int subtask) throws Exception {
    QuotaOptions options =
        QuotaOptions.from(
            Settings.of(Map.of("admission.quota.rates", "a=3;b=3"), QuotaOptions.OPTIONS));
    KeyedOneInputStreamOperatorTestHarness<String, String, String> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new ExactQuota<>(options, name -> Priority.NORMAL, OVER)),
            name -> name,
            Types.STRING,
            MOST,
            parallelism,
            subtask);
    opened.add(harness);
    return harness;
  }

  private static void open(
      KeyedOneInputStreamOperatorTestHarness<String, String, String> harness,
      OperatorSubtaskState state,
      long now)
      throws Exception {
    harness.setup(
        Types.STRING.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    harness.setProcessingTime(now);
  }

  private static void send(
      KeyedOneInputStreamOperatorTestHarness<String, String, String> harness, String name, int n)
      throws Exception {
    for (int i = 0; i < n; i++) {
      harness.processElement(name, 0);
    }
  }

  private static int passed(
      KeyedOneInputStreamOperatorTestHarness<String, String, String> harness, String name) {
    return (int) harness.extractOutputValues().stream().filter(name::equals).count();
  }
}
