package io.spillway.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that a check needs and Maven does not bring. Looked for in {@code .spillway/tools},
 * then on the path. Where it is missing the test is skipped and says what brings it; in CI it
 * fails.
 */
enum Tool {
  KUBECTL,
  PROMTOOL;

  /** How a run ended and all it has printed. */
  record Result(int exitCode, String output) {}

  Result run(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(path().toString()));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("spillway-", ".out");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        return new Result(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Path path() {
    String name = name().toLowerCase(Locale.ROOT);
    Optional<Path> found =
        Stream.concat(
                Stream.of(Repository.ROOT.resolve(".spillway/tools")),
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of))
            .map(folder -> folder.resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String missing = "%s is not here: tests/tools.sh %s brings it".formatted(name, name);
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(missing);
      }
      Assumptions.abort(missing);
    }
    return found.get();
  }
}
