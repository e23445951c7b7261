package io.spillway.jobs.transactions;

import io.spillway.jobs.work.BadPayload;

/** What a command wants of an account. The value on the wire is {@code ce_type}. */
public enum CommandType {
  PAYMENT("transaction.payment", true),
  REFUND("transaction.refund", true),
  /** Answered with the balance. */
  BALANCE_QUERY("transaction.balance-query", false),
  /** Only counted. */
  ANALYTICS("transaction.analytics", false);

  private final String wireName;
  private final boolean movesMoney;

  CommandType(String wireName, boolean movesMoney) {
    this.wireName = wireName;
    this.movesMoney = movesMoney;
  }

  public String wireName() {
    return wireName;
  }

  /** Whether it has an amount and, if approved, changes the balance. */
  public boolean movesMoney() {
    return movesMoney;
  }

  /**
   * @throws BadPayload if there is no such type
   */
  public static CommandType of(String eventType) throws BadPayload {
    for (CommandType type : values()) {
      if (type.wireName.equals(eventType)) {
        return type;
      }
    }
    throw new BadPayload("ce_type '" + eventType + "' is no command");
  }
}
