package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TextPatternTest {

  @Property
  void matchesWhatTheSameRegularExpressionMatches(
      @ForAll("patterns") String pattern, @ForAll("texts") String text) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
    assertThat(matches(pattern, text)).isEqualTo(Pattern.matches(regex, text));
  }

  @Property
  void coversOnlyPatternsThatMatchNoMoreThanItDoes(
      @ForAll("patterns") String wide,
      @ForAll("patterns") String narrow,
      @ForAll("texts") String text) {
    if (TextPattern.of(wide).covers(TextPattern.of(narrow)) && matches(narrow, text)) {
      assertThat(matches(wide, text)).isTrue();
    }
  }

  @Property
  void coversItself(@ForAll("patterns") String pattern) {
    assertThat(TextPattern.of(pattern).covers(TextPattern.of(pattern))).isTrue();
  }

  @Test
  void neverMatchesAnAbsentText() {
    assertThat(TextPattern.of("*").matches(null)).isFalse();
    assertThat(TextPattern.of("*").matches(new byte[0])).isTrue();
  }

  @Test
  void doesNotCountACharacterForBothEnds() {
    assertThat(matches("aba*aba", "aba")).isFalse();
    assertThat(matches("aba*aba", "abaaba")).isTrue();
  }

  private static boolean matches(String pattern, String text) {
    return TextPattern.of(pattern).matches(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> patterns() {
    Arbitrary<String> parts = Arbitraries.strings().withChars("abü").ofMaxLength(2);
    return parts
        .flatMap(start -> parts.map(end -> start + "*" + end))
        .injectDuplicates(0.1)
        .flatMap(open -> Arbitraries.of(open, open.replace("*", "x")));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abüx").ofMaxLength(5);
  }
}
