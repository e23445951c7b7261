package io.spillway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  @Test
  void isReadAsItWasWritten() throws BadPolicy {
    Policy policy =
        new Policy(7, Map.of("admission.floor.high", "0.2", "admission.overload.bulk", "defer"));
    assertThat(Policy.read(policy.toJson())).isEqualTo(policy);
  }

  @Test
  void aNumberIsAsGoodAsItsText() throws BadPolicy {
    assertThat(read("{\"settings\": {\"admission.floor.high\": 0.2}, \"version\": 1}"))
        .isEqualTo(new Policy(1, Map.of("admission.floor.high", "0.2")));
  }

  @Test
  void mayNameNothingAndIsTheOwnOptionsThen() throws BadPolicy {
    assertThat(read("{\"version\": 3, \"settings\": {}}"))
        .hasToString("version 3: the job's own options");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                           | not a JSON object
          defer                                        | not JSON: Unrecognized token 'defer'
          [7]                                          | not a JSON object
          {"version": 7, "settings": {}} {}            | not JSON: Trailing token
          {"version": 7, "version": 8, "settings": {}} | not JSON: Duplicate field 'version'
          {"version": 7}                               | settings is missing; write an object
          {"version": 7, "settings": "bulk"}           | settings is "bulk"; write an object
          {"version": 7, "setings": {}}                | unknown field 'setings'; a policy has version and settings
          {"settings": {}}                             | version is missing; write a whole number from 1
          {"version": 0, "settings": {}}               | version is 0; write a whole number from 1
          {"version": 7.5, "settings": {}}             | version is 7.5; write a whole number from 1
          {"version": "7", "settings": {}}             | version is "7"; write a whole number from 1
          {"version": 9223372036854775808, "settings": {}} | version is 9223372036854775808; write
          {"version": 7, "settings": {"a": null}}      | a is null; write a text
          {"version": 7, "settings": {"a": ["x"]}}     | a is ["x"]; write a text
          """)
  void isRefusedInOneLineForWhatItIsNot(String json, String reason) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(BadPolicy.class).hasMessageContaining(reason);
  }

  @Test
  void neitherBrokenTextNorALongOneIsShownInFull() {
    assertThatThrownBy(() -> Policy.read(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe}))
        .isInstanceOf(BadPolicy.class);
    assertThatThrownBy(() -> read("{\"version\": \"" + "9".repeat(5_000) + "\"}"))
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
    assertThatThrownBy(() -> read("9".repeat(100_000))).hasMessageContaining("at most 65536");
  }

  private static Policy read(String json) throws BadPolicy {
    return Policy.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
