package io.spillway.sandbox.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AutoscaleCommandTest {
  private static final Path MANIFEST =
      Path.of("../../k8s-operator/base/iot-ingestion-scaling.yaml");

  /** What is tried out here is what runs there. */
  @Test
  void withoutOptionsItIsTheAutoscalerOfTheManifest() throws Exception {
    String manifest = Files.readString(MANIFEST);
    AutoscaleCommand command = new AutoscaleCommand();
    new CommandLine(command).parseArgs();
    AutoscalerOptions options = command.options();

    assertThat(options.target() * 1000).isEqualTo(number(manifest, "value: (\\d+)m"));
    assertThat(options.upWindow().toSeconds())
        .isEqualTo((long) number(manifest, "scaleUp:[^%]*?stabilizationWindowSeconds: (\\d+)"));
    assertThat(options.downWindow().toSeconds())
        .isEqualTo((long) number(manifest, "scaleDown:[^%]*?stabilizationWindowSeconds: (\\d+)"));
    assertThat(options.downPeriod().toSeconds())
        .isEqualTo((long) number(manifest, "type: Pods\\s+value: 1\\s+periodSeconds: (\\d+)"));
    assertThat(Autoscaler.UP_FACTOR)
        .isEqualTo((int) number(manifest, "type: Percent\\s+value: (\\d+)") / 100 + 1);
    assertThat(manifest).contains("name: spillway_load_ratio");
    assertThat(PrometheusQuery.LOAD).contains("spillway:load:ratio");
  }

  private static double number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return Double.parseDouble(found.group(1));
  }
}
