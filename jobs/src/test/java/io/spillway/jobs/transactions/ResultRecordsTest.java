package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

/** What others read: fields and their order are on record here. */
class ResultRecordsTest {
  private static final long TIME = 1_732_431_234_567L;

  @Test
  void aDecisionSaysWhatWasAskedWhatWasDecidedAndWhy() {
    Command command = CommandEvents.command("id-1", CommandType.PAYMENT, "a-17", 1_250, TIME);
    Decision decision =
        new Decision(
            new ScoredCommand(command, new Velocity(2, 3_000), new Risk(0.25, "stale", 1_500)),
            Verdict.APPROVED,
            -1_250,
            new Account("EUR", -4_250, 3));
    assertThat(text(decision.toJson()))
        .isEqualTo(
            "{\"id\":\"id-1\",\"source\":\"shop-1\",\"type\":\"transaction.payment\","
                + "\"account\":\"a-17\",\"merchant\":\"m-3\",\"amountMinor\":1250,"
                + "\"currency\":\"EUR\",\"outcome\":\"approved\",\"reason\":\"\","
                + "\"degraded\":true,\"degradedReason\":\"stale\",\"score\":0.25,\"scoreAgeMillis\":1500,"
                + "\"velocityCount\":2,\"velocitySumMinor\":3000,\"changeMinor\":-1250,"
                + "\"balanceMinor\":-4250,\"accountCurrency\":\"EUR\",\"version\":3,"
                + "\"time\":\"2024-11-24T06:53:54.567Z\",\"sent\":1732431234567}");
    assertThat(text(decision.kafkaKey())).isEqualTo("a-17");
  }

  @Test
  void aBalanceQueryWithoutACurrencyIsAnsweredInThatOfTheAccount() {
    Command query = CommandEvents.command("id-1", CommandType.BALANCE_QUERY, "a-17", 0, "", TIME);
    Decision decision =
        new Decision(CommandEvents.scored(query), Verdict.ANSWERED, 0, new Account("EUR", 5, 3));
    assertThat(text(decision.toJson()))
        .contains("\"currency\":\"EUR\"", "\"outcome\":\"answered\"", "\"score\":null");
  }

  @Test
  void anAccountIsKeyedByItsName() {
    AccountState state = new AccountState("a-17", new Account("EUR", -4_250, 3), TIME);
    assertThat(text(state.toJson()))
        .isEqualTo(
            "{\"account\":\"a-17\",\"balanceMinor\":-4250,\"currency\":\"EUR\",\"version\":3,"
                + "\"changed\":\"2024-11-24T06:53:54.567Z\"}");
    assertThat(text(state.kafkaKey())).isEqualTo("a-17");
  }

  @Test
  void recordsTravelWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Command.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(ScoredCommand.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Decision.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(AccountState.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Account.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(VelocityWindow.class);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
