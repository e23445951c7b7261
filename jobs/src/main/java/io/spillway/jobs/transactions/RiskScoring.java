package io.spillway.jobs.transactions;

import io.spillway.enrichment.Enriched;
import io.spillway.enrichment.Enriching;
import io.spillway.risk.v1.ScoreRequest;

/**
 * Asks for the risk of what moves money. Where the service does not answer, the last score of the
 * same account stands in, marked as degraded, with its age; what that is good for is up to {@link
 * DecisionRule}.
 */
public final class RiskScoring
    implements Enriching<ScoredCommand, ScoreRequest, Double, ScoredCommand> {
  public static final String UID = "score-risk";
  public static final String NAME = "score risk";

  private static final long serialVersionUID = 1L;

  @Override
  public ScoreRequest question(ScoredCommand scored) {
    Command command = scored.command();
    return command.type().movesMoney()
        ? ScoreRequest.newBuilder()
            .setAccount(command.account())
            .setMerchant(command.merchant())
            .setAmountMinor(command.amountMinor())
            .setCurrency(command.currency())
            .build()
        : null;
  }

  @Override
  public ScoredCommand result(Enriched<ScoredCommand, Double> enriched) {
    boolean known = enriched.answer() != null;
    if (!known && !enriched.degraded()) {
      return enriched.value();
    }
    double score = known ? enriched.answer() : Double.NaN;
    return enriched.value().with(new Risk(score, enriched.reason(), enriched.ageMillis()));
  }

  @Override
  public Object staleKey(ScoreRequest question) {
    return question.getAccount();
  }
}
