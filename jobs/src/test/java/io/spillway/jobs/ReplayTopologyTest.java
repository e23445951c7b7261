package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.jobs.replay.ReplayOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The graph of the replay, without a cluster or a broker. */
class ReplayTopologyTest {
  @ParameterizedTest
  @CsvSource({"MERGED, mixed", "ISOLATED, per_priority", "SINGLE, mixed"})
  void isTheSameWhateverLanesTheJobHadThatDeferred(String lanes, String inputMode)
      throws IOException {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(3);
    ReplayJob.build(
        env,
        Settings.of(
            Map.of("lanes", lanes, "input.mode", inputMode, "receipts.topic", "receipts"),
            ReplayJob.OPTIONS));
    Golden.assertFile(
        Path.of("src/test/resources/topology/replay.txt"), Topology.of(env.getStreamGraph()));
  }

  @Test
  void everyRunHasANameOfItsOwn() {
    Settings settings = Settings.of(Map.of(), ReplayJob.OPTIONS);
    assertThat(ReplayOptions.from(settings).run()).isNotEqualTo(ReplayOptions.from(settings).run());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replay.rate=-1 | replay.rate = '-1.0': write a number from 0 to 1000000000",
        "replay.rate=fast | replay.rate = 'fast': not a number; write for example 0.0",
        "replay.job=a b | replay.job = 'a b': write letters, digits, dots and dashes",
        "replay.run=a/b | replay.run = 'a/b': write letters, digits, dots and dashes",
        "corrections.topic= | corrections.topic = '':"
            + " write the name of a topic, for example iot.corrections",
      })
  void refusesWhatCannotWork(String setting, String message) {
    String[] pair = setting.split("=", 2);
    assertThatThrownBy(
            () -> ReplayOptions.from(Settings.of(Map.of(pair[0], pair[1]), ReplayJob.OPTIONS)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }
}
