package io.spillway.jobs.transactions;

/** What a decision says, and if it is no, why. */
public enum Verdict {
  APPROVED("approved", ""),
  /** A balance query, with the balance. */
  ANSWERED("answered", ""),
  DECLINED_CURRENCY("declined", "currency"),
  DECLINED_VELOCITY("declined", "velocity"),
  DECLINED_RISK("declined", "risk"),
  DECLINED_FUNDS("declined", "insufficient_funds"),
  /** The balance would be more than a long can hold. */
  DECLINED_OVERFLOW("declined", "balance_overflow"),
  /** Declined for now: too much money to approve without knowing the risk. A person must look. */
  REVIEW("review", "risk_unknown");

  private final String outcome;
  private final String reason;

  Verdict(String outcome, String reason) {
    this.outcome = outcome;
    this.reason = reason;
  }

  public String outcome() {
    return outcome;
  }

  /** Empty where there is nothing to explain. */
  public String reason() {
    return reason;
  }
}
