package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.report.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoPictureTest {
  private final Picture picture = DemoPicture.of(SampleDemo.result());

  @Test
  void itShowsBothVariantsFromTheFirstStageThatCounts() throws IOException {
    assertThat(picture.panels())
        .extracting(Picture.Panel::title)
        .containsExactly(
            "CRITICAL p99, ms", "events per second", "share that is turned away", "events waiting");
    assertThat(picture.panels().get(0).lines()).containsOnlyKeys("plain Flink", "Spillway");
    assertThat(picture.panels())
        .allSatisfy(
            panel ->
                assertThat(panel.lines().values()).allMatch(l -> l.length == picture.x().length));
    Files.writeString(Path.of("target", "demo-sample.svg"), picture.svg());
  }
}
