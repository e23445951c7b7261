package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;

/** The text of a graph for golden files: operators with their uids, and what shares a task. */
final class Topology {
  private Topology() {}

  static String of(StreamGraph graph) {
    return "operators (uid, name)\n" + operators(graph) + "\ntasks\n" + tasks(graph);
  }

  private static String operators(StreamGraph graph) {
    return graph.getStreamNodes().stream()
        .sorted((a, b) -> Integer.compare(a.getId(), b.getId()))
        .map(node -> "  %s, %s\n".formatted(uid(node), node.getOperatorName()))
        .collect(Collectors.joining());
  }

  private static String uid(StreamNode node) {
    assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotNull();
    return node.getTransformationUID();
  }

  private static String tasks(StreamGraph graph) {
    return StreamSupport.stream(graph.getJobGraph().getVertices().spliterator(), false)
        .map(JobVertex::getName)
        .map(name -> "  " + name + "\n")
        .sorted()
        .collect(Collectors.joining());
  }
}
