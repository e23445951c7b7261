package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.RawEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.PooledNamesSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PooledNamesTest {

  @ParameterizedTest
  @CsvSource({
    "AT_LEAST_ONCE, pooling, false",
    "EXACTLY_ONCE, incrementing, false",
    "EXACTLY_ONCE, pooling, true"
  })
  void standsAroundTheConnectorsSinkWhereItMakesAClientOnly(
      Delivery delivery, String names, boolean around) {
    Settings settings = settings(names);

    assertThat(
            KafkaTopics.sink(
                settings,
                new JsonRecords<RawEvent>("out", event -> null, RawEvent::value),
                delivery,
                "out-v1"))
        .isExactlyInstanceOf(around ? PooledNamesSink.class : KafkaSink.class);
  }

  @Test
  void becomesTheSameOperatorsAsTheSinkWithin() {
    assertThat(sinkNodes("pooling"))
        .anyMatch(node -> node.contains("spillway-out-v1"))
        .isEqualTo(sinkNodes("incrementing"));
  }

  /** Names of operators, their types of state, and beside whom they have to run. */
  private static Set<String> sinkNodes(String names) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    Settings settings = settings(names);
    Sink<RawEvent> sink =
        KafkaTopics.sink(
            settings,
            new JsonRecords<RawEvent>("out", event -> null, RawEvent::value),
            Delivery.EXACTLY_ONCE,
            "out-v1");
    env.fromSource(KafkaTopics.source(settings, "all"), WatermarkStrategy.noWatermarks(), "events")
        .sinkTo(sink)
        .uid("out-v1");
    Set<String> nodes = new TreeSet<>();
    for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
      nodes.add(
          "%s %s %s %s"
              .formatted(
                  node.getOperatorName(),
                  node.getTransformationUID(),
                  node.getCoLocationGroup(),
                  node.getOperatorFactory().getClass().getSimpleName()));
    }
    return nodes;
  }

  private static Settings settings(String names) {
    return Settings.of(Map.of("kafka.transaction-names", names), KafkaOptions.OPTIONS);
  }
}
