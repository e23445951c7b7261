package io.spillway.edge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|in|1|15| admissionTopic = '': write a topic",
        "out|''|1|15| inputTopic = '': write a topic",
        "out|in|0|15| share = '0.0': write a number above 0 up to 1",
        "out|in|1.1|15| share = '1.1': write a number above 0 up to 1",
        "out|in|1|5| maxAge = 'PT5S': write PT6S or longer",
      })
  void refusesWhatCannotWorkNamingKeyValueAndFix(
      String out, String in, double share, long seconds, String message) {
    assertThatThrownBy(() -> new EdgeOptions(out, in, share, Duration.ofSeconds(seconds), Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
