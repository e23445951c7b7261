package io.spillway.sandbox.cluster;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Flink's SQL client prints when it runs a file, without its echo of the file: results for
 * standard output, errors for standard error. The client ends with exit code 0 even if a statement
 * failed; whether one did is known from here. Not thread safe.
 */
final class SqlTranscript {
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");
  private static final Pattern ECHO = Pattern.compile("^(?:Flink SQL> |> )");
  private static final Pattern MESSAGE = Pattern.compile("\\[(ERROR|INFO|WARNING)\\] ?(.*)");

  /** The first line of a result follows the echo of its statement on the same line. */
  private static final Pattern RESULT_BEGIN =
      Pattern.compile("(\\+(?:-+\\+)+|Empty set(?: \\(.*\\))?)$");

  private static final String INIT_FAILED = "Failed to initialize from sql script";

  private final Consumer<String> results;
  private final Consumer<String> errors;
  private boolean started;
  private boolean inError;
  private boolean failed;
  private boolean blank = true;

  SqlTranscript(Consumer<String> results, Consumer<String> errors) {
    this.results = results;
    this.errors = errors;
  }

  /** Whether a statement failed. */
  boolean failed() {
    return failed;
  }

  void line(String printed) {
    String line = COLOUR.matcher(printed).replaceAll("");
    if (line.startsWith("Shutting down the session") || line.equals("done.")) {
      return;
    }
    Matcher message = MESSAGE.matcher(line);
    if (line.startsWith(INIT_FAILED)) {
      fail(line);
    } else if (started && message.find()) {
      message(message.group(1), message.group(2));
    } else if (inError) {
      errorLine(line);
    } else if (line.startsWith("Command history file path")) {
      started = true;
    } else if (started) {
      result(line);
    }
  }

  private void message(String kind, String text) {
    inError = kind.equals("ERROR");
    if (inError) {
      fail(text);
    }
  }

  private void fail(String text) {
    failed = true;
    errors.accept(text);
  }

  /** The reason follows the error, up to an empty line. */
  private void errorLine(String line) {
    if (line.isBlank()) {
      inError = false;
    } else {
      errors.accept(line);
    }
  }

  private void result(String line) {
    String shown = line;
    if (ECHO.matcher(line).find()) {
      Matcher result = RESULT_BEGIN.matcher(line);
      shown = result.find() ? result.group(1) : "";
    }
    // One empty line between two results, however many statements were between them.
    if (!shown.isBlank() || !blank) {
      results.accept(shown);
    }
    blank = shown.isBlank();
  }
}
