package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
  @Property
  void readsEveryNumberOfUpTo18Digits(@ForAll @LongRange(max = 999_999_999_999_999_999L) long n) {
    assertThat(HeaderText.decimal(ascii(Long.toString(n)))).isEqualTo(n);
  }

  @Property
  void readsNumbersOfEachLength(@ForAll("digits") String digits) {
    assertThat(HeaderText.decimal(ascii(digits))).isEqualTo(Long.parseLong(digits));
  }

  @Provide
  Arbitrary<String> digits() {
    return Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(18);
  }

  /** Whatever byte stands in whichever place: only ten of the 256 are digits. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 8, 9, 13, 15, 16, 17, 18})
  void oneByteThatIsNoDigitSpoilsANumber(int length) {
    for (int at = 0; at < length; at++) {
      for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
        byte[] text = ascii("1".repeat(length));
        text[at] = (byte) b;
        boolean digit = b >= '0' && b <= '9';
        assertThat(HeaderText.isDecimal(text)).isEqualTo(digit);
        assertThat(HeaderText.decimal(text) == HeaderText.NOT_DECIMAL).isNotEqualTo(digit);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1234567890123456789", "-1", "+1", "1.0", " 1", "0x1"})
  void refusesWhatIsNoPlainNumber(String text) {
    assertThat(HeaderText.isDecimal(ascii(text))).isFalse();
    assertThat(HeaderText.decimal(ascii(text))).isEqualTo(HeaderText.NOT_DECIMAL);
  }

  @Property
  void knowsUtf8AsTheDecoderDoes(@ForAll @Size(max = 20) byte[] bytes) {
    byte[] again = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    assertThat(HeaderText.isUtf8(bytes)).isEqualTo(Arrays.equals(bytes, again));
  }

  /** One byte that is not ASCII, in every place of every length around eight. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 24, 25})
  void findsTheOneByteThatIsNotUtf8(int length) {
    for (int at = 0; at < length; at++) {
      byte[] text = ascii("x".repeat(length));
      assertThat(HeaderText.isUtf8(text)).isTrue();
      text[at] = (byte) 0x80;
      assertThat(HeaderText.isUtf8(text)).isFalse();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
