package io.spillway.priority;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventAttributes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Decides the priority of an event. Rules are separated by {@code ;} and the first one that matches
 * counts, as in
 *
 * <pre>
 *   type=com.example.alarm.* -> critical; source=plant-7/* -> high; severity>=17 -> high; * -> normal
 * </pre>
 *
 * The order in full:
 *
 * <ol>
 *   <li>An event that declares its priority ({@code ce_priority}) gets what it declares, unless a
 *       rule on that header says otherwise: {@code header.ce_priority=critical -> high} believes no
 *       one. Other rules are not asked.
 *   <li>An event that declares none gets the priority of the first rule that matches.
 *   <li>If none matches: NORMAL.
 * </ol>
 *
 * Rules are checked when they are read: one that cannot be understood, or that can never be reached
 * because an earlier one matches everything it does, is refused. Immutable, thread safe; a decision
 * allocates nothing.
 */
public final class PriorityRules implements Serializable {
  public static final ConfigOption<String> RULES =
      ConfigOptions.key("priority.rules")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Priority of events that declare none, as CONDITION -> PRIORITY; ... where the first"
                  + " match counts. Conditions: type=PATTERN, source=PATTERN, header.NAME=PATTERN,"
                  + " severity>=N (also <=, =), or * for every event; a pattern has at most one *."
                  + " Without a match: normal.");

  public static final List<ConfigOption<?>> OPTIONS = List.of(RULES);

  private static final long serialVersionUID = 1L;
  private static final PriorityRules NONE = new PriorityRules(List.of());

  private final PriorityRule[] rules;
  private final Priority[] declared = new Priority[Priority.COUNT];

  private PriorityRules(List<PriorityRule> rules) {
    this.rules =
        rules.stream().filter(rule -> !rule.isOnDeclaredPriority()).toArray(PriorityRule[]::new);
    for (int i = 0; i < Priority.COUNT; i++) {
      Priority word = Priority.of(i);
      declared[i] =
          rules.stream()
              .filter(rule -> rule.matchesDeclared(word))
              .map(PriorityRule::priority)
              .findFirst()
              .orElse(word);
    }
  }

  /** No rules: what an event declares, else NORMAL. */
  public static PriorityRules none() {
    return NONE;
  }

  /**
   * @throws InvalidSettings if a rule cannot be read or cannot be reached
   */
  public static PriorityRules from(Settings settings) {
    return parse(settings.get(RULES));
  }

  /**
   * Rules from their text; empty text means none, and a {@code ;} at the end does no harm.
   *
   * @throws InvalidSettings if a rule cannot be read or cannot be reached
   */
  public static PriorityRules parse(String text) {
    String listed = text.strip();
    String body = listed.endsWith(";") ? listed.substring(0, listed.length() - 1) : listed;
    if (body.isBlank()) {
      return NONE;
    }
    List<PriorityRule> rules = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (String part : body.split(";", -1)) {
      String ruleText = part.strip();
      PriorityRule rule = parseRule(texts.size() + 1, ruleText);
      for (int earlier = 0; earlier < rules.size(); earlier++) {
        if (rules.get(earlier).condition().covers(rule.condition())) {
          throw wrong(
              texts.size() + 1,
              ruleText,
              "it is never reached because rule %d (%s) matches first; remove it or move it before"
                  .formatted(earlier + 1, texts.get(earlier)));
        }
      }
      rules.add(rule);
      texts.add(ruleText);
    }
    return new PriorityRules(rules);
  }

  private static PriorityRule parseRule(int position, String text) {
    try {
      return PriorityRule.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(position, text, e.getMessage());
    }
  }

  private static InvalidSettings wrong(int position, String text, String fix) {
    return new InvalidSettings("%s, rule %d '%s': %s".formatted(RULES.key(), position, text, fix));
  }

  /** The priority of this event; never null. */
  public Priority classify(EventAttributes event) {
    Priority said = event.priority();
    if (said != null) {
      return declared[said.ordinal()];
    }
    for (PriorityRule rule : rules) {
      if (rule.matches(event)) {
        return rule.priority();
      }
    }
    return Priority.NORMAL;
  }
}
