package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaProcessTest {
  @Test
  void listensOnTheLoopbackAddressOnlyAndCreatesNoTopicByItself() {
    ClusterSpec spec = new ClusterSpec(Path.of("target/state"), 1, 1, 24_000, Map.of());

    String properties = new KafkaProcess(spec, Distribution.find()).serverProperties();

    assertThat(properties.lines())
        .contains(
            "listeners=PLAINTEXT://127.0.0.1:24000,CONTROLLER://127.0.0.1:24001",
            "auto.create.topics.enable=false",
            "log.dirs=" + spec.stateDir().resolve("kafka"));
  }
}
