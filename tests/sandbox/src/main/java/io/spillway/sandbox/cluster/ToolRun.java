package io.spillway.sandbox.cluster;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A command that ran to its end, and everything it printed. */
record ToolRun(int exitCode, List<String> lines) {
  private static final String CAUSED_BY = "Caused by: ";

  /** Runs it in the foreground: Ctrl-C ends it together with this process. */
  static ToolRun of(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      try (var out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        List<String> lines = out.lines().toList();
        return new ToolRun(process.waitFor(), lines);
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw SandboxException.failure("interrupted");
      }
    } catch (IOException e) {
      throw SandboxException.failure(
          "%s cannot be run: %s".formatted(command.get(0), e.getMessage()), e);
    }
  }

  /** The innermost cause of the stack trace it printed, else its last line. */
  String cause() {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(CAUSED_BY))
        .reduce((outer, inner) -> inner)
        .map(line -> line.substring(CAUSED_BY.length()))
        .orElse(lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1));
  }
}
