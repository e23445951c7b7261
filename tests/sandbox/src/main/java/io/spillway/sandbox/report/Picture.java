package io.spillway.sandbox.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Lines over one axis as SVG, panel below panel, for documentation: it needs no script and no font
 * of its own, and is legible on light and on dark. Values that are NaN are gaps.
 *
 * @param xName what the axis below all panels counts
 */
public record Picture(String xName, double[] x, List<Panel> panels) {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 150;
  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int ABOVE = 40;
  private static final int BELOW = 34;
  private static final List<String> COLOURS =
      List.of("#d6293e", "#2f74d0", "#ee8a1d", "#0b7285", "#8793a3");

  /**
   * One plot.
   *
   * @param log whether values are shown on a logarithmic scale
   * @param lines a value for each x, by what it is, in order
   */
  public record Panel(String title, boolean log, Map<String, double[]> lines) {
    /** From the lowest to the highest value that the axis shows. */
    private double[] range() {
      double[] shown =
          lines.values().stream()
              .flatMapToDouble(Arrays::stream)
              .filter(v -> Double.isFinite(v) && (!log || v > 0))
              .toArray();
      double highest = DoubleStream.of(shown).max().orElse(1);
      if (!log) {
        return new double[] {0, highest > 0 ? highest * 1.05 : 1};
      }
      double lowest = DoubleStream.of(shown).min().orElse(1);
      double from = Math.pow(10, Math.floor(Math.log10(lowest)));
      return new double[] {from, Math.max(from * 10, Math.pow(10, Math.ceil(Math.log10(highest))))};
    }

    private List<Double> ticks(double[] range) {
      List<Double> ticks = new ArrayList<>();
      if (log) {
        for (double tick = range[0]; tick <= range[1] * 1.001; tick *= 10) {
          ticks.add(tick);
        }
      } else {
        double step = step(range[1], 4);
        for (int i = 0; i * step <= range[1]; i++) {
          ticks.add(i * step);
        }
      }
      return ticks;
    }

    /** Pixels below the upper edge of the plot. */
    private double below(double value, double[] range) {
      double share =
          log
              ? Math.log(Math.max(value, range[0]) / range[0]) / Math.log(range[1] / range[0])
              : (value - range[0]) / (range[1] - range[0]);
      return HEIGHT * (1 - Math.min(1, share));
    }
  }

  public String svg() {
    int tall = panels.size() * (ABOVE + HEIGHT) + BELOW;
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\" font-size=\"12\">",
        WIDTH,
        tall);
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, tall);
    for (int i = 0; i < panels.size(); i++) {
      draw(panels.get(i), i * (ABOVE + HEIGHT) + ABOVE, svg);
    }
    double step = step(last(), 8);
    for (int i = 0; i * step <= last(); i++) {
      label(svg, right(i * step), tall - BELOW + 16, "middle", number(i * step));
    }
    label(svg, WIDTH - RIGHT, tall - 4, "end", xName);
    return svg.append("</svg>\n").toString();
  }

  private void draw(Panel panel, int top, StringBuilder svg) {
    add(
        svg,
        "<text x=\"%d\" y=\"%d\" fill=\"#1b2430\" font-weight=\"600\">%s</text>",
        LEFT,
        top - 24,
        Page.text(panel.title()));
    double[] range = panel.range();
    for (double tick : panel.ticks(range)) {
      double y = top + panel.below(tick, range);
      add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#dfe4ea\"/>", LEFT, y, WIDTH - RIGHT);
      label(svg, LEFT - 6, y + 4, "end", number(tick));
    }
    int colour = 0;
    double at = LEFT;
    for (Map.Entry<String, double[]> line : panel.lines().entrySet()) {
      String paint = COLOURS.get(colour++ % COLOURS.size());
      add(
          svg,
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>",
          path(panel, line.getValue(), top, range),
          paint);
      add(
          svg,
          "<text x=\"%.0f\" y=\"%d\" fill=\"%s\">%s</text>",
          at,
          top - 8,
          paint,
          Page.text(line.getKey()));
      at += 7.5 * line.getKey().length() + 24;
    }
  }

  private String path(Panel panel, double[] values, int top, double[] range) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < Math.min(x.length, values.length); i++) {
      if (Double.isFinite(values[i])) {
        add(
            path,
            "%s%.1f %.1f",
            drawing ? "L" : "M",
            right(x[i]),
            top + panel.below(values[i], range));
      }
      drawing = Double.isFinite(values[i]);
    }
    return path.toString();
  }

  private double right(double atX) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (last() > 0 ? atX / last() : 0);
  }

  private double last() {
    return x.length == 0 ? 0 : x[x.length - 1];
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    add(
        svg,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#5d6b7c\">%s</text>",
        x,
        y,
        anchor,
        Page.text(text));
  }

  /** A step of 1, 2 or 5 times a power of ten, so that there are about as many. */
  private static double step(double to, int about) {
    if (to <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(to / about)));
    double times = to / about / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3g", value).replaceAll("0+$", "");
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
