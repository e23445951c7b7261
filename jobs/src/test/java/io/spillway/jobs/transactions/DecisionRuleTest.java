package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionRuleTest {
  private static final DecisionRule RULE = new DecisionRule(1_000, 5, 10_000, 0.8, 50);
  private static final Account EUR = new Account("EUR", 500, 7);

  @Test
  void takesAPaymentOffTheBalanceAndPutsARefundOnIt() {
    DecisionRule.Result paid = decide(EUR, CommandType.PAYMENT, 200, "EUR");
    assertThat(paid)
        .isEqualTo(new DecisionRule.Result(Verdict.APPROVED, new Account("EUR", 300, 8), -200));
    assertThat(decide(paid.account(), CommandType.REFUND, 50, "EUR"))
        .isEqualTo(new DecisionRule.Result(Verdict.APPROVED, new Account("EUR", 350, 9), 50));
  }

  @Test
  void fixesTheCurrencyWithTheFirstMoneyThatMoves() {
    assertThat(decide(Account.NEW, CommandType.PAYMENT, 5_000, "USD").account().currency())
        .isEmpty();
    assertThat(decide(Account.NEW, CommandType.BALANCE_QUERY, 0, "USD").account().currency())
        .isEmpty();
    assertThat(decide(Account.NEW, CommandType.REFUND, 1, "USD").account().currency())
        .isEqualTo("USD");
  }

  @ParameterizedTest
  @CsvSource({
    "PAYMENT, 1500, EUR, APPROVED",
    "PAYMENT, 1501, EUR, DECLINED_FUNDS",
    "PAYMENT, 9223372036854775807, EUR, DECLINED_FUNDS",
    "REFUND, 9223372036854775307, EUR, APPROVED",
    "REFUND, 9223372036854775308, EUR, DECLINED_OVERFLOW",
    "PAYMENT, 1, USD, DECLINED_CURRENCY",
    "REFUND, 1, USD, DECLINED_CURRENCY",
    "BALANCE_QUERY, 0, USD, ANSWERED",
    "BALANCE_QUERY, 0, '', ANSWERED",
  })
  void decidesByCurrencyAndFunds(CommandType type, long amount, String currency, Verdict verdict) {
    assertThat(decide(EUR, type, amount, currency).verdict()).isEqualTo(verdict);
  }

  @Test
  void neverWrapsBelowTheSmallestBalance() {
    Account deep = new Account("EUR", Long.MIN_VALUE + 10, 1);
    DecisionRule noLimit = new DecisionRule(Long.MAX_VALUE, 0, 0, 0.8, 50);
    assertThat(
            noLimit
                .decide(deep, scored(CommandType.PAYMENT, 11, Velocity.NONE, Risk.NOT_ASKED))
                .verdict())
        .isEqualTo(Verdict.DECLINED_OVERFLOW);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 10000, APPROVED",
    "6, 10000, DECLINED_VELOCITY",
    "5, 10001, DECLINED_VELOCITY",
  })
  void declinesWhatComesTooOftenOrTooMuch(long count, long sum, Verdict verdict) {
    ScoredCommand scored = scored(CommandType.PAYMENT, 1, new Velocity(count, sum), Risk.NOT_ASKED);
    assertThat(RULE.decide(EUR, scored).verdict()).isEqualTo(verdict);
    assertThat(new DecisionRule(1_000, 0, 0, 0.8, 50).decide(EUR, scored).verdict())
        .isEqualTo(Verdict.APPROVED);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0, '', 500, APPROVED",
    "0.79, '', 500, APPROVED",
    "0.8, '', 1, DECLINED_RISK",
    "NaN, '', 500, APPROVED",
    "NaN, timeout, 50, APPROVED",
    "NaN, timeout, 51, REVIEW",
    "0.5, stale, 50, APPROVED",
    "0.5, stale, 51, REVIEW",
    "0.9, stale, 50, DECLINED_RISK",
  })
  void goesByTheRiskAndLetsSmallAmountsPassWithoutAnAnswer(
      double score, String degraded, long amount, Verdict verdict) {
    ScoredCommand scored =
        scored(CommandType.PAYMENT, amount, Velocity.NONE, new Risk(score, degraded));
    assertThat(RULE.decide(EUR, scored).verdict()).isEqualTo(verdict);
  }

  @Test
  void changesNothingUnlessItApproves() {
    assertThat(decide(EUR, CommandType.PAYMENT, 5_000, "EUR"))
        .isEqualTo(new DecisionRule.Result(Verdict.DECLINED_FUNDS, EUR, 0));
    assertThat(decide(EUR, CommandType.BALANCE_QUERY, 0, "EUR"))
        .isEqualTo(new DecisionRule.Result(Verdict.ANSWERED, EUR, 0));
  }

  private static DecisionRule.Result decide(
      Account account, CommandType type, long amount, String currency) {
    Command command = CommandEvents.command("id", type, "a-1", amount, currency, 0);
    return RULE.decide(account, CommandEvents.scored(command));
  }

  private static ScoredCommand scored(CommandType type, long amount, Velocity velocity, Risk risk) {
    return new ScoredCommand(CommandEvents.command("id", type, "a-1", amount, 0), velocity, risk);
  }
}
