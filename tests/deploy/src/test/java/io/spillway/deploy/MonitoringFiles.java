package io.spillway.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What k8s-operator/monitoring has: rules, dashboards, and the metrics that both may ask for. */
final class MonitoringFiles {
  static final Path FOLDER = Repository.K8S.resolve("monitoring");

  private static final Set<String> OF_EVERY_SAMPLE = Set.of("namespace", "app", "job_name");

  private MonitoringFiles() {}

  /** The files of a folder with this ending, by name. */
  static List<Path> files(String folder, String ending) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Alerts and recording rules of all files. */
  static List<KubernetesObject> rules() {
    List<KubernetesObject> rules = new ArrayList<>();
    for (Path file : files("rules", ".yaml")) {
      KubernetesObject root = new KubernetesObject(KubernetesObject.map(yaml(file)));
      for (Object group : root.items("groups")) {
        new KubernetesObject(KubernetesObject.map(group))
            .items("rules")
            .forEach(rule -> rules.add(new KubernetesObject(KubernetesObject.map(rule))));
      }
    }
    return rules;
  }

  /** Names of metrics that rules record. */
  static Set<String> recorded() {
    return rules().stream()
        .map(rule -> rule.text("record"))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Names of metrics that a running job exports. */
  static Set<String> exported() {
    return exportedLines()
        .map(line -> line.replaceFirst("\\{.*", "").strip())
        .collect(Collectors.toSet());
  }

  /** Labels that some exported metric has. */
  static Set<String> labels() {
    Set<String> labels = new TreeSet<>(OF_EVERY_SAMPLE);
    exportedLines().flatMap(line -> Stream.of(line.split("[{},]")).skip(1)).forEach(labels::add);
    return labels;
  }

  /** The metrics in these expressions that nothing exports and no rule records. */
  static Set<String> unknown(List<String> expressions, Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    expressions.forEach(expression -> unknown.addAll(PromQl.metrics(expression)));
    unknown.removeAll(known);
    return unknown;
  }

  static Object yaml(Path file) {
    return new Load(LoadSettings.builder().build()).loadFromString(Repository.read(file));
  }

  private static Stream<String> exportedLines() {
    return Repository.read(FOLDER.resolve("exported-metrics.txt"))
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank());
  }
}
