package io.spillway.priority;

import static io.spillway.event.SampleEvent.bare;
import static io.spillway.priority.Priority.BULK;
import static io.spillway.priority.Priority.CRITICAL;
import static io.spillway.priority.Priority.HIGH;
import static io.spillway.priority.Priority.NORMAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.SampleEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityRulesTest {
  private static final String RULES =
      "type=com.example.alarm.* -> critical; source=plant-7/* -> high; severity>=17 -> high;"
          + " header.ce_tenant=gold -> high; type=*.debug -> bulk; severity<=4 -> bulk; * -> normal";

  @Test
  void theFirstMatchCounts() {
    PriorityRules rules = PriorityRules.parse(RULES);
    assertThat(rules.classify(type("com.example.alarm.fire").attributes())).isEqualTo(CRITICAL);
    assertThat(rules.classify(type("com.example.alarm.debug").attributes())).isEqualTo(CRITICAL);
    assertThat(rules.classify(type("com.example.debug").attributes())).isEqualTo(BULK);
    assertThat(rules.classify(source("plant-7/oven").attributes())).isEqualTo(HIGH);
    assertThat(rules.classify(source("plant-70/oven").attributes())).isEqualTo(NORMAL);
    assertThat(rules.classify(severity(17).attributes())).isEqualTo(HIGH);
    assertThat(rules.classify(severity(16).attributes())).isEqualTo(NORMAL);
    assertThat(rules.classify(severity(4).attributes())).isEqualTo(BULK);
    assertThat(rules.classify(bare().header("ce_tenant", "gold").attributes())).isEqualTo(HIGH);
    assertThat(rules.classify(bare().header("ce_tenant", "golden").attributes())).isEqualTo(NORMAL);
    assertThat(rules.classify(bare().attributes())).isEqualTo(NORMAL);
  }

  @Test
  void aDeclaredPriorityComesBeforeTheRules() {
    PriorityRules rules = PriorityRules.parse("type=* -> critical");
    assertThat(rules.classify(type("a").attributes())).isEqualTo(CRITICAL);
    assertThat(rules.classify(type("a").header("ce_priority", "bulk").attributes()))
        .isEqualTo(BULK);
  }

  @Test
  void onlyARuleOnItsHeaderChangesADeclaredPriority() {
    PriorityRules rules =
        PriorityRules.parse(
            "header.ce_priority=critical -> high; header.ce_priority=high -> normal; * -> bulk");
    assertThat(rules.classify(declared(CRITICAL).attributes())).isEqualTo(HIGH);
    assertThat(rules.classify(declared(HIGH).attributes())).isEqualTo(NORMAL);
    assertThat(rules.classify(declared(NORMAL).attributes())).isEqualTo(NORMAL);
    assertThat(rules.classify(bare().attributes())).isEqualTo(BULK);
  }

  @Test
  void anEventThatNothingIsSaidOfIsNormal() {
    assertThat(PriorityRules.none().classify(bare().attributes())).isEqualTo(NORMAL);
    assertThat(PriorityRules.parse("").classify(severity(24).attributes())).isEqualTo(NORMAL);
    assertThat(PriorityRules.parse("severity>=24 -> high").classify(bare().attributes()))
        .isEqualTo(NORMAL);
  }

  @Test
  void theRulesSeeTheAttributesOfAStructuredEvent() {
    SampleEvent event =
        bare()
            .header("content-type", "application/cloudevents+json")
            .value("{\"type\":\"alarm\",\"tenant\":\"gold\",\"severitynumber\":21}");
    assertThat(PriorityRules.parse("type=alarm -> critical").classify(event.attributes()))
        .isEqualTo(CRITICAL);
    assertThat(PriorityRules.parse("header.ce_tenant=gold -> high").classify(event.attributes()))
        .isEqualTo(HIGH);
    assertThat(PriorityRules.parse("severity=21 -> bulk").classify(event.attributes()))
        .isEqualTo(BULK);
  }

  @Test
  void comesFromSettingsAndTravelsWithTheJob() throws IOException, ClassNotFoundException {
    PriorityRules rules =
        PriorityRules.from(
            Settings.of(Map.of("priority.rules", RULES + " ; "), PriorityRules.OPTIONS));
    PriorityRules travelled = InstantiationUtil.clone(rules);
    assertThat(travelled.classify(type("com.example.alarm.fire").attributes())).isEqualTo(CRITICAL);
    assertThat(travelled.classify(declared(HIGH).attributes())).isEqualTo(HIGH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=a.* | write CONDITION -> PRIORITY",
        "type=a.* -> urgent | after the -> write one of critical, high, normal, bulk, not 'urgent'",
        "type=a.* -> | after the -> write one of critical, high, normal, bulk, not ''",
        "tpye=a.* -> high | before the -> write type=.., source=.., header.NAME=.., severity>=N or *,"
            + " not 'tpye=a.*'",
        "-> high | before the -> write type=.., source=.., header.NAME=.., severity>=N or *, not ''",
        "type -> high | before the -> write type=.., source=.., header.NAME=.., severity>=N or *, not"
            + " 'type'",
        "header.=x -> high | before the -> write type=.., source=.., header.NAME=.., severity>=N or"
            + " *, not 'header.=x'",
        "type= -> high | write a text after the =, or * for any",
        "type=a*b* -> high | write at most one * in 'a*b*'",
        "severity>=25 -> high | write a severity from 1 to 24, not '25'",
        "severity>=0 -> high | write a severity from 1 to 24, not '0'",
        "severity>=error -> high | write a severity from 1 to 24, not 'error'",
        "header.ce_priority=urgent -> high | ce_priority is one of critical, high, normal, bulk,"
            + " never 'urgent'"
      })
  void saysWhichRuleItCannotReadAndWhatToWrite(String rule, String fix) {
    assertThatThrownBy(() -> PriorityRules.parse("source=ok -> bulk; " + rule))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("priority.rules, rule 2 '%s': %s".formatted(rule, fix));
  }

  @ParameterizedTest
  @ValueSource(strings = {";;", "; type=a -> high", "type=a -> high;; type=b -> high"})
  void refusesAnEmptyRule(String text) {
    assertThatThrownBy(() -> PriorityRules.parse(text))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("''");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* -> normal | type=a -> high",
        "* -> normal | * -> high",
        "type=a.* -> normal | type=a.b.* -> high",
        "type=a.* -> normal | type=a.b -> high",
        "source=* -> normal | source=*x -> high",
        "severity>=10 -> normal | severity>=17 -> high",
        "severity<=10 -> normal | severity=3 -> high",
        "header.h=x* -> normal | header.h=x -> high"
      })
  void refusesARuleThatCanNeverBeReached(String first, String second) {
    assertThatThrownBy(() -> PriorityRules.parse(first + ";" + second))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "priority.rules, rule 2 '%s': it is never reached because rule 1 (%s) matches first;"
                    .formatted(second, first)
                + " remove it or move it before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=a.b.* -> normal | type=a.* -> high",
        "type=a -> normal | source=a -> high",
        "severity>=17 -> normal | severity>=10 -> high",
        "header.h=x -> normal | header.i=x -> high",
        "type=* -> normal | * -> high"
      })
  void acceptsARuleThatAnEarlierOneLeavesSomethingFor(String first, String second) {
    assertThat(PriorityRules.parse(first + ";" + second)).isNotNull();
  }

  /** The law: what the rules say is what the first rule alone that says anything says. */
  @Property
  void decidesAsItsFirstMatchingRuleDoesAlone(
      @ForAll("ruleLists") List<String> texts, @ForAll("events") SampleEvent event) {
    PriorityRules all;
    try {
      all = PriorityRules.parse(String.join(";", texts));
    } catch (InvalidSettings e) {
      assertThat(e).hasMessageContaining("never reached");
      return;
    }
    Priority expected =
        texts.stream()
            .filter(text -> says(text, event))
            .findFirst()
            .map(text -> PriorityRules.parse(text).classify(event.attributes()))
            .orElse(NORMAL);
    assertThat(all.classify(event.attributes())).isEqualTo(expected);
  }

  /** Whether this one rule matches: it does if it decides whatever priority it is given. */
  private static boolean says(String rule, SampleEvent event) {
    String condition = rule.substring(0, rule.indexOf("->"));
    return PriorityRules.parse(condition + "-> bulk").classify(event.attributes()) == BULK;
  }

  @Provide
  Arbitrary<List<String>> ruleLists() {
    Arbitrary<String> conditions =
        Arbitraries.of(
            "type=a.*",
            "type=a.b",
            "type=*",
            "source=*1",
            "source=p*1",
            "severity>=12",
            "severity=3",
            "header.h=x",
            "*");
    Arbitrary<String> words = Arbitraries.of("critical", "high", "normal", "bulk");
    return Combinators.combine(conditions, words)
        .as((condition, word) -> condition + " -> " + word)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<SampleEvent> events() {
    return Arbitraries.of(
            "ce_type=a.b",
            "ce_type=a.c",
            "ce_type=c",
            "ce_source=p1",
            "ce_source=q1",
            "h=x",
            "ce_severitynumber=3",
            "ce_severitynumber=20")
        .set()
        .ofMaxSize(4)
        .map(
            headers ->
                headers.stream()
                    .map(header -> header.split("="))
                    .collect(
                        Collectors.reducing(
                            bare(),
                            pair -> bare().header(pair[0], pair[1]),
                            PriorityRulesTest::merged)));
  }

  private static SampleEvent merged(SampleEvent one, SampleEvent other) {
    SampleEvent all = one;
    for (int i = 0; i < other.event().headers().size(); i++) {
      all = all.header(other.event().headers().name(i), other.event().headers().value(i));
    }
    return all;
  }

  private static SampleEvent type(String type) {
    return bare().header("ce_type", type);
  }

  private static SampleEvent source(String source) {
    return bare().header("ce_source", source);
  }

  private static SampleEvent severity(int number) {
    return bare().header("ce_severitynumber", Integer.toString(number));
  }

  private static SampleEvent declared(Priority priority) {
    return bare().header("ce_priority", priority.wireName());
  }
}
