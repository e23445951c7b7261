package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;

/** The image is what manifests take it for. It is not built here. */
class ImageTest {
  private final String dockerfile = Repository.read(Repository.K8S.resolve("Dockerfile"));

  @Test
  void isOfTheFlinkThatTheJobsAreBuiltWith() {
    assertThat(group("ARG FLINK_IMAGE=flink:([0-9.]+)-java17"))
        .isEqualTo(EnvironmentInformation.getVersion());
  }

  @Test
  void hasTheJarWhereManifestsLookForIt() {
    String jar = group("COPY jobs/target/spillway-jobs\\.jar (/\\S+)");
    assertThat(Overlay.allOfKind("FlinkDeployment"))
        .filteredOn(deployment -> deployment.find("spec", "job").isPresent())
        .isNotEmpty()
        .allSatisfy(
            deployment ->
                assertThat(deployment.text("spec", "job", "jarURI")).isEqualTo("local://" + jar));
  }

  @Test
  void runsAsTheUserThatPodsRunAs() {
    String user = group("USER (\\d+):");
    assertThat(Overlay.allOfKind("FlinkDeployment"))
        .allSatisfy(
            deployment ->
                assertThat(
                        deployment.text(
                            "spec", "podTemplate", "spec", "securityContext", "runAsUser"))
                    .isEqualTo(user));
  }

  private String group(String pattern) {
    Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(dockerfile);
    assertThat(matcher.find()).as("the Dockerfile has a line " + pattern).isTrue();
    return matcher.group(1);
  }
}
