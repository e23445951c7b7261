package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The graph of the job, without a cluster, a broker or a target. */
class WebhookTopologyTest {
  @Test
  void hasTheUidsAndNamesOnRecord() throws IOException {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2);
    WebhookJob.build(env, settings(Map.of("webhook.url", "http://127.0.0.1:9000/")));
    Golden.assertFile(
        Path.of("src/test/resources/topology/webhook.txt"), Topology.of(env.getStreamGraph()));
  }

  @Test
  void refusesToStartWithoutATarget() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    assertThatThrownBy(() -> WebhookJob.build(env, settings(Map.of())))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("webhook.url = ''");
  }

  private static Settings settings(Map<String, String> texts) {
    return Settings.of(texts, WebhookJob.OPTIONS);
  }
}
