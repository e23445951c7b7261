package io.spillway.jobs.transactions;

import static io.spillway.jobs.transactions.CommandEvents.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.jobs.work.BadPayload;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandPayloadTest {
  @Test
  void readsAPaymentInAnyOrderAndSkipsOtherFields() throws BadPayload {
    assertThat(
            read(
                CommandType.PAYMENT,
                "{\"currency\":\"EUR\",\"x\":[{\"account\":1}],\"amountMinor\":1250,"
                    + "\"account\":\"a-17\",\"merchant\":\"m-3\"}"))
        .isEqualTo(new CommandPayload("a-17", "m-3", 1250, "EUR"));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PAYMENT", "REFUND"})
  void wantsNoAmountWhereNoMoneyMoves(CommandType type) throws BadPayload {
    CommandPayload expected = new CommandPayload("a-17", "", 0, "");
    assertThat(read(type, "{\"account\":\"a-17\"}")).isEqualTo(expected);
    assertThat(read(type, "{\"account\":\"a-17\",\"amountMinor\":0}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PAYMENT       | []                                                      | not a JSON object
          PAYMENT       | {"amountMinor":1,"currency":"EUR"}                      | field 'account' is missing or empty
          PAYMENT       | {"account":"","amountMinor":1,"currency":"EUR"}         | field 'account' is missing or empty
          PAYMENT       | {"account":7,"amountMinor":1,"currency":"EUR"}          | field 'account' is not a text
          PAYMENT       | {"account":null,"amountMinor":1,"currency":"EUR"}       | field 'account' is not a text
          PAYMENT       | {"account":"a","currency":"EUR"}                        | field 'amountMinor' is missing or not above 0
          PAYMENT       | {"account":"a","amountMinor":0,"currency":"EUR"}        | field 'amountMinor' is missing or not above 0
          REFUND        | {"account":"a","amountMinor":-5,"currency":"EUR"}       | field 'amountMinor' is missing or not above 0
          PAYMENT       | {"account":"a","amountMinor":"5","currency":"EUR"}      | field 'amountMinor' is not a whole number
          PAYMENT       | {"account":"a","amountMinor":12.5,"currency":"EUR"}     | field 'amountMinor' is not a whole number
          PAYMENT       | {"account":"a","amountMinor":1e3,"currency":"EUR"}      | field 'amountMinor' is not a whole number
          PAYMENT       | {"account":"a","amountMinor":{},"currency":"EUR"}       | field 'amountMinor' is not a whole number
          PAYMENT       | {"account":"a","amountMinor":9223372036854775808,"currency":"EUR"} | field 'amountMinor' is too large
          PAYMENT       | {"account":"a","amountMinor":1}                         | field 'currency' is not three capital letters
          PAYMENT       | {"account":"a","amountMinor":1,"currency":"eur"}        | field 'currency' is not three capital letters
          BALANCE_QUERY | {"account":"a","currency":"EURO"}                       | field 'currency' is not three capital letters
          BALANCE_QUERY | {"account":"a","amountMinor":1}                         | field 'amountMinor' of a command that moves no money is not 0
          PAYMENT       | {"account":"a","account":"b"}                           | field 'account' stands twice
          ANALYTICS     | {"account":"a"} {}                                      | something follows the JSON object
          """)
  void refusesWhatWouldFalsifyAnAccount(CommandType type, String payload, String message) {
    assertThatThrownBy(() -> read(type, payload))
        .isInstanceOf(BadPayload.class)
        .hasMessage(message);
  }

  @Test
  void takesTheLargestAmountALongHolds() throws BadPayload {
    assertThat(
            read(
                CommandType.PAYMENT,
                CommandEvents.payload(CommandType.PAYMENT, "a", Long.MAX_VALUE)))
        .extracting(CommandPayload::amountMinor)
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesAnAccountThatCouldNotBeAKey() {
    String payload = CommandEvents.payload(CommandType.PAYMENT, "a".repeat(257), 1);
    assertThatThrownBy(() -> read(CommandType.PAYMENT, payload))
        .isInstanceOf(BadPayload.class)
        .hasMessage("field 'account' is longer than 256 characters");
  }

  @Property(tries = 5_000)
  void letsNothingButARefusalOutForAnyBytes(@ForAll byte[] bytes, @ForAll CommandType type) {
    assertReadOrRefused(type, bytes);
  }

  @Property(tries = 5_000)
  void letsNothingButARefusalOutForAnyJson(@ForAll("json") String json, @ForAll CommandType type) {
    assertReadOrRefused(type, utf8(json));
  }

  /** What looks like a character set that there is not makes a parser fail in another way. */
  @ParameterizedTest
  @CsvSource({
    "0000FFFE",
    "FFFE0000",
    "0000FEFF00",
    "00007B00",
    "007B0000",
    "EFBBBF",
    "FEFF",
    "FFFE"
  })
  void refusesBytesOfCharacterSetsThatThereAreNot(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    assertThatThrownBy(() -> CommandPayload.read(CommandType.PAYMENT, bytes))
        .isInstanceOf(BadPayload.class);
  }

  private static void assertReadOrRefused(CommandType type, byte[] bytes) {
    try {
      CommandPayload payload = CommandPayload.read(type, bytes);
      assertThat(payload.account()).isNotEmpty();
      assertThat(payload.amountMinor() > 0).isEqualTo(type.movesMoney());
    } catch (BadPayload e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThanOrEqualTo(200);
    }
  }

  /** Objects with the right names and values of every kind, some of them cut or doubled. */
  @Provide
  Arbitrary<String> json() {
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of(
                "null",
                "true",
                "{}",
                "[]",
                "\"\"",
                "\"EUR\"",
                "\"a-17\"",
                "-0",
                "1e400",
                "0.1",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809"),
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.strings().ofMaxLength(8).map(text -> '"' + text + '"'),
            Arbitraries.integers().between(1, 3_000).map("["::repeat),
            Arbitraries.integers().between(900, 1_200).map("9"::repeat));
    Arbitrary<String> name =
        Arbitraries.of("account", "merchant", "amountMinor", "currency", "other", "");
    Arbitrary<String> field =
        Combinators.combine(name, value).as((n, v) -> "\"%s\":%s".formatted(n, v));
    Arbitrary<String> whole =
        field.list().ofMaxSize(6).map(fields -> "{" + String.join(",", fields) + "}");
    return Combinators.combine(whole, Arbitraries.integers().between(0, 40))
        .as(
            (text, cut) ->
                cut < 30 ? text : text.substring(0, Math.max(0, text.length() - cut + 29)));
  }

  private static CommandPayload read(CommandType type, String payload) throws BadPayload {
    return CommandPayload.read(type, utf8(payload));
  }
}
