package io.spillway.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What the API server knows of each kind, and then a little stricter: Kubernetes' own kinds by the
 * models of its Java client (generated from its OpenAPI description; unknown and missing fields are
 * errors), those of the Prometheus operator by their model, those of the Flink operator by its
 * CRDs. Not checked: what an API server refuses by code only, such as a name that is too long.
 */
final class Schemas {
  private static final String MODELS = "io.kubernetes.client.openapi.models.";
  private static final Map<String, Class<?>> MONITORING =
      Map.of("PodMonitor", PodMonitor.class, "PrometheusRule", PrometheusRule.class);
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(new NothingElse())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Schemas() {}

  /** Models that take in any other field as "additional" do not, here. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return annotated instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(annotated);
    }
  }

  /** What is wrong with an object of a kind that a registry package describes. */
  static List<String> problems(KubernetesObject object) {
    Class<?> monitoring = MONITORING.get(object.kind());
    return monitoring == null ? ofKubernetes(object) : ofModel(object, monitoring);
  }

  private static List<String> ofModel(KubernetesObject object, Class<?> model) {
    try {
      STRICT.convertValue(object.content(), model);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage().lines().findFirst().orElse("unreadable"));
    }
  }

  /** Reading validates: the models check each field of the JSON before they take it in. */
  private static List<String> ofKubernetes(KubernetesObject object) {
    Class<?> model = model(object).orElseThrow(() -> new AssertionError("no schema for " + object));
    try {
      String json = STRICT.writeValueAsString(object.content());
      model.getMethod("fromJson", String.class).invoke(null, json);
      return List.of();
    } catch (InvocationTargetException e) {
      return List.of(String.valueOf(e.getCause().getMessage()));
    } catch (ReflectiveOperationException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Class<?>> model(KubernetesObject object) {
    String version = object.text("apiVersion").replaceFirst("^.*/", "");
    String name = version.substring(0, 1).toUpperCase(Locale.ROOT) + version.substring(1);
    try {
      return Optional.of(Class.forName(MODELS + name + object.kind()));
    } catch (ClassNotFoundException unknown) {
      return Optional.empty();
    }
  }

  /**
   * The CRDs of the Flink operator, by apiVersion and kind: from {@code FLINK_CRD_DIR}, else from
   * where they are beside the project; without them the test is skipped and says so.
   */
  static Map<String, CrdSchema> ofFlinkOperator() {
    String set = System.getenv("FLINK_CRD_DIR");
    Path folder =
        set == null || set.isBlank()
            ? Repository.ROOT.resolve("../shared/k8s/crds").normalize()
            : Path.of(set);
    if (!Files.isDirectory(folder)) {
      Assumptions.abort(
          "the Flink operator's CRDs are not in %s: set FLINK_CRD_DIR to a folder that has them"
              .formatted(folder));
    }
    Map<String, CrdSchema> schemas = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().matches(".*\\.ya?ml"))
          .forEach(file -> schemas.putAll(CrdSchema.parse(Repository.read(file))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return schemas;
  }
}
