package io.spillway.jobs.load;

import io.spillway.priority.Priority;
import java.util.stream.IntStream;

/**
 * For the transaction job: commands of card holders, {@code
 * {"account":"a-7","merchant":"m-3","amountMinor":1250,"currency":"EUR","filler":"..."}} with the
 * account as source and key; only what moves money has an amount. Most amounts are small and one in
 * sixteen is ten times as large. A refund gives back what the command two before it in its account
 * was about, from the same merchant, so refunds are no larger than payments.
 */
final class CardCommands implements Vocabulary {
  private static final int MERCHANTS = 50;
  private static final int LEAST_MINOR = 100;
  private static final int RANGE_MINOR = 1_900;
  private static final int LARGE = 10;
  private static final int BACK = 2;

  private static final byte[] MIDDLE = Payload.ascii("\",\"merchant\":\"m-");
  private static final byte[] AMOUNT = Payload.ascii("\",\"amountMinor\":");
  private static final byte[] CURRENCY = Payload.ascii(",\"currency\":\"EUR\"" + Payload.FILLER);
  private static final byte[] NO_AMOUNT = Payload.ascii("\"" + Payload.FILLER);

  private record Account(Sender sender, byte[] key, byte[] payloadStart) {
    static Account number(int number) {
      String name = "a-" + number;
      return new Account(
          Sender.of(name, name), Payload.ascii(name), Payload.ascii("{\"account\":\"" + name));
    }
  }

  private final Account[] accounts;
  private final long seed;
  private final Payload payload;

  CardCommands(LoadOptions options) {
    this.accounts =
        IntStream.rangeClosed(0, options.sources())
            .mapToObj(Account::number)
            .toArray(Account[]::new);
    this.seed = Share.mix(options.seed() + 5);
    this.payload = new Payload(options.eventBytes(), seed);
  }

  @Override
  public Sender sender(int source) {
    return accounts[source].sender();
  }

  @Override
  public String type(Priority priority, long sequence) {
    return switch (priority) {
      case CRITICAL -> "transaction.payment";
      case HIGH -> "transaction.refund";
      case NORMAL -> "transaction.balance-query";
      case BULK -> "transaction.analytics";
    };
  }

  @Override
  public byte[] key(int source, long sequence) {
    return accounts[source].key();
  }

  @Override
  public byte[] payload(int source, long sequence, Priority priority, long event) {
    long about = priority == Priority.HIGH ? Math.max(1, sequence - BACK) : sequence;
    long chance = Share.mix(seed ^ ((long) source << 40) ^ about);
    payload
        .begin()
        .put(accounts[source].payloadStart())
        .put(MIDDLE)
        .put(1 + (chance >>> 48) % MERCHANTS);
    return priority.compareTo(Priority.HIGH) <= 0
        ? payload.put(AMOUNT).put(amountMinor(chance)).put(CURRENCY).end()
        : payload.put(NO_AMOUNT).end();
  }

  private static long amountMinor(long chance) {
    long small = LEAST_MINOR + (chance >>> 8 & 0xffff) % RANGE_MINOR;
    return (chance & 15) == 0 ? LARGE * small : small;
  }
}
