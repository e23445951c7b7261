package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.streaming.api.operators.InputSelection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneTurnsTest {

  @Test
  void insistsOnExpressOnlyRightAfterAnEventOfIt() {
    LaneTurns turns = new LaneTurns(10);

    assertThat(turns.next(false)).as("nothing read yet").isEqualTo(InputSelection.ALL);
    turns.servedExpress();
    assertThat(turns.next(false)).as("express may have more").isEqualTo(InputSelection.FIRST);
    assertThat(turns.next(false)).as("it had none, or a barrier").isEqualTo(InputSelection.ALL);
    turns.servedBulk();
    assertThat(turns.next(false)).as("whoever has events").isEqualTo(InputSelection.ALL);
  }

  @Test
  void takesExpressNextAsSoonAsSomethingWaitsThere() {
    LaneTurns turns = new LaneTurns(2);

    turns.servedBulk();
    assertThat(turns.next(true)).as("came while bulk was served").isEqualTo(InputSelection.FIRST);
    turns.servedExpress();
    turns.servedExpress();
    assertThat(turns.next(true)).as("bulk has its turn").isEqualTo(InputSelection.ALL);
    turns.servedBulk();
    assertThat(turns.next(true)).as("and no more than that").isEqualTo(InputSelection.FIRST);
  }

  @Test
  void opensATurnToBulkAfterTheLongestRun() {
    LaneTurns turns = new LaneTurns(3);

    for (int round = 0; round < 2; round++) {
      turns.servedExpress();
      assertThat(turns.next(false)).isEqualTo(InputSelection.FIRST);
      turns.servedExpress();
      assertThat(turns.next(false)).isEqualTo(InputSelection.FIRST);
      turns.servedExpress();
      assertThat(turns.next(false)).isEqualTo(InputSelection.ALL);
      turns.servedBulk();
      assertThat(turns.next(false)).isEqualTo(InputSelection.ALL);
    }
  }

  /** Bulk may have had nothing to read when its turn came. */
  @Test
  void keepsTheTurnOpenUntilBulkHasHadIt() {
    LaneTurns turns = new LaneTurns(2);

    for (int i = 0; i < 5; i++) {
      turns.servedExpress();
      assertThat(turns.next(false)).isEqualTo(i == 0 ? InputSelection.FIRST : InputSelection.ALL);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1000", "0.0001, 1000", "0.01, 99", "0.1, 9", "0.5, 1", "0.9, 1", "1, 1"})
  void leavesBulkItsShare(double share, int longestRun) {
    LaneTurns turns = LaneTurns.leavingBulk(share);

    int run = 0;
    do {
      turns.servedExpress();
      run++;
    } while (turns.next(false) == InputSelection.FIRST);

    assertThat(run).isEqualTo(longestRun);
  }

  @Test
  void refusesARunOfNothing() {
    assertThatThrownBy(() -> new LaneTurns(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }
}
