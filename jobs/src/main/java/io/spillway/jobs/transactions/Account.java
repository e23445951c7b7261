package io.spillway.jobs.transactions;

/**
 * One account: the sum of all that was approved. Immutable.
 *
 * @param currency of its first approved payment or refund; empty before
 * @param balanceMinor negative after more payments than refunds
 * @param version how often the balance has changed
 */
public record Account(String currency, long balanceMinor, long version) {
  /** Before anything was approved. */
  public static final Account NEW = new Account("", 0, 0);

  /**
   * @throws ArithmeticException if a long cannot hold the balance
   */
  Account changedBy(long changeMinor, String inCurrency) {
    return new Account(inCurrency, Math.addExact(balanceMinor, changeMinor), version + 1);
  }
}
