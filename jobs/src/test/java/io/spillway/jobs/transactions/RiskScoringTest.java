package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.enrichment.Answered;
import io.spillway.enrichment.Enriched;
import io.spillway.risk.v1.ScoreRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RiskScoringTest {
  private final RiskScoring scoring = new RiskScoring();

  @Test
  void asksAboutWhatMovesMoneyAndAboutNothingElse() {
    assertThat(scoring.question(scored(CommandType.BALANCE_QUERY))).isNull();
    assertThat(scoring.question(scored(CommandType.ANALYTICS))).isNull();
    ScoreRequest question = scoring.question(scored(CommandType.PAYMENT));
    assertThat(question.getAccount()).isEqualTo("a-1");
    assertThat(question.getAmountMinor()).isEqualTo(700);
    assertThat(scoring.question(scored(CommandType.REFUND))).isNotNull();
  }

  @Test
  void aFreshScoreIsNotDegraded() {
    ScoredCommand result = result(0.3, Answered.FRESH);
    assertThat(result.risk()).isEqualTo(new Risk(0.3, ""));
    assertThat(result.risk().isDegraded()).isFalse();
  }

  @Test
  void anOldScoreIsUsedAndSaysHowOldItIs() {
    ScoredCommand payment = scored(CommandType.PAYMENT);
    assertThat(scoring.result(new Enriched<>(payment, 0.9, Answered.STALE, 1_500)).risk())
        .isEqualTo(new Risk(0.9, "stale", 1_500));
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMEOUT", "BREAKER_OPEN", "ERROR", "BAD_ANSWER", "BAD_QUESTION"})
  void withoutAScoreTheReasonIsKnown(Answered why) {
    Risk risk = result(null, why).risk();
    assertThat(risk.score()).isNaN();
    assertThat(risk.degraded()).isEqualTo(why.wireName());
  }

  @Test
  void whoWasNotAskedAboutStaysAsItWas() {
    assertThat(result(null, Answered.NOT_ASKED).risk()).isEqualTo(Risk.NOT_ASKED);
  }

  @Test
  void theLastScoreOfAnAccountStandsInWhateverTheAmount() {
    assertThat(
            scoring.staleKey(ScoreRequest.newBuilder().setAccount("a-1").setAmountMinor(1).build()))
        .isEqualTo(
            scoring.staleKey(
                ScoreRequest.newBuilder().setAccount("a-1").setAmountMinor(2).build()));
  }

  private ScoredCommand result(Double answer, Answered answered) {
    return scoring.result(new Enriched<>(scored(CommandType.PAYMENT), answer, answered));
  }

  private static ScoredCommand scored(CommandType type) {
    return CommandEvents.scored(CommandEvents.command("id-1", type, "a-1", 700, 0));
  }
}
