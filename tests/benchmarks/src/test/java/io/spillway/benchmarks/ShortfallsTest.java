package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that says why a figure is short of its goal, against the results of the last runs. */
class ShortfallsTest {
  private static final Pattern FIGURE = Pattern.compile("`([^`]+)`");

  @Test
  void whatIsShortOfItsGoalIsExplainedAndNothingElse() throws IOException {
    List<String> shortOfGoal = new ArrayList<>();
    String section = "";
    for (String line : Files.readAllLines(Path.of("RESULTS.md"))) {
      section = line.startsWith("## ") ? line : section;
      if (line.startsWith("| `")
          && (section.equals("## Below the floor")
              || section.equals("## Above the floor, short of the goal"))) {
        shortOfGoal.add(figures(line).get(0));
      }
    }
    List<String> explained =
        Files.readAllLines(Path.of("SHORTFALLS.md")).stream()
            .filter(line -> line.startsWith("## "))
            .flatMap(line -> figures(line).stream())
            .toList();
    assertThat(explained).containsExactlyInAnyOrderElementsOf(shortOfGoal);
  }

  private static List<String> figures(String line) {
    return FIGURE.matcher(line).results().map(found -> found.group(1)).toList();
  }
}
