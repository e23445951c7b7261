package io.spillway.sandbox.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A report in one file: style, the plotting library (uPlot, MIT, from its WebJar), data and script
 * are all in it, so it opens anywhere, without a network, and can be sent to somebody.
 *
 * @param title of the window
 * @param body HTML between header and script
 * @param data what the script finds as {@code DATA}
 * @param script JavaScript; has {@code uPlot}, {@code DATA} and what {@code plots.js} defines
 */
public record Page(String title, String body, JsonNode data, String script) {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  public String html() {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s
        %s
        </style>
        </head>
        <body>
        %s
        <script>
        %s
        </script>
        <script>
        const DATA = %s;
        %s
        %s
        </script>
        </body>
        </html>
        """
        .formatted(
            text(title),
            resource(Page.class, UPLOT + "uPlot.min.css"),
            resource(Page.class, "page.css"),
            body,
            resource(Page.class, UPLOT + "uPlot.iife.min.js"),
            data.toString().replace("</", "<\\/"),
            resource(Page.class, "plots.js"),
            script);
  }

  /** Text that HTML shows as it is. */
  public static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A file beside this class, or from the root of the class path if it begins with a slash. */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
