package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JobNameTest {
  @Test
  void aJobHasAShortNameAndItsClassName() {
    assertThat(JobName.of("iot")).isEqualTo(JobName.IOT);
    assertThat(JobName.of("IotIngestionJob")).isEqualTo(JobName.IOT);
    assertThat(JobName.of("io.spillway.jobs.LoadGeneratorJob")).isEqualTo(JobName.LOAD);
  }

  @Test
  void anUnknownJobIsWrongUseAndTheNearestIsNamed() {
    SandboxException error =
        catchThrowableOfType(SandboxException.class, () -> JobName.of("IotIngestJob"));

    assertThat(error.exitCode()).isEqualTo(2);
    assertThat(error)
        .hasMessageContaining("'IotIngestJob'")
        .hasMessageContaining("did you mean 'IotIngestionJob'");
  }

  @Test
  void outputsAreStampedByTheBrokerAndInputsAreNot() {
    Map<String, Map<String, String>> topics = JobName.IOT.topics(Map.of("receipts.topic", "r"));

    assertThat(topics.get("iot.events")).isEmpty();
    assertThat(topics.get("iot.alerts")).isEqualTo(Topics.STAMPED_BY_BROKER);
    assertThat(topics.get("r")).isEqualTo(Topics.STAMPED_BY_BROKER);
    assertThat(topics)
        .containsOnlyKeys(
            "iot.events",
            "iot.alerts",
            "iot.aggregates",
            "iot.corrections",
            "spillway.ledger",
            "spillway.dead-letters",
            "spillway.policy",
            "r");
  }

  @Test
  void theTopicOfPoliciesIsCompactedUnlessTheJobFollowsNone() {
    assertThat(JobName.IOT.topicsToCreate(Map.of("policy.topic", "p")))
        .containsEntry("p", Topics.COMPACTED)
        .doesNotContainKey("spillway.policy");
    assertThat(JobName.IOT.topics(Map.of("policy.topic", ""))).doesNotContainKey("spillway.policy");
    assertThat(JobName.REPLAY.topics(Map.of("policy.topic", "p"))).doesNotContainKey("p");
  }

  @Test
  void inputByPriorityIsATopicForEachOfThem() {
    assertThat(JobName.IOT.topics(Map.of("input.mode", "per_priority", "input.topic", "x")))
        .containsKeys("x.critical", "x.high", "x.normal", "x.bulk")
        .doesNotContainKeys("x", "iot.events");
  }

  @Test
  void commandsComeByPriorityAndAccountsAreCompacted() {
    assertThat(JobName.TRANSACTIONS.topics(Map.of()))
        .containsEntry("transactions.commands.critical", Map.of())
        .containsEntry("transactions.decisions", Topics.STAMPED_BY_BROKER)
        .containsEntry("transactions.accounts", Topics.COMPACTED)
        .containsEntry("spillway.policy", Topics.COMPACTED)
        .doesNotContainKey("transactions.commands");
    assertThat(JobName.TRANSACTIONS.topics(Map.of("accounts.topic", "a")))
        .containsEntry("a", Topics.COMPACTED);
  }

  @Test
  void failedStartsAndResultsOfVideosHaveTopics() {
    assertThat(JobName.VIDEO.topics(Map.of("sessions.topic", "video.sessions")))
        .containsEntry("video.events", Map.of())
        .containsEntry("video.alerts", Topics.STAMPED_BY_BROKER)
        .containsEntry("video.qoe", Topics.STAMPED_BY_BROKER)
        .containsEntry("video.sessions", Topics.STAMPED_BY_BROKER)
        .containsEntry("spillway.policy", Topics.COMPACTED);
  }

  @Test
  void resultsGoWhereTheSettingsSay() {
    assertThat(JobName.VIDEO.results(Map.of("qoe.topic", "q")))
        .containsExactlyInAnyOrder("q", "video.alerts");
    assertThat(JobName.VIDEO.alerts(Map.of())).isEqualTo("video.alerts");
    assertThat(JobName.TRANSACTIONS.alerts(Map.of())).isEmpty();
  }

  @Test
  void onlyAJobThatAdmitsEventsCanBeOverloaded() {
    assertThat(JobName.VIDEO.requireAdmits()).isEqualTo(JobName.VIDEO);
    assertThatThrownBy(JobName.REPLAY::requireAdmits)
        .hasMessage("job 'replay' admits nothing: give iot, transactions, video");
  }

  @Test
  void anInputTheUserHasNamedIsNotCreated() {
    assertThat(JobName.IOT.topicsToCreate(Map.of())).containsKey("iot.events");
    assertThat(JobName.IOT.topicsToCreate(Map.of("input.topic", "iot.evnts")))
        .containsKey("iot.alerts")
        .doesNotContainKeys("iot.evnts", "iot.events");
  }

  @Test
  void aReplayNeverCreatesTheTopicThatItReadsAgain() {
    assertThat(JobName.REPLAY.topicsToCreate(Map.of()))
        .containsKeys("iot.corrections", "spillway.ledger")
        .doesNotContainKey("iot.events");
  }
}
