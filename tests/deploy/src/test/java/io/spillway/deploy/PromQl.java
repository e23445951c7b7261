package io.spillway.deploy;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics that an expression of Prometheus asks for, told from functions, labels and words of
 * the language by where they stand. No parser: promtool is one, but does not name metrics.
 */
final class PromQl {
  private static final Pattern TEXT = Pattern.compile("\"(\\\\.|[^\"])*\"|'(\\\\.|[^'])*'");
  private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()");
  private static final Pattern NUMBER = Pattern.compile("\\b[0-9][0-9a-zA-Z_.]*");
  private static final Set<String> LANGUAGE =
      Set.of("and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring", "inf");
  private static final Pattern CALL = Pattern.compile("[a-zA-Z_]+\\s*\\(");

  private PromQl() {}

  static Set<String> metrics(String expression) {
    String rest = expression.replaceAll("#.*", " ");
    for (Pattern gone : new Pattern[] {TEXT, SELECTOR, RANGE, GROUPING, CALL, NUMBER}) {
      rest = gone.matcher(rest).replaceAll(" ");
    }
    Set<String> metrics = new TreeSet<>();
    Matcher words = WORD.matcher(rest);
    while (words.find()) {
      if (!LANGUAGE.contains(words.group().toLowerCase(Locale.ROOT))) {
        metrics.add(words.group());
      }
    }
    return metrics;
  }

  /** Labels of a metric's selectors, such as {@code priority} in {@code seen{priority="bulk"}}. */
  static Set<String> selectorLabels(String expression) {
    Set<String> labels = new TreeSet<>();
    Matcher selectors = SELECTOR.matcher(TEXT.matcher(expression).replaceAll("\"\""));
    while (selectors.find()) {
      Matcher label = Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)").matcher(selectors.group());
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    return labels;
  }
}
