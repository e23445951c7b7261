package io.spillway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusedPoliciesTest {
  private final RefusedPolicies refused = new RefusedPolicies();
  private final List<Long> received = new ArrayList<>();

  @BeforeEach
  void addTwo() {
    refused.add(letter(1));
    refused.add(letter(2));
  }

  @Test
  void areSentOnce() {
    assertThat(send()).containsExactly(1L, 2L);
    refused.add(letter(3));
    assertThat(send()).containsExactly(3L);
    assertThat(refused.notSent()).isEmpty();
  }

  @Test
  void areSentAgainAfterAFailureThatGoesBackToBeforeThem() {
    send();
    refused.checkpoint(10);
    refused.add(letter(3));
    send();
    refused.completed(10);
    refused.reset(10);
    assertThat(send()).containsExactly(3L);
  }

  @Test
  void areAllSentAgainWhereNoCheckpointWasCompleted() {
    send();
    refused.checkpoint(10);
    refused.add(letter(3));
    send();
    refused.reset(-1);
    assertThat(send()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void goesBackToACheckpointBeforeTheLastOneThatBegan() {
    refused.checkpoint(9);
    send();
    refused.checkpoint(10);
    refused.reset(9);
    assertThat(send()).containsExactly(1L, 2L);
    refused.completed(9);
    refused.reset(9);
    assertThat(send()).containsExactly(1L, 2L);
  }

  @Test
  void whatNobodyWasThereToTakeIsPartOfTheState() {
    refused.checkpoint(1);
    refused.completed(1);
    assertThat(refused.notSent()).hasSize(2);
  }

  @Test
  void onlyTheNewestAreKept() {
    send();
    LongStream.range(3, 3 + RefusedPolicies.MOST).forEach(i -> refused.add(letter(i)));
    assertThat(send()).hasSize(RefusedPolicies.MOST).startsWith(3L);
    refused.reset(-1);
    assertThat(send()).hasSize(RefusedPolicies.MOST);
  }

  private List<Long> send() {
    received.clear();
    refused.sendTo(letter -> received.add(letter.event().offset()));
    return List.copyOf(received);
  }

  private static DeadLetter letter(long offset) {
    return new DeadLetter(
        PolicyRecords.text(offset, "x"), DeadLetter.Reason.BAD_POLICY, "not JSON");
  }
}
