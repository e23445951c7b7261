package io.spillway.jobs.transactions;

import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;

/**
 * One command, as decoded. Money is in minor units of its currency, such as cents.
 *
 * @param id the event's own; unique together with {@code source}
 * @param merchant may be empty
 * @param amountMinor positive if it moves money, else 0
 * @param currency three letters (ISO 4217); may be empty unless it moves money
 * @param timeMillis when it was given, in milliseconds since the epoch
 * @param receipt its place in the input and where it came from; what is written when it is done
 */
public record Command(
    String id,
    CommandType type,
    String account,
    String merchant,
    long amountMinor,
    String currency,
    long timeMillis,
    Receipt receipt) {

  /** What makes two records the same event: source and id (CloudEvents 1.0, 3.1). Unambiguous. */
  public String identity() {
    return id.length() + ":" + id + receipt.source();
  }

  public Priority priority() {
    return receipt.priority();
  }
}
