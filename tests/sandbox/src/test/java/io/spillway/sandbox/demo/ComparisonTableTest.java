package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
  @Test
  void showsWhatWasDeferredApartFromWhatWasShedWhereAnythingWas() {
    assertThat(printed(SampleDemo.resultThatDefers()))
        .containsPattern("all stages +delivered +shed +deferred +delivered +shed +deferred")
        .containsPattern("bulk +100 % +0 % +0 % +[1-9][0-9.]* % +0 % +[1-9][0-9.]* %");
  }

  @Test
  void showsWhatWasProducedWhereNothingWasDeferred() {
    assertThat(printed(SampleDemo.result()))
        .containsPattern("all stages +produced +delivered +shed +produced +delivered +shed")
        .containsPattern("bulk +[1-9][0-9,]* +100 % +0 % +[1-9][0-9,]* +[0-9.]+ % +[1-9][0-9.]* %");
  }

  private static String printed(DemoResult result) {
    StringWriter written = new StringWriter();
    ComparisonTable.print(result, new PrintWriter(written, true));
    return written.toString();
  }
}
