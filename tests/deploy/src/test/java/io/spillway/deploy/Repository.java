package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files are that the checks read. */
final class Repository {
  static final Path ROOT = root();
  static final Path K8S = ROOT.resolve("k8s-operator");
  static final Path FLINK_CONF = ROOT.resolve("flink-conf");

  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private Repository() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The file is this text. To accept a change, run the test with {@code -Dgolden.update=true} and
   * commit the file.
   */
  static void assertGenerated(Path file, String text) {
    if (UPDATE) {
      try {
        Files.writeString(file, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertUpToDate(file, text);
  }

  static void assertUpToDate(Path file, String text) {
    assertThat(Files.exists(file) ? read(file) : "no such file")
        .as("%s is out of date: run this test with -Dgolden.update=true and commit it", file)
        .isEqualTo(text);
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("k8s-operator"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no k8s-operator above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }
}
