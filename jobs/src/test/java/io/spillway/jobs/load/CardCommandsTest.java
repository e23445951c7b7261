package io.spillway.jobs.load;

import static io.spillway.jobs.load.LoadOptionsTest.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.jobs.transactions.CommandPayload;
import io.spillway.jobs.transactions.CommandType;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CardCommandsTest {
  private final CardCommands commands =
      new CardCommands(options(Map.of("events", "transactions", "event.bytes", "128")));

  @ParameterizedTest
  @CsvSource({
    "CRITICAL, transaction.payment",
    "HIGH, transaction.refund",
    "NORMAL, transaction.balance-query",
    "BULK, transaction.analytics",
  })
  void aPriorityHasTheTypeThatTheJobGivesIt(Priority priority, String type) {
    assertThat(commands.type(priority, 1)).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource
  void theJobReadsWhatIsWritten(Priority priority) throws Exception {
    CommandType type = CommandType.of(commands.type(priority, 1));
    for (int n = 1; n <= 500; n++) {
      byte[] value = commands.payload(n, n, priority, 7L * n);
      CommandPayload payload = CommandPayload.read(type, value);

      assertThat(value).hasSize(128);
      assertThat(payload.account())
          .isEqualTo("a-" + n)
          .isEqualTo(new String(commands.key(n, n), StandardCharsets.US_ASCII));
      assertThat(payload.merchant()).matches("m-([1-9]|[1-4][0-9]|50)");
      if (type.movesMoney()) {
        assertThat(payload.amountMinor()).isBetween(100L, 20_000L);
        assertThat(payload.currency()).isEqualTo("EUR");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "1000, 998"})
  void aRefundIsOfTheAmountAndMerchantOfACommandBeforeIt(long refund, long payment)
      throws Exception {
    CommandPayload given =
        CommandPayload.read(
            CommandType.PAYMENT, commands.payload(7, payment, Priority.CRITICAL, 1));
    CommandPayload back =
        CommandPayload.read(CommandType.REFUND, commands.payload(7, refund, Priority.HIGH, 2));
    assertThat(back).isEqualTo(given);
  }
}
