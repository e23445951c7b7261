package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptSendsTest {
  private final PromptSends sends = new PromptSends();

  @Test
  void handsEveryEventOverWhereThereAreFew() {
    for (int tick = 0; tick < 3; tick++) {
      assertThat(handedOverOf(PromptSends.MOST)).isEqualTo(PromptSends.MOST);
      sends.refresh();
    }
  }

  @Test
  void leavesABusyLaneToItsFullBuffersUntilItIsQuietAgain() {
    assertThat(handedOverOf(PromptSends.MOST + 1)).isEqualTo(PromptSends.MOST);
    sends.refresh();
    assertThat(handedOverOf(5000)).isZero();
    sends.refresh();
    assertThat(handedOverOf(3)).as("quiet, but that is not known yet").isZero();
    sends.refresh();
    assertThat(handedOverOf(3)).isEqualTo(3);
  }

  private int handedOverOf(int events) {
    int handedOver = 0;
    for (int i = 0; i < events; i++) {
      handedOver += sends.next() ? 1 : 0;
    }
    return handedOver;
  }
}
