package io.spillway.sandbox.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that Maven does not bring. Looked for in {@code .spillway/tools}, then on the path. */
public enum Program {
  PROMETHEUS(List.of("prometheus"), "tests/tools.sh prometheus"),
  /** Debian's name, then its own. */
  ALERTMANAGER(
      List.of("prometheus-alertmanager", "alertmanager"),
      "apt-get install prometheus-alertmanager"),
  /** As several distributions call it. */
  CHROMIUM(
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
      "apt-get install chromium");

  private final List<String> names;
  private final String broughtBy;

  Program(List<String> names, String broughtBy) {
    this.names = names;
    this.broughtBy = broughtBy;
  }

  /**
   * Where it is.
   *
   * @param path folders as the variable PATH lists them
   */
  public Optional<Path> find(Path root, String path) {
    List<Path> folders =
        Stream.concat(
                Stream.of(root.resolve(".spillway/tools")),
                Arrays.stream(path.split(File.pathSeparator))
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of))
            .toList();
    return names.stream()
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Where it is, on the path of this process. */
  public Optional<Path> find(Path root) {
    return find(root, System.getenv().getOrDefault("PATH", ""));
  }

  /** That it is not here, and the command that brings it. */
  public String missing() {
    return "%s is not here: %s brings it".formatted(names.get(0), broughtBy);
  }
}
