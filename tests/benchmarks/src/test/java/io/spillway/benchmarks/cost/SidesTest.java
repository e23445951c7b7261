package io.spillway.benchmarks.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.spillway.event.EventAttributes;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Who is compared does what is said of him: else his time means nothing. */
class SidesTest {
  private static final int SOME = 300;

  @Test
  void everyoneGrantsAPermitThatIsThereAndRefusesOneThatIsNot() {
    PermitCost cost = new PermitCost();
    for (int i = 0; i < SOME; i++) {
      assertThat(cost.granted()).isTrue();
      assertThat(cost.grantedByBucket4j()).isTrue();
      assertThat(cost.grantedByResilience4j()).isTrue();
      assertThat(cost.refused()).isFalse();
      assertThat(cost.refusedByBucket4j()).isFalse();
      assertThat(cost.refusedByResilience4j()).isFalse();
    }
  }

  @Test
  void aConcurrencyLimitGetsItsPermitsBack() {
    LimiterCost cost = new LimiterCost();
    for (int i = 0; i < SOME; i++) {
      assertThat(cost.concurrencyLimits()).isTrue();
    }
  }

  @Test
  void rulesAndRegularExpressionsComeToTheSamePriorities() {
    HeaderCost ours = new HeaderCost();
    HeaderCost theirs = new HeaderCost();
    ours.prepare();
    theirs.prepare();
    for (int i = 0; i < SOME; i++) {
      assertThat(ours.classifyByRules()).isEqualTo(theirs.classifyByRegularExpressions());
    }
  }

  @Test
  void theSdkReadsTheSameEvents() {
    HeaderCost ours = new HeaderCost();
    HeaderCost theirs = new HeaderCost();
    ours.prepare();
    theirs.prepare();
    for (int i = 0; i < SOME; i++) {
      EventAttributes event = ours.readRecord();
      CloudEvent same = theirs.readByCloudEventsSdk();
      assertThat(same.getType()).isEqualTo(event.type());
      assertThat(same.getSource()).hasToString(event.source());
      assertThat(same.getTime().toInstant().toEpochMilli()).isEqualTo(event.eventTimeMillis());
    }
  }

  @Test
  void whatComesBackFromTheNetworkIsWhatWasSent() throws IOException {
    SerializerCost cost = new SerializerCost();
    cost.prepare();
    assertThat(cost.rawByKryo()).usingRecursiveComparison().isEqualTo(cost.sent(0));
    assertThat(cost.rawAsPojo()).usingRecursiveComparison().isEqualTo(cost.sent(1));
    assertThat(cost.admittedByKryo().raw).usingRecursiveComparison().isEqualTo(cost.sent(2));
    assertThat(cost.admittedAsPojo().raw).usingRecursiveComparison().isEqualTo(cost.sent(3));
    assertThat(cost.rejectedByKryo().counts).containsExactly(cost.sentCounts(4));
    assertThat(cost.rejectedAsPojo().counts).containsExactly(cost.sentCounts(5));
    assertThat(cost.rejectedThroughTheNetwork().counts()).containsExactly(cost.sentCounts(6));
  }

  @Test
  void everySideOfAWindowKeepsTheSameValues() {
    SampleCost cost = new SampleCost();
    for (int i = 0; i < 3; i++) {
      cost.windowSample();
      cost.sketchesAlone();
      cost.histogramAndSet();
    }
    assertThat(cost.windowSample().kept()).isEqualTo(4);
    assertThat(cost.sketchesAlone().getEstimate()).isPositive();
  }
}
