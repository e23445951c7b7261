package io.spillway.jobs.transactions;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.Receipt;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Commands for tests: as they would be read from Kafka, and as they are decoded. */
public final class CommandEvents {
  public static final String TOPIC = "transactions.commands";
  public static final String SOURCE = "shop-1";

  private CommandEvents() {}

  /** A command of shop-1, with the headers of a CloudEvent in binary mode. */
  public static RawEvent event(
      long offset, String id, CommandType type, long timeMillis, String payload) {
    EventHeaders headers =
        EventHeaders.empty()
            .with(CloudEventHeaders.CONTENT_TYPE, utf8("application/json"))
            .with(CloudEventHeaders.ID, utf8(id))
            .with(CloudEventHeaders.SOURCE, utf8(SOURCE))
            .with(CloudEventHeaders.TYPE, utf8(type.wireName()))
            .with(CloudEventHeaders.TIME, utf8(Instant.ofEpochMilli(timeMillis).toString()));
    return event(offset, timeMillis, headers, payload);
  }

  static RawEvent event(long offset, long timeMillis, EventHeaders headers, String payload) {
    return new RawEvent(TOPIC, 0, offset, timeMillis, null, utf8(payload), headers);
  }

  public static String payload(CommandType type, String account, long amountMinor) {
    String rest = type.movesMoney() ? ",\"amountMinor\":" + amountMinor : "";
    return "{\"account\":\"%s\",\"merchant\":\"m-3\",\"currency\":\"EUR\"%s}"
        .formatted(account, rest);
  }

  static AdmittedEvent admitted(RawEvent raw) {
    return new AdmittedEvent(raw, Priority.CRITICAL, raw.timestampMillis(), 1);
  }

  /** A command as it is decoded, in EUR. */
  static Command command(String id, CommandType type, String account, long amount, long millis) {
    return command(id, type, account, amount, "EUR", millis);
  }

  static Command command(
      String id, CommandType type, String account, long amount, String currency, long millis) {
    Priority priority = type == CommandType.PAYMENT ? Priority.CRITICAL : Priority.NORMAL;
    return new Command(
        id,
        type,
        account,
        "m-3",
        amount,
        currency,
        millis,
        new Receipt(TOPIC, 0, millis, SOURCE, 0, priority, millis, 1));
  }

  static ScoredCommand scored(Command command) {
    return new ScoredCommand(command, Velocity.NONE, Risk.NOT_ASKED);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
