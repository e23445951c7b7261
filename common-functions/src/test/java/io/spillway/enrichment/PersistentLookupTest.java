package io.spillway.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Budget 600 ms, three attempts, waits of half of 20 and 40 ms, breaker of four attempts that
 * counts from the first one on.
 */
class PersistentLookupTest {
  private static final EnrichmentOptions OPTIONS =
      EnrichmentOptions.from(
          Settings.of(
              Map.of(
                  "enrichment.budget", "600ms",
                  "enrichment.attempts", "3",
                  "enrichment.breaker.window", "4",
                  "enrichment.breaker.trials", "2",
                  "enrichment.breaker.slow-call", "150ms",
                  "enrichment.breaker.open-for", "5s",
                  "enrichment.breaker.warm-up", "0s",
                  "enrichment.cache.max-staleness", "10min"),
              EnrichmentOptions.OPTIONS));

  private final HandDelays delays = new HandDelays();
  private final FakeLookup service = new FakeLookup();
  private final Map<String, Integer> seen = new HashMap<>();
  private final List<Long> tookMillis = new ArrayList<>();
  private final List<String> states = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private final Breaker breaker = new Breaker("express", OPTIONS, delays, states::add);
  private final PersistentLookup<String, String> lookup =
      new PersistentLookup<>(OPTIONS, service, breaker, delays, () -> 0.5, new Seen());

  private final class Seen implements PersistentLookup.Watcher {
    @Override
    public void called() {
      seen.merge("calls", 1, Integer::sum);
    }

    @Override
    public void retried() {
      seen.merge("retries", 1, Integer::sum);
    }

    @Override
    public void ended(long nanos) {
      tookMillis.add(nanos / 1_000_000);
    }
  }

  private void ask(String question) {
    lookup.ask(
        question,
        question,
        found ->
            outcomes.add(
                found.answer()
                    + " "
                    + found.answered().wireName()
                    + (found.ageMillis() == 0 ? "" : " of " + found.ageMillis() + " ms")));
  }

  @Test
  void aFreshAnswerComesAtOnceAndLeavesNoAlarm() {
    ask("a");
    assertThat(outcomes).containsExactly("answer to a fresh");
    assertThat(seen).isEqualTo(Map.of("calls", 1));
    assertThat(delays.alarms()).isZero();
  }

  @Test
  void aServiceThatHangsIsAskedAsOftenAsTheBudgetAllowsAndNoLonger() {
    service.behaves(FakeLookup.HANGS);
    ask("a");
    delays.goOnMillis(599);
    assertThat(outcomes).isEmpty();
    delays.goOnMillis(1);
    assertThat(outcomes).containsExactly("null timeout");
    // 600 / 3; (600 - 200 - 10) / 2; the rest.
    assertThat(service.deadlinesMillis()).containsExactly(200L, 195L, 175L);
    assertThat(tookMillis).containsExactly(200L, 195L, 175L);
    assertThat(service.given()).allSatisfy(given -> assertThat(given).isCancelled());
    assertThat(seen).isEqualTo(Map.of("calls", 3, "retries", 2));
    assertThat(delays.alarms()).isZero();
  }

  @Test
  void failuresAreRepeatedAfterWaitsThatDouble() {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.UNAVAILABLE));
    ask("a");
    delays.goOnMillis(9);
    assertThat(service.asked()).hasSize(1);
    delays.goOnMillis(1);
    assertThat(service.asked()).hasSize(2);
    delays.goOnMillis(19);
    assertThat(service.asked()).hasSize(2);
    service.behaves(FakeLookup.ANSWERS);
    delays.goOnMillis(1);
    assertThat(outcomes).containsExactly("answer to a fresh");
  }

  @Test
  void whatCannotBecomeBetterIsNotRepeated() {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.REFUSED));
    ask("a");
    service.behaves(FakeLookup.fails(LookupFailure.Kind.BAD_ANSWER));
    ask("b");
    service.behaves(question -> CompletableFuture.completedFuture(null));
    ask("c");
    assertThat(outcomes).containsExactly("null error", "null bad_answer", "null bad_answer");
    assertThat(seen).doesNotContainKey("retries");
    assertThat(delays.alarms()).isZero();
  }

  @Test
  void aLookupThatThrowsIsOneThatFails() {
    service.behaves(
        question -> {
          throw new IllegalStateException("broken");
        });
    ask("a");
    delays.goOnMillis(600);
    assertThat(outcomes).containsExactly("null error");
    assertThat(seen).containsEntry("calls", 3);
  }

  @Test
  void aLookupThatReturnsNothingIsOneWithABadAnswer() {
    service.behaves(question -> null);
    ask("a");
    assertThat(outcomes).containsExactly("null bad_answer");
    service.behaves(
        question ->
            new CompletableFuture<>() {
              @Override
              public CompletableFuture<String> toCompletableFuture() {
                return null;
              }
            });
    ask("b");
    assertThat(outcomes).containsExactly("null bad_answer", "null bad_answer");
    assertThat(delays.alarms()).isZero();
  }

  @Test
  void anOpenBreakerAnswersAtOnceAndAsksNobody() {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.UNAVAILABLE));
    ask("a");
    delays.goOnMillis(600);
    ask("b");
    delays.goOnMillis(600);
    assertThat(service.asked()).hasSize(4);
    assertThat(states).containsExactly("open");
    assertThat(breaker.level()).isEqualTo(2);
    ask("c");
    assertThat(outcomes).containsExactly("null error", "null breaker_open", "null breaker_open");
    assertThat(service.asked()).hasSize(4);
  }

  @Test
  void theBreakerTriesAgainAndCloses() {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.UNAVAILABLE));
    ask("a");
    ask("b");
    delays.goOnMillis(5600);
    service.behaves(FakeLookup.ANSWERS);
    ask("c");
    ask("d");
    ask("e");
    assertThat(states).containsExactly("open", "half_open", "closed");
    assertThat(outcomes.subList(2, 5))
        .containsExactly("answer to c fresh", "answer to d fresh", "answer to e fresh");
  }

  @Test
  void slowAnswersOpenTheBreakerToo() {
    List<CompletableFuture<String>> open = new ArrayList<>();
    service.behaves(
        question -> {
          open.add(new CompletableFuture<>());
          return open.get(open.size() - 1);
        });
    for (String question : List.of("a", "b", "c", "d")) {
      ask(question);
    }
    delays.goOnMillis(150);
    open.subList(0, 2).forEach(answer -> answer.complete("late"));
    delays.goOnMillis(1);
    open.get(2).complete("late");
    assertThat(states).isEmpty();
    open.get(3).complete("late");
    assertThat(outcomes).hasSize(4).containsOnly("late fresh");
    assertThat(tookMillis).containsExactly(150L, 150L, 151L, 151L);
    assertThat(states).containsExactly("open");
  }

  @Test
  void anOldAnswerStandsInUntilItIsTooOld() {
    ask("a");
    service.behaves(FakeLookup.fails(LookupFailure.Kind.BAD_ANSWER));
    delays.goOnMillis(599_999);
    ask("a");
    ask("b");
    delays.goOnMillis(1);
    ask("a");
    assertThat(outcomes)
        .containsExactly(
            "answer to a fresh",
            "answer to a stale of 599999 ms",
            "null bad_answer",
            "null bad_answer");
  }

  @Test
  void refusedQuestionsDoNotOpenTheBreaker() {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.REFUSED));
    for (int i = 0; i < 10; i++) {
      ask("a");
    }
    assertThat(states).isEmpty();
    assertThat(service.asked()).hasSize(10);
  }
}
