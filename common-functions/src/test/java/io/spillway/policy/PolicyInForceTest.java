package io.spillway.policy;

import static io.spillway.policy.PolicyRecords.policy;
import static io.spillway.policy.PolicyRecords.record;
import static io.spillway.policy.PolicyRecords.text;
import static io.spillway.policy.PolicyRecords.tombstone;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.event.RawEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyInForceTest {
  private final PolicyInForce inForce =
      new PolicyInForce(PolicyRecords.JOB, AdmissionOptions.defaults());

  @Test
  void isTheOwnOptionsUntilThereIsAPolicy() {
    assertThat(inForce.policy()).isEqualTo(Policy.OWN);
  }

  @Test
  void theNextHigherVersionTakesTheWholePlaceOfTheLast() {
    take(policy(0, 1, "admission.overload.bulk=defer"));
    take(policy(1, 5, "admission.floor.high=0.2"));
    assertThat(inForce.policy()).isEqualTo(new Policy(5, Map.of("admission.floor.high", "0.2")));
    assertThat(inForce.record()).isEqualTo(policy(1, 5, "admission.floor.high=0.2"));
  }

  @Test
  void theSameOnceMoreIsNothingNew() {
    take(policy(0, 2, "admission.overload.bulk=defer"));
    take(policy(1, 2, "admission.overload.bulk=defer"));
    assertThat(inForce.record().offset()).isZero();
  }

  @Test
  void aVersionThatIsNotHigherIsRefusedAndTheOldPolicyStays() {
    take(policy(0, 7, "admission.overload.bulk=defer"));
    assertThat(inForce.take(policy(1, 7, "admission.overload.bulk=shed")))
        .contains("version 7 is in force with other settings; write a higher version");
    assertThat(inForce.take(policy(2, 6)))
        .contains("version 6 is below 7, which is in force; write a higher version");
    assertThat(inForce.policy().settings()).containsEntry("admission.overload.bulk", "defer");
  }

  @Test
  void aTombstoneGoesBackToTheOwnOptionsAndForgetsTheVersion() {
    take(policy(0, 7, "admission.overload.bulk=defer"));
    take(tombstone(1));
    assertThat(inForce.policy()).isEqualTo(Policy.OWN);
    assertThat(inForce.record()).isNull();
    take(policy(2, 1, "admission.overload.bulk=defer"));
    assertThat(inForce.policy().version()).isEqualTo(1);
  }

  @Test
  void recordsOfOtherJobsAreNothingToIt() {
    assertThat(inForce.take(record("transactions", 0, new byte[] {1}))).isEmpty();
    assertThat(inForce.take(record(null, 1, new byte[] {1}))).isEmpty();
    assertThat(inForce.take(record("transactions", 2, new Policy(3, Map.of()).toJson()))).isEmpty();
    assertThat(inForce.policy()).isEqualTo(Policy.OWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admission.overload.bulk=drop | admission.overload.bulk = 'drop':"
            + " write one of [shed, defer, block]",
        "admission.floor.high=2 | admission.floor.high = '2.0': write a share between 0 and 1",
        "admission.floor.high=0.995 | admission.floor.* = '1.005':"
            + " the floors add up to more than 1; lower one of them",
        "admission.ceiling.bulk=0.2 | admission.fill-setpoint = '0.25':"
            + " write a number above 0 and below every ceiling (0.2)",
        "admission.overload.high=block | admission.overload.high = 'block':"
            + " it would block the bulk lane; add it to lanes.express",
        "admission.max-age.bulk=9223372036854775807d | admission.max-age.bulk ="
            + " '9223372036854775807d': not a duration; write a number with its unit, such as 20ms,"
            + " 5s or 1min",
        "admission.max-age.bulk=106751991168d | admission.max-age.bulk = '9223372036915200s':"
            + " write a duration from 0 ms to 315360000000 ms",
        "admission.seed=5 | unknown setting 'admission.seed': did you mean 'admission.floor.bulk'?",
      })
  void settingsThatTheJobWouldNotStartWithAreRefusedForTheSameReason(
      String setting, String reason) {
    take(policy(0, 1, "admission.overload.bulk=defer"));
    assertThat(inForce.take(policy(1, 2, setting))).contains(reason);
    assertThat(inForce.policy().version()).isEqualTo(1);
  }

  @Test
  void whatIsNoPolicyIsRefused() {
    assertThat(inForce.take(text(0, "now!")))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("not JSON"));
  }

  private void take(RawEvent record) {
    assertThat(inForce.take(record)).isEmpty();
  }
}
