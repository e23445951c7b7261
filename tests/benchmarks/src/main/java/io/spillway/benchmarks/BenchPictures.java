package io.spillway.benchmarks;

import io.spillway.sandbox.report.Picture;
import io.spillway.sandbox.report.ReportFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The plots of a report as SVG files for documentation: one for each story, its parts as panels.
 */
final class BenchPictures {
  private BenchPictures() {}

  /** Files by their name; a story is what plots have before the colon in their titles. */
  static Map<String, Picture> of(List<Measurement.Plot> plots) {
    Map<String, List<Measurement.Plot>> stories = new LinkedHashMap<>();
    for (Measurement.Plot plot : plots) {
      stories.computeIfAbsent(story(plot), name -> new ArrayList<>()).add(plot);
    }
    Map<String, Picture> pictures = new LinkedHashMap<>();
    stories.forEach(
        (story, parts) -> {
          List<Picture.Panel> panels =
              parts.stream()
                  .map(part -> new Picture.Panel(part.title(), part.log(), part.lines()))
                  .toList();
          pictures.put(
              fileName(story), new Picture(parts.get(0).xName(), parts.get(0).x(), panels));
        });
    return pictures;
  }

  static void write(List<Measurement.Plot> plots, Path directory) {
    of(plots).forEach((name, picture) -> ReportFiles.write(directory.resolve(name), picture.svg()));
  }

  private static String story(Measurement.Plot plot) {
    return plot.title().split(":", 2)[0];
  }

  private static String fileName(String story) {
    return story.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "")
        + ".svg";
  }
}
