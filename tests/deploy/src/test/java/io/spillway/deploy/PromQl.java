package io.spillway.deploy;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics that an expression of Prometheus asks for, told from functions, labels and words of
 * the language by where they stand. No parser: promtool is one, but does not name metrics.
 */
final class PromQl {
  private static final Pattern TEXT = Pattern.compile("\"(\\\\.|[^\"])*\"|'(\\\\.|[^'])*'");
  private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()");
  private static final Pattern NUMBER = Pattern.compile("\\b[0-9][0-9a-zA-Z_.]*");
  private static final Set<String> LANGUAGE =
      Set.of("and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring", "inf");
  private static final Pattern SELECTED = Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)");
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

  /** Labels that an expression selects, groups or matches by. */
  static Set<String> labels(String expression) {
    String rest = TEXT.matcher(expression.replaceAll("#.*", " ")).replaceAll("\"\"");
    Set<String> labels = new TreeSet<>();
    SELECTOR
        .matcher(rest)
        .results()
        .flatMap(selector -> SELECTED.matcher(selector.group()).results())
        .forEach(label -> labels.add(label.group(1)));
    GROUPING
        .matcher(rest)
        .results()
        .flatMap(group -> Stream.of(group.group(2).split("[\\s,]+")))
        .filter(label -> !label.isEmpty())
        .forEach(labels::add);
    return labels;
  }

  /** The values that an expression compares a label with. */
  static Set<String> values(String expression, String label) {
    return Pattern.compile("\\b" + label + "\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"")
        .matcher(expression)
        .results()
        .flatMap(match -> Stream.of(match.group(2).split("\\|")))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
