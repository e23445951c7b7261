package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A folder that is applied with {@code kubectl apply -k}. Rendered once in a run of tests. */
record Overlay(Path folder) {
  private static final Map<Overlay, List<KubernetesObject>> RENDERED = new ConcurrentHashMap<>();

  /** Every folder under overlays that is no mere part of others. */
  static List<Overlay> all() {
    try (Stream<Path> files = Files.walk(Repository.K8S.resolve("overlays"))) {
      return files
          .filter(file -> file.endsWith("kustomization.yaml"))
          .filter(file -> Repository.read(file).contains("kind: Kustomization"))
          .map(file -> new Overlay(file.getParent()))
          .sorted((a, b) -> a.folder.compareTo(b.folder))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Overlay named(String name) {
    return new Overlay(Repository.K8S.resolve("overlays").resolve(name));
  }

  /** Every object of every overlay. */
  static List<KubernetesObject> allObjects() {
    return all().stream().flatMap(overlay -> overlay.objects().stream()).toList();
  }

  static List<KubernetesObject> allOfKind(String kind) {
    return allObjects().stream().filter(object -> object.kind().equals(kind)).toList();
  }

  List<KubernetesObject> objects() {
    return RENDERED.computeIfAbsent(this, overlay -> KubernetesObject.parseAll(overlay.render()));
  }

  KubernetesObject object(String kind, String name) {
    return objects().stream()
        .filter(object -> object.kind().equals(kind) && object.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(this + " has no " + kind + "/" + name));
  }

  String render() {
    Tool.Result result = Tool.KUBECTL.run(folder, "kustomize", ".");
    assertThat(result.exitCode()).as("%s: %s", this, result.output()).isZero();
    return result.output();
  }

  @Override
  public String toString() {
    return Repository.K8S.resolve("overlays").relativize(folder).toString();
  }
}
