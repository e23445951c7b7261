package io.spillway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final long NOW = 1_700_000_000_000L;

  private final Claims claims = new Claims("iot");

  @Test
  void theFirstOfTwoMayReplayAndTheSecondLearnsOfIt() {
    claims.add(claim("one", NOW, false));
    claims.add(claim("two", NOW, false));
    assertThat(claims.before("one", NOW)).isEmpty();
    assertThat(claims.before("two", NOW))
        .hasValueSatisfying(c -> assertThat(c.run()).isEqualTo("one"));
  }

  @Test
  void aClaimThatIsRenewedKeepsItsPlace() {
    claims.add(claim("one", NOW - 70_000, false));
    claims.add(claim("two", NOW - 10_000, false));
    claims.add(claim("one", NOW - 5_000, false));
    assertThat(claims.before("two", NOW)).isPresent();
    assertThat(claims.before("one", NOW)).isEmpty();
  }

  @Test
  void aClaimEndsWithItsReplayOrSixtySecondsAfterItsLastSignOfLife() {
    claims.add(claim("ended", NOW, false));
    claims.add(claim("dead", NOW - Claim.VALID_MILLIS, false));
    claims.add(claim("ended", NOW, true));
    claims.add(claim("mine", NOW, false));
    assertThat(claims.before("mine", NOW)).isEmpty();
  }

  @Test
  void aReplayOfAnotherJobIsNobodysBusiness() {
    claims.add(new Claim("one", "video", NOW, false));
    claims.add(claim("two", NOW, false));
    assertThat(claims.before("two", NOW)).isEmpty();
  }

  private static Claim claim(String run, long atMillis, boolean ended) {
    return new Claim(run, "iot", atMillis, ended);
  }
}
