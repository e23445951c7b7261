package io.spillway.jobs.transactions;

import java.io.Serializable;

/**
 * Decides commands: approved or not, and what that does to the account. The first check that fails
 * is the reason: currency, velocity, risk, funds. Where the service gave no answer, small amounts
 * are approved, marked as degraded, and larger ones wait for a person. Pure; thread safe.
 *
 * @param creditLimitMinor how far below zero a payment may bring the balance
 * @param velocityMaxCount payments in the velocity window, this one included; 0: any number
 * @param velocityMaxSumMinor their sum; 0: any sum
 * @param declineScore from which score on a payment or refund is declined, above 0
 * @param degradedLimitMinor up to this amount it is approved without an answer about its risk
 */
public record DecisionRule(
    long creditLimitMinor,
    long velocityMaxCount,
    long velocityMaxSumMinor,
    double declineScore,
    long degradedLimitMinor)
    implements Serializable {

  /**
   * @param account after the decision
   * @param changeMinor of the balance
   */
  public record Result(Verdict verdict, Account account, long changeMinor) {}

  /**
   * @param scored anything but analytics
   */
  public Result decide(Account account, ScoredCommand scored) {
    Command command = scored.command();
    if (!command.type().movesMoney()) {
      return unchanged(account, Verdict.ANSWERED);
    }
    Verdict objection = objection(account, scored);
    if (objection != null) {
      return unchanged(account, objection);
    }
    boolean payment = command.type() == CommandType.PAYMENT;
    long change = payment ? -command.amountMinor() : command.amountMinor();
    Account changed;
    try {
      changed = account.changedBy(change, command.currency());
    } catch (ArithmeticException e) {
      return unchanged(account, Verdict.DECLINED_OVERFLOW);
    }
    if (payment && changed.balanceMinor() < -creditLimitMinor) {
      return unchanged(account, Verdict.DECLINED_FUNDS);
    }
    return new Result(Verdict.APPROVED, changed, change);
  }

  private Verdict objection(Account account, ScoredCommand scored) {
    Command command = scored.command();
    Velocity velocity = scored.velocity();
    Risk risk = scored.risk();
    if (!account.currency().isEmpty() && !account.currency().equals(command.currency())) {
      return Verdict.DECLINED_CURRENCY;
    }
    if (above(velocity.count(), velocityMaxCount)
        || above(velocity.sumMinor(), velocityMaxSumMinor)) {
      return Verdict.DECLINED_VELOCITY;
    }
    if (risk.score() >= declineScore) {
      return Verdict.DECLINED_RISK;
    }
    return risk.isDegraded() && command.amountMinor() > degradedLimitMinor ? Verdict.REVIEW : null;
  }

  private static boolean above(long value, long limit) {
    return limit > 0 && value > limit;
  }

  private static Result unchanged(Account account, Verdict verdict) {
    return new Result(verdict, account, 0);
  }
}
