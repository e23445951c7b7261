package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.jobs.load.LoadOptions;
import io.spillway.jobs.load.SendLag;
import io.spillway.jobs.load.SendLagOperator;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadGeneratorJobTest {
  private static final Map<String, Queue<Long>> SENT = new ConcurrentHashMap<>();

  @Test
  void everyStageHasAUidAndAName() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    LoadGeneratorJob.build(env, settings(Map.of()));

    List<StreamNode> nodes = List.copyOf(env.getStreamGraph(false).getStreamNodes());

    assertThat(nodes).extracting(StreamNode::getTransformationUID).doesNotContainNull();
    assertThat(nodes)
        .extracting(node -> node.getTransformationUID() + " " + node.getOperatorName())
        .contains(
            "schedule-v1 Source: events when due",
            "send-lag-v1 measure send lag",
            "load-sink-v1 send: Writer");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void endsByItselfWithEveryEventSentOnceAndEachSourceByOneSubtask(int parallelism)
      throws Exception {
    String run = "run-" + parallelism;
    LoadOptions options =
        LoadOptions.from(
            settings(
                Map.of(
                    "profile", "2000:500ms,10000:300ms",
                    "sources", "30",
                    "parallelism", String.valueOf(parallelism))));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, new Configuration());
    LoadGeneratorJob.configure(env, options);
    LoadGeneratorJob.wire(env, options, new Collecting(run));

    JobExecutionResult result = env.execute();

    SendLag lag = result.getAccumulatorResult(SendLagOperator.RESULT);
    assertThat(lag.count()).isEqualTo(4_000);
    Map<String, List<Long>> bySubtask = new HashMap<>();
    SENT.forEach(
        (writer, events) -> {
          if (writer.startsWith(run)) {
            bySubtask.put(writer, List.copyOf(events));
          }
        });
    assertThat(bySubtask).hasSize(parallelism);
    assertThat(bySubtask.values()).allSatisfy(events -> assertThat(events).isSorted());
    assertThat(bySubtask.values().stream().flatMap(List::stream).toList())
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 4_000).boxed().toList());
  }

  private static Settings settings(Map<String, String> texts) {
    return Settings.of(texts, LoadOptions.OPTIONS);
  }

  /** Keeps what each subtask sent, in order. */
  private record Collecting(String run) implements Sink<Long>, Serializable {
    @Override
    public SinkWriter<Long> createWriter(WriterInitContext context) {
      String writer = run + "/" + context.getTaskInfo().getIndexOfThisSubtask();
      Queue<Long> sent = SENT.computeIfAbsent(writer, name -> new ConcurrentLinkedQueue<>());
      return new SinkWriter<>() {
        @Override
        public void write(Long event, Context ignored) {
          sent.add(event);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
