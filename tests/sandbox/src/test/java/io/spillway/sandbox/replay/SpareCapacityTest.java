package io.spillway.sandbox.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.replay.SpareCapacity.Load;
import io.spillway.sandbox.replay.SpareCapacity.Room;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpareCapacityTest {
  private static final Load CALM = new Load(100, 500, 40, 10);

  private final SpareCapacity spare = new SpareCapacity(Duration.ofSeconds(30));

  @Test
  void thereIsRoomWhenNothingWasTurnedAwayForAWhile() {
    assertThat(look(0, CALM)).isEqualTo(Room.PERHAPS);
    assertThat(look(29, CALM)).isEqualTo(Room.PERHAPS);
    assertThat(look(30, CALM)).isEqualTo(Room.ENOUGH);
    assertThat(look(90, CALM)).isEqualTo(Room.ENOUGH);
  }

  @Test
  void oneEventTurnedAwayEndsItAndTheWhileBeginsAgain() {
    look(0, CALM);
    assertThat(look(30, new Load(100, 500, 41, 10))).isEqualTo(Room.NONE);
    assertThat(look(31, new Load(100, 500, 41, 10))).isEqualTo(Room.PERHAPS);
    assertThat(look(60, new Load(100, 500, 41, 10))).isEqualTo(Room.PERHAPS);
    assertThat(look(61, new Load(100, 500, 41, 10))).isEqualTo(Room.ENOUGH);
  }

  @Test
  void aJobThatWasStartedAgainCountsFromZeroAndHasTurnedNothingAway() {
    look(0, CALM);
    assertThat(look(30, new Load(100, 500, 0, 10))).isEqualTo(Room.ENOUGH);
  }

  @Test
  void aJobNearItsLimitHasNoRoom() {
    assertThat(look(0, new Load(401, 500, 0, 10))).isEqualTo(Room.NONE);
    assertThat(look(1, new Load(400, 500, 0, 10))).isEqualTo(Room.PERHAPS);
  }

  @Test
  void aJobWithALongQueueHasNoRoom() {
    assertThat(look(0, new Load(100, 500, 0, 501))).isEqualTo(Room.NONE);
  }

  @Test
  void theDelayOfAnEventLongAgoIsNoQueue() {
    assertThat(look(0, new Load(0, 500, 0, 60_000))).isEqualTo(Room.PERHAPS);
  }

  @Test
  void aJobThatHasNeverBeenBusyHasRoomAsFarAsIsKnown() {
    Load unknown = new Load(100, Double.NaN, 0, 10);
    assertThat(look(0, unknown)).isEqualTo(Room.PERHAPS);
    assertThat(look(30, unknown)).isEqualTo(Room.ENOUGH);
    assertThat(unknown.spareRate()).as("no limit").isZero();
  }

  @Test
  void whoHadToStopWaitsTwiceAsLongEachTimeButNeverForHours() {
    spare.backOff();
    look(0, CALM);
    assertThat(look(59, CALM)).isEqualTo(Room.PERHAPS);
    assertThat(look(60, CALM)).isEqualTo(Room.ENOUGH);
    for (int i = 0; i < 100; i++) {
      spare.backOff();
    }
    assertThat(spare.howLong()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void timeInWhichTheJobCouldNotBeAskedDoesNotCount() {
    look(0, CALM);
    spare.lookedInVain();
    assertThat(look(40, CALM)).isEqualTo(Room.PERHAPS);
    assertThat(look(70, CALM)).isEqualTo(Room.ENOUGH);
  }

  @Test
  void aReplayTakesHalfOfWhatIsSpare() {
    assertThat(CALM.spareRate()).isEqualTo(200);
    assertThat(new Load(500, 500, 0, 0).spareRate()).isEqualTo(1);
  }

  private Room look(long seconds, Load load) {
    return spare.look(Duration.ofSeconds(seconds).toNanos(), load);
  }
}
