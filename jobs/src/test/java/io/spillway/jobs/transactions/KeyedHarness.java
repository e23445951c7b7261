package io.spillway.jobs.transactions;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** A function keyed by account, in one or more subtasks, that can be stopped and restored. */
final class KeyedHarness<IN, OUT> implements AutoCloseable {
  private static final int MAX_PARALLELISM = 8;

  /** Makes the function anew, as a restart does. */
  interface Maker<IN, OUT> {
    KeyedProcessFunction<String, IN, OUT> make();
  }

  private final Maker<IN, OUT> maker;
  private final KeySelector<IN, String> key;
  private final List<KeyedOneInputStreamOperatorTestHarness<String, IN, OUT>> subtasks =
      new ArrayList<>();

  KeyedHarness(Maker<IN, OUT> maker, KeySelector<IN, String> key) throws Exception {
    this(maker, key, 1, null);
  }

  private KeyedHarness(
      Maker<IN, OUT> maker,
      KeySelector<IN, String> key,
      int parallelism,
      OperatorSubtaskState state)
      throws Exception {
    this.maker = maker;
    this.key = key;
    for (int i = 0; i < parallelism; i++) {
      KeyedOneInputStreamOperatorTestHarness<String, IN, OUT> subtask =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new KeyedProcessOperator<>(maker.make()),
              key,
              Types.STRING,
              MAX_PARALLELISM,
              parallelism,
              i);
      subtask.getExecutionConfig().enableObjectReuse();
      subtask.setup();
      if (state != null) {
        subtask.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, 1, parallelism, i));
      }
      subtask.open();
      subtasks.add(subtask);
    }
  }

  /** Takes a snapshot, ends the one subtask, and restores it in as many; outputs begin anew. */
  KeyedHarness<IN, OUT> restored(int parallelism) throws Exception {
    OperatorSubtaskState state = snapshot();
    close();
    return new KeyedHarness<>(maker, key, parallelism, state);
  }

  OperatorSubtaskState snapshot() throws Exception {
    return subtasks.get(0).snapshot(1, 1);
  }

  /** As if everything since this snapshot had not been. */
  KeyedHarness<IN, OUT> restoredFrom(OperatorSubtaskState state) throws Exception {
    close();
    return new KeyedHarness<>(maker, key, 1, state);
  }

  void add(IN value, long timeMillis) throws Exception {
    int subtask =
        KeyGroupRangeAssignment.assignKeyToParallelOperator(
            key.getKey(value), MAX_PARALLELISM, subtasks.size());
    subtasks.get(subtask).processElement(value, timeMillis);
  }

  void watermark(long millis) throws Exception {
    for (var subtask : subtasks) {
      subtask.processWatermark(millis);
    }
  }

  int stateEntries() {
    return subtasks.stream().mapToInt(subtask -> subtask.numKeyedStateEntries()).sum();
  }

  int timers() {
    return subtasks.stream().mapToInt(subtask -> subtask.numEventTimeTimers()).sum();
  }

  List<OUT> output() {
    return subtasks.stream().flatMap(subtask -> subtask.extractOutputValues().stream()).toList();
  }

  <X> List<X> side(OutputTag<X> tag) {
    List<X> all = new ArrayList<>();
    for (var subtask : subtasks) {
      ConcurrentLinkedQueue<StreamRecord<X>> records = subtask.getSideOutput(tag);
      if (records != null) {
        records.forEach(record -> all.add(record.getValue()));
      }
    }
    return all;
  }

  @Override
  public void close() {
    try {
      for (var subtask : subtasks) {
        subtask.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
