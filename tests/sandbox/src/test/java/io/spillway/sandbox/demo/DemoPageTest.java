package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoPageTest {
  private static final DemoResult RESULT = SampleDemo.result();
  private static final String HTML = DemoPage.of(RESULT);

  @Test
  void itSaysWhatTheDemoShowed() throws IOException {
    assertThat(HTML).contains(RESULT.sentence()).contains("\"capacity\":2000");
    Files.writeString(Path.of("target", "demo-sample.html"), HTML);
  }

  @Test
  void dataOfBothVariantsAndThePlottingLibraryAreInIt() {
    assertThat(HTML)
        .contains("\"title\":\"Plain Flink\"")
        .contains("\"title\":\"Spillway\"")
        .contains("\"waiting\":[")
        .contains("var uPlot=");
  }

  @Test
  void nothingInItComesFromElsewhere() {
    Pattern loads =
        Pattern.compile(
            "(src|href|action)\\s*=|@import|url\\s*\\(|\\bfetch\\s*\\(|XMLHttpRequest|\\bimport\\s*\\(");
    assertThat(loads.matcher(HTML).results().map(found -> found.group()).toList()).isEmpty();
  }

  @Test
  void noPlaceholderIsLeft() {
    assertThat(HTML).doesNotContain("{{").doesNotContain("}}</");
  }
}
