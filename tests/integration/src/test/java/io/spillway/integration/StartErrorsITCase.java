package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.LocalCluster;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a user of {@code ./spillway submit} sees when a job cannot start: one line that says what is
 * wrong and what to write instead, no stack trace, exit code 2.
 */
@ExtendWith(SharedCluster.class)
class StartErrorsITCase {
  private static final String EVENTS = "start-errors.events";

  /** A port of the range of the shared cluster on which nobody listens. */
  private static final String NOBODY = "127.0.0.1:26060";

  @BeforeEach
  void bringUp(LocalCluster cluster) {
    cluster.createTopic(EVENTS, 1, Map.of());
  }

  @Test
  void namesTheNearestSettingForOneThatDoesNotExist() throws Exception {
    assertThat(SubmitCommand.refused("work.micro=100"))
        .contains("unknown setting 'work.micro'")
        .contains("'work.micros'");
  }

  @Test
  void showsHowADurationIsWritten() throws Exception {
    assertThat(SubmitCommand.refused("window.size=ten"))
        .contains("window.size = 'ten'")
        .contains("not a duration")
        .contains("5s");
  }

  @Test
  void refusesFloorsThatAddUpToMoreThanOne() throws Exception {
    assertThat(SubmitCommand.refused("admission.floor.high=0.7", "admission.floor.normal=0.4"))
        .contains("admission.floor")
        .contains("add up to more than 1");
  }

  @Test
  void namesTheNearestTopicForOneThatDoesNotExist() throws Exception {
    assertThat(SubmitCommand.refused("input.topic=start-errors.evnts"))
        .contains("input.topic = 'start-errors.evnts'")
        .contains("no such topic")
        .contains(EVENTS);
  }

  @Test
  void saysThatNoBrokerAnswers() throws Exception {
    assertThat(SubmitCommand.refused("kafka.bootstrap.servers=" + NOBODY))
        .contains("kafka.bootstrap.servers = '" + NOBODY + "'")
        .contains("no broker answers");
  }
}
