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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bills of materials (CycloneDX, {@code target/bom.json}) of the jar that is deployed and of
 * the one that SQL queries ship, against the classes in these jars: what a scanner is told is what
 * runs.
 */
class BomITCase {
  private static final Path ROOT = Path.of("..", "..");

  private record Library(String name, String sha256, Path jar, Set<String> classes) {}

  /** A jar that carries its dependencies. */
  enum Bundle {
    /** Flink brings slf4j; the plugin lists it because a library in the jar asks for it too. */
    JOBS("jobs", "spillway-jobs", 1000, Map.of(), Set.of("slf4j-api")),
    SQL(
        "sql/functions",
        "spillway-sql",
        400,
        Map.of(
            "net/openhft/", "io/spillway/sql/shaded/openhft/",
            "org/roaringbitmap/", "io/spillway/sql/shaded/roaringbitmap/",
            "org/apache/datasketches/", "io/spillway/sql/shaded/datasketches/",
            "org/apache/commons/", "io/spillway/sql/shaded/commons/"),
        Set.of());

    private final Path target;
    private final String jar;
    private final int atLeast;
    private final Map<String, String> relocated;
    private final Set<String> notInTheJar;

    Bundle(
        String module,
        String jar,
        int atLeast,
        Map<String, String> relocated,
        Set<String> notInTheJar) {
      this.target = ROOT.resolve(module).resolve("target");
      this.jar = jar;
      this.atLeast = atLeast;
      this.relocated = relocated;
      this.notInTheJar = notInTheJar;
    }

    private List<Library> libraries() throws IOException {
      List<Library> libraries = new ArrayList<>();
      JsonNode bom = new ObjectMapper().readTree(target.resolve("bom.json").toFile());
      for (JsonNode component : bom.get("components")) {
        Path file = jar(component);
        Set<String> classes =
            classes(file).stream().map(this::asInTheJar).collect(Collectors.toSet());
        libraries.add(
            new Library(component.get("name").asText(), sha256(component), file, classes));
      }
      return libraries;
    }

    /** Classes of others. */
    private Set<String> carried() throws IOException {
      Set<String> carried = classes(target.resolve(jar + ".jar"));
      try (Stream<Path> jars = Files.list(target)) {
        Path own =
            jars.filter(file -> file.getFileName().toString().matches(jar + "-\\d.*\\.jar"))
                .findAny()
                .orElseThrow();
        carried.removeAll(classes(own));
      }
      return carried;
    }

    private String asInTheJar(String name) {
      return relocated.entrySet().stream()
          .filter(relocation -> name.startsWith(relocation.getKey()))
          .map(found -> found.getValue() + name.substring(found.getKey().length()))
          .findAny()
          .orElse(name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsALibraryForEveryClassInTheJar(Bundle bundle) throws IOException {
    Set<String> unlisted = bundle.carried();
    assertThat(unlisted).hasSizeGreaterThan(bundle.atLeast);
    bundle.libraries().forEach(library -> unlisted.removeAll(library.classes()));
    assertThat(unlisted).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void listsNothingThatIsNotInTheJar(Bundle bundle) throws IOException {
    Set<String> carried = bundle.carried();
    Set<String> absent =
        bundle.libraries().stream()
            .filter(library -> !library.classes().isEmpty())
            .filter(library -> Collections.disjoint(library.classes(), carried))
            .map(Library::name)
            .collect(Collectors.toSet());
    assertThat(absent).isEqualTo(bundle.notInTheJar);
  }

  @ParameterizedTest
  @EnumSource
  void saysWhichFileEachLibraryIs(Bundle bundle) throws Exception {
    for (Library library : bundle.libraries()) {
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
