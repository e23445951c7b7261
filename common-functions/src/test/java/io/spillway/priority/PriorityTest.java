package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PriorityTest {
  @ParameterizedTest
  @EnumSource
  void isReadFromItsWord(Priority priority) {
    assertThat(Priority.fromWireBytes(ascii(priority.wireName()))).isSameAs(priority);
    assertThat(Priority.fromWireName(priority.wireName())).contains(priority);
  }

  /** Whatever byte stands in whichever place of a word, and a word that is shorter or longer. */
  @ParameterizedTest
  @EnumSource
  void aWordThatIsNearlyRightIsNone(Priority priority) {
    byte[] right = ascii(priority.wireName());
    for (int at = 0; at < right.length; at++) {
      for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
        byte[] word = right.clone();
        word[at] = (byte) b;
        assertThat(Priority.fromWireBytes(word)).isSameAs(b == right[at] ? priority : null);
      }
    }
    assertThat(Priority.fromWireBytes(ascii(priority.wireName() + "k"))).isNull();
    assertThat(Priority.fromWireBytes(ascii(priority.wireName().substring(1)))).isNull();
    assertThat(Priority.fromWireBytes(ascii(priority.wireName().substring(0, 3)))).isNull();
  }

  @Test
  void nothingIsNone() {
    assertThat(Priority.fromWireBytes(new byte[0])).isNull();
    assertThat(Priority.fromWireName("")).isEmpty();
  }

  @Property
  void bytesAndTextsAreReadAlike(@ForAll @Size(max = 9) byte[] word) {
    String text = new String(word, StandardCharsets.ISO_8859_1);
    assertThat(Priority.fromWireBytes(word)).isSameAs(Priority.fromWireName(text).orElse(null));
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
