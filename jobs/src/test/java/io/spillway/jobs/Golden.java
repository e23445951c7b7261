package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that a test makes and the repository keeps, so that a change of it is seen in review. To
 * accept a change, run the test with {@code -Dgolden.update=true} and commit the file.
 */
final class Golden {
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private Golden() {}

  /** The whole file is this text. */
  static void assertFile(Path file, String text) throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "no such file")
        .as("%s is out of date: run this test with -Dgolden.update=true and commit it", file)
        .isEqualTo(text);
  }

  /** What stands between two marker lines of the file is this text. */
  static void assertSection(Path file, String name, String text) throws IOException {
    String begin = "<!-- " + name + ": generated, do not edit -->\n";
    String end = "<!-- end of " + name + " -->\n";
    String whole = Files.readString(file);
    int from = whole.indexOf(begin) + begin.length();
    int to = whole.indexOf(end);
    assertThat(to).as("%s has the markers of %s", file, name).isGreaterThanOrEqualTo(from);
    assertFile(file, whole.substring(0, from) + "\n" + text + "\n" + whole.substring(to));
  }
}
