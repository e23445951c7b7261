package io.spillway.jobs.transactions;

import io.spillway.jobs.work.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * An account as others read it: its newest state, by its name. Written whenever the balance has
 * changed; the higher version is the newer one.
 *
 * @param changedMillis time of the command that changed it last, in milliseconds since the epoch
 */
public record AccountState(String name, Account account, long changedMillis) {

  public byte[] kafkaKey() {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** This account as it is written to Kafka. */
  public byte[] toJson() {
    return new JsonObject()
        .with("account", name)
        .with("balanceMinor", account.balanceMinor())
        .with("currency", account.currency())
        .with("version", account.version())
        .with("changed", Instant.ofEpochMilli(changedMillis).toString())
        .utf8();
  }
}
