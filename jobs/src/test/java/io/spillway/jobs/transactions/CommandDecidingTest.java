package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.jobs.work.SimulatedWork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDecidingTest {
  private static final long TTL = 60_000;
  private static final long T0 = 1_732_431_240_000L;
  private static final DecisionRule RULE = new DecisionRule(1_000, 0, 0, 0.8, 50);

  @Test
  void decidesAndKeepsTheBalance() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      add(deciding, "id-1", CommandType.REFUND, "a-1", 100);
      add(deciding, "id-2", CommandType.PAYMENT, "a-1", 30);
      add(deciding, "id-3", CommandType.BALANCE_QUERY, "a-1", 0);
      add(deciding, "id-4", CommandType.PAYMENT, "a-1", 1_071);
      assertThat(deciding.output())
          .extracting(Decision::verdict, Decision::changeMinor, Decision::account)
          .containsExactly(
              tuple(Verdict.APPROVED, 100L, new Account("EUR", 100, 1)),
              tuple(Verdict.APPROVED, -30L, new Account("EUR", 70, 2)),
              tuple(Verdict.ANSWERED, 0L, new Account("EUR", 70, 2)),
              tuple(Verdict.DECLINED_FUNDS, 0L, new Account("EUR", 70, 2)));
      assertThat(deciding.side(CommandDeciding.ACCOUNTS))
          .containsExactly(
              new AccountState("a-1", new Account("EUR", 100, 1), T0),
              new AccountState("a-1", new Account("EUR", 70, 2), T0));
      assertThat(deciding.side(CommandDeciding.RECEIPTS)).hasSize(4);
    }
  }

  @Test
  void onlyCountsAnalytics() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      add(deciding, "id-1", CommandType.ANALYTICS, "a-1", 0);
      assertThat(deciding.output()).isEmpty();
      assertThat(deciding.side(CommandDeciding.ACCOUNTS)).isEmpty();
      assertThat(deciding.side(CommandDeciding.RECEIPTS)).hasSize(1);
      assertThat(deciding.stateEntries()).isZero();
    }
  }

  @Test
  void writesNoReceiptsUnlessAsked() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(false)) {
      add(deciding, "id-1", CommandType.PAYMENT, "a-1", 1);
      add(deciding, "id-1", CommandType.PAYMENT, "a-1", 1);
      assertThat(deciding.output()).hasSize(1);
      assertThat(deciding.side(CommandDeciding.RECEIPTS)).isEmpty();
    }
  }

  /** Screening stands on each lane for itself: a copy on the other lane comes as far as here. */
  @ParameterizedTest
  @EnumSource(names = {"PAYMENT", "REFUND"})
  void movesMoneyOnceThoughACopyComesFromAnotherLane(CommandType type) throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      add(deciding, "id-1", type, "a-1", 10);
      add(deciding, "id-1", type, "a-1", 10);
      assertThat(deciding.output()).hasSize(1);
      assertThat(deciding.side(CommandDeciding.ACCOUNTS)).hasSize(1);
      assertThat(deciding.side(CommandDeciding.RECEIPTS)).hasSize(2);
    }
  }

  @Test
  void remembersADeclinedCommandToo() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      add(deciding, "id-1", CommandType.PAYMENT, "a-1", 5_000);
      add(deciding, "id-2", CommandType.REFUND, "a-1", 9_000);
      add(deciding, "id-1", CommandType.PAYMENT, "a-1", 5_000);
      assertThat(deciding.output())
          .extracting(Decision::verdict)
          .containsExactly(Verdict.DECLINED_FUNDS, Verdict.APPROVED);
    }
  }

  @Test
  void marksWhatItDecidesWithoutAnAnswerAboutTheRisk() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      Command small = CommandEvents.command("id-1", CommandType.PAYMENT, "a-1", 50, T0);
      Command large = CommandEvents.command("id-2", CommandType.PAYMENT, "a-1", 51, T0);
      Risk unknown = new Risk(Double.NaN, "timeout");
      deciding.add(new ScoredCommand(small, Velocity.NONE, unknown), T0);
      deciding.add(new ScoredCommand(large, Velocity.NONE, unknown), T0);
      assertThat(deciding.output())
          .extracting(Decision::verdict, Decision::degraded)
          .containsExactly(tuple(Verdict.APPROVED, true), tuple(Verdict.REVIEW, true));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void knowsAccountsAndDecisionsAfterARestartAtAnyParallelism(int parallelism) throws Exception {
    KeyedHarness<ScoredCommand, Decision> before = harness(true);
    for (int account = 0; account < 10; account++) {
      add(before, "id-1", CommandType.REFUND, "a-" + account, 100);
    }
    try (KeyedHarness<ScoredCommand, Decision> after = before.restored(parallelism)) {
      for (int account = 0; account < 10; account++) {
        add(after, "id-1", CommandType.REFUND, "a-" + account, 100);
        add(after, "id-2", CommandType.PAYMENT, "a-" + account, 1);
      }
      assertThat(after.output())
          .hasSize(10)
          .allSatisfy(
              decision -> assertThat(decision.account()).isEqualTo(new Account("EUR", 99, 2)));
    }
  }

  @Test
  void keepsAccountsWhenIdsAreForgotten() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      add(deciding, "id-1", CommandType.REFUND, "a-1", 100);
      deciding.watermark(T0 + 3 * TTL);
      assertThat(deciding.timers()).isZero();
      assertThat(deciding.stateEntries()).as("the account alone").isEqualTo(1);
      add(deciding, "id-2", CommandType.BALANCE_QUERY, "a-1", 0);
      assertThat(deciding.output().get(1).account()).isEqualTo(new Account("EUR", 100, 1));
    }
  }

  @Test
  void givesTheReceiptOfTheCommandItDecided() throws Exception {
    try (KeyedHarness<ScoredCommand, Decision> deciding = harness(true)) {
      Command command = CommandEvents.command("id-1", CommandType.PAYMENT, "a-1", 1, T0);
      deciding.add(CommandEvents.scored(command), T0);
      assertThat(deciding.side(CommandDeciding.RECEIPTS)).containsExactly(command.receipt());
    }
  }

  private static KeyedHarness<ScoredCommand, Decision> harness(boolean receipts) throws Exception {
    return new KeyedHarness<>(
        () -> new CommandDeciding(RULE, Duration.ofMillis(TTL), new SimulatedWork(0), receipts),
        scored -> scored.command().account());
  }

  private static void add(
      KeyedHarness<ScoredCommand, Decision> deciding,
      String id,
      CommandType type,
      String account,
      long amount)
      throws Exception {
    deciding.add(CommandEvents.scored(CommandEvents.command(id, type, account, amount, T0)), T0);
  }
}
