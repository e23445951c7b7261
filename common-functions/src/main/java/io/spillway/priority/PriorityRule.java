package io.spillway.priority;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule: a condition on an event and the priority of the events that meet it. Written {@code
 * CONDITION -> PRIORITY}, where a condition is one of
 *
 * <pre>
 *   *                     every event
 *   type=PATTERN          ce_type
 *   source=PATTERN        ce_source
 *   header.NAME=PATTERN   any header or attribute, such as header.ce_tenant
 *   severity>=N           ce_severitynumber, 1 to 24; also <= and =
 * </pre>
 *
 * A pattern is a text with at most one {@code *} for any characters. An event without the attribute
 * does not meet the condition. Immutable.
 */
record PriorityRule(Condition condition, Priority priority) implements Serializable {
  private static final Pattern SEVERITY = Pattern.compile("severity\\s*(>=|<=|=)\\s*(.*)");
  private static final int LOWEST_SEVERITY = 1;
  private static final int HIGHEST_SEVERITY = 24;

  /** What an event has to be for a rule to apply. */
  sealed interface Condition extends Serializable {
    boolean holds(EventAttributes event);

    /** Whether it holds for every event for which the other one does. */
    boolean covers(Condition other);
  }

  /**
   * @throws IllegalArgumentException with a fix for the reader of the message
   */
  static PriorityRule parse(String text) {
    int arrow = text.lastIndexOf("->");
    if (arrow < 0) {
      throw new IllegalArgumentException("write CONDITION -> PRIORITY");
    }
    String word = text.substring(arrow + 2).strip();
    Priority priority =
        Priority.fromWireName(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "after the -> write one of critical, high, normal, bulk, not '"
                            + word
                            + "'"));
    return new PriorityRule(condition(text.substring(0, arrow).strip()), priority);
  }

  private static Condition condition(String text) {
    if (text.equals("*")) {
      return new Always();
    }
    Matcher severity = SEVERITY.matcher(text);
    if (severity.matches()) {
      return severity(severity.group(1), severity.group(2));
    }
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals).strip();
    String pattern = equals < 0 ? "" : text.substring(equals + 1).strip();
    if (equals > 0 && name.equals("type")) {
      return new TypeIs(TextPattern.of(pattern));
    }
    if (equals > 0 && name.equals("source")) {
      return new SourceIs(TextPattern.of(pattern));
    }
    if (equals > 0 && name.startsWith("header.") && name.length() > "header.".length()) {
      return header(name.substring("header.".length()), TextPattern.of(pattern));
    }
    throw new IllegalArgumentException(
        "before the -> write type=.., source=.., header.NAME=.., severity>=N or *, not '"
            + text
            + "'");
  }

  private static Condition severity(String relation, String text) {
    int number;
    try {
      number = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      number = 0;
    }
    if (number < LOWEST_SEVERITY || number > HIGHEST_SEVERITY) {
      throw new IllegalArgumentException("write a severity from 1 to 24, not '" + text + "'");
    }
    return new SeverityIn(
        relation.equals("<=") ? LOWEST_SEVERITY : number,
        relation.equals(">=") ? HIGHEST_SEVERITY : number);
  }

  private static Condition header(String name, TextPattern pattern) {
    HeaderIs condition = new HeaderIs(name, pattern);
    if (condition.isDeclaredPriority()) {
      for (int i = 0; i < Priority.COUNT; i++) {
        if (condition.holds(Priority.of(i))) {
          return condition;
        }
      }
      throw new IllegalArgumentException(
          "ce_priority is one of critical, high, normal, bulk, never '" + pattern + "'");
    }
    return condition;
  }

  boolean matches(EventAttributes event) {
    return condition.holds(event);
  }

  /** Whether it is about the priority that an event declares, and not for those that do not. */
  boolean isOnDeclaredPriority() {
    return condition instanceof HeaderIs on && on.isDeclaredPriority();
  }

  /** Whether it matches every event that declares this priority, by that alone. */
  boolean matchesDeclared(Priority declared) {
    return condition instanceof HeaderIs on && on.isDeclaredPriority() && on.holds(declared);
  }

  /** Holds for every event. */
  record Always() implements Condition {
    @Override
    public boolean holds(EventAttributes event) {
      return true;
    }

    @Override
    public boolean covers(Condition other) {
      return true;
    }
  }

  /** On {@code ce_type}. */
  record TypeIs(TextPattern pattern) implements Condition {
    @Override
    public boolean holds(EventAttributes event) {
      return pattern.matches(event.typeBytes());
    }

    @Override
    public boolean covers(Condition other) {
      return other instanceof TypeIs that && pattern.covers(that.pattern);
    }
  }

  /** On {@code ce_source}. */
  record SourceIs(TextPattern pattern) implements Condition {
    @Override
    public boolean holds(EventAttributes event) {
      return pattern.matches(event.sourceBytes());
    }

    @Override
    public boolean covers(Condition other) {
      return other instanceof SourceIs that && pattern.covers(that.pattern);
    }
  }

  /** On any header, which is searched for: the dearest condition. */
  record HeaderIs(String name, TextPattern pattern) implements Condition {
    @Override
    public boolean holds(EventAttributes event) {
      return pattern.matches(event.bytes(name));
    }

    @Override
    public boolean covers(Condition other) {
      return other instanceof HeaderIs that
          && name.equals(that.name)
          && pattern.covers(that.pattern);
    }

    boolean isDeclaredPriority() {
      return name.equals(CloudEventHeaders.PRIORITY);
    }

    boolean holds(Priority declared) {
      return pattern.matches(declared.wireBytes());
    }
  }

  /** On {@code ce_severitynumber}, bounds included. */
  record SeverityIn(int lowest, int highest) implements Condition {
    @Override
    public boolean holds(EventAttributes event) {
      int severity = event.severityNumber();
      return severity >= lowest && severity <= highest;
    }

    @Override
    public boolean covers(Condition other) {
      return other instanceof SeverityIn that && lowest <= that.lowest && highest >= that.highest;
    }
  }
}
