package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The bill of materials of the jar that is deployed (CycloneDX, {@code jobs/target/bom.json})
 * against the classes in that jar: what a scanner is told is what runs.
 */
class BomITCase {
  private static final Path JOBS = Path.of("..", "..", "jobs", "target");

  /** Flink brings it; the plugin lists it because a library in the jar asks for it too. */
  private static final Set<String> FROM_FLINK = Set.of("slf4j-api");

  private static final List<Library> LIBRARIES = new ArrayList<>();
  private static final Set<String> CARRIED = new HashSet<>();

  private record Library(String name, String sha256, Path jar, Set<String> classes) {}

  @BeforeAll
  static void read() throws IOException {
    JsonNode bom = new ObjectMapper().readTree(JOBS.resolve("bom.json").toFile());
    for (JsonNode component : bom.get("components")) {
      Path jar = jar(component);
      LIBRARIES.add(
          new Library(component.get("name").asText(), sha256(component), jar, classes(jar)));
    }
    CARRIED.addAll(classes(JOBS.resolve("spillway-jobs.jar")));
    try (Stream<Path> jars = Files.list(JOBS)) {
      Path own =
          jars.filter(jar -> jar.getFileName().toString().matches("spillway-jobs-\\d.*\\.jar"))
              .findAny()
              .orElseThrow();
      CARRIED.removeAll(classes(own));
    }
  }

  @Test
  void listsALibraryForEveryClassInTheJar() {
    Set<String> unlisted = new HashSet<>(CARRIED);
    LIBRARIES.forEach(library -> unlisted.removeAll(library.classes()));
    assertThat(CARRIED).hasSizeGreaterThan(1000);
    assertThat(unlisted).isEmpty();
  }

  @Test
  void listsNothingThatIsNotInTheJar() {
    Set<String> absent =
        LIBRARIES.stream()
            .filter(library -> !library.classes().isEmpty())
            .filter(library -> Collections.disjoint(library.classes(), CARRIED))
            .map(Library::name)
            .collect(Collectors.toSet());
    assertThat(absent).isEqualTo(FROM_FLINK);
  }

  @Test
  void saysWhichFileEachLibraryIs() throws Exception {
    for (Library library : LIBRARIES) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library.jar()));
      assertThat(library.sha256()).as(library.name()).isEqualTo(HexFormat.of().formatHex(digest));
    }
  }

  /** Libraries are in Maven's repository, modules of this build on the class path. */
  private static Path jar(JsonNode component) {
    String name = component.get("name").asText();
    String version = component.get("version").asText();
    String file = name + "-" + version + ".jar";
    Path library =
        Path.of(
            System.getProperty("localRepository"),
            component.get("group").asText().replace('.', '/'),
            name,
            version,
            file);
    if (Files.exists(library)) {
      return library;
    }
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.endsWith(file))
        .findAny()
        .orElseThrow(() -> new AssertionError(file + " is listed and nowhere to be found"));
  }

  private static String sha256(JsonNode component) {
    for (JsonNode hash : component.get("hashes")) {
      if (hash.get("alg").asText().equals("SHA-256")) {
        return hash.get("content").asText();
      }
    }
    throw new AssertionError("no SHA-256 of " + component.get("name"));
  }

  private static Set<String> classes(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toSet());
    }
  }
}
