package io.spillway.jobs.transactions;

import io.spillway.jobs.work.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The answer to one payment, refund or balance query. {@code source} and {@code id} of the command
 * tell which; there is one decision for each.
 *
 * @param changeMinor what it changed the balance by; 0 unless approved
 * @param account after it
 */
public record Decision(ScoredCommand scored, Verdict verdict, long changeMinor, Account account) {

  /** Decisions of an account stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return scored.command().account().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether it was decided without the answer it should have had. */
  public boolean degraded() {
    return scored.risk().isDegraded();
  }

  /** This decision as it is written to Kafka; {@code time} in RFC 3339, {@code sent} in ms. */
  public byte[] toJson() {
    Command command = scored.command();
    return new JsonObject()
        .with("id", command.id())
        .with("source", command.receipt().source())
        .with("type", command.type().wireName())
        .with("account", command.account())
        .with("merchant", command.merchant())
        .with("amountMinor", command.amountMinor())
        .with("currency", command.currency().isEmpty() ? account.currency() : command.currency())
        .with("outcome", verdict.outcome())
        .with("reason", verdict.reason())
        .with("degraded", degraded())
        .with("degradedReason", scored.risk().degraded())
        .withKnown("score", scored.risk().score())
        .with("scoreAgeMillis", scored.risk().ageMillis())
        .with("velocityCount", scored.velocity().count())
        .with("velocitySumMinor", scored.velocity().sumMinor())
        .with("changeMinor", changeMinor)
        .with("balanceMinor", account.balanceMinor())
        .with("accountCurrency", account.currency())
        .with("version", account.version())
        .with("time", Instant.ofEpochMilli(command.timeMillis()).toString())
        .with("sent", command.receipt().sentMillis())
        .utf8();
  }
}
