package io.spillway.jobs.transactions;

import io.spillway.jobs.work.BadPayload;
import io.spillway.jobs.work.JsonFields;
import java.util.List;

/**
 * Reads the payload of a command: a JSON object with the text {@code account}, and for a payment or
 * refund a positive whole number {@code amountMinor} and a {@code currency} of three capital
 * letters. {@code merchant} is up to the sender, and so is the currency of other commands, which
 * have no amount. Whatever the bytes, only {@link BadPayload} leaves it. Thread safe.
 *
 * @param merchant may be empty
 * @param amountMinor minor units, above 0 if the command moves money, else 0
 * @param currency may be empty unless the command moves money
 */
public record CommandPayload(String account, String merchant, long amountMinor, String currency) {
  private static final String ACCOUNT = "account";
  private static final String MERCHANT = "merchant";
  private static final String AMOUNT = "amountMinor";
  private static final String CURRENCY = "currency";
  private static final List<String> FIELDS = List.of(ACCOUNT, MERCHANT, AMOUNT, CURRENCY);

  /** The payload of a command of this type. */
  public static CommandPayload read(CommandType type, byte[] json) throws BadPayload {
    JsonFields fields = JsonFields.read(json, FIELDS);
    CommandPayload payload =
        new CommandPayload(
            fields.text(ACCOUNT),
            fields.textOr(MERCHANT, ""),
            fields.integerOr(AMOUNT, 0),
            fields.textOr(CURRENCY, ""));
    payload.check(type);
    return payload;
  }

  private void check(CommandType type) throws BadPayload {
    if (type.movesMoney() && amountMinor <= 0) {
      throw new BadPayload("field 'amountMinor' is missing or not above 0");
    }
    if (!type.movesMoney() && amountMinor != 0) {
      throw new BadPayload("field 'amountMinor' of a command that moves no money is not 0");
    }
    if (currency.isEmpty() ? type.movesMoney() : !isCurrency(currency)) {
      throw new BadPayload("field 'currency' is not three capital letters");
    }
  }

  private static boolean isCurrency(String text) {
    return text.length() == 3 && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }
}
