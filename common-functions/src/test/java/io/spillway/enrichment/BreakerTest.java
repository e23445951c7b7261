package io.spillway.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Goes by four attempts, of which 150 ms are slow; the first five seconds are to warm up. */
class BreakerTest {
  private static final EnrichmentOptions OPTIONS =
      EnrichmentOptions.from(
          Settings.of(
              Map.of(
                  "enrichment.breaker.window", "4",
                  "enrichment.breaker.slow-call", "150ms",
                  "enrichment.breaker.open-for", "2s",
                  "enrichment.breaker.warm-up", "5s"),
              EnrichmentOptions.OPTIONS));

  private final HandDelays delays = new HandDelays();
  private final List<String> states = new ArrayList<>();
  private final Breaker breaker = new Breaker("express", OPTIONS, delays, states::add);

  @Test
  void theFirstCallsMayBeSlowOrLateWhileAConnectionIsMade() {
    delays.goOnMillis(60_000);
    List<Long> begun = begin(100);
    delays.goOnMillis(1_000);
    begun.subList(0, 50).forEach(breaker::succeeded);
    begun.subList(50, 100).forEach(this::timeOut);
    assertThat(states).isEmpty();
  }

  @Test
  void whatBeganWhileItWasWarmingUpIsLeftOutWheneverItEnds() {
    List<Long> begun = begin(4);
    delays.goOnMillis(10_000);
    begun.forEach(this::timeOut);
    assertThat(states).isEmpty();
  }

  @Test
  void afterThatSlowAnswersAndLateOnesCount() {
    begin(1).forEach(breaker::succeeded);
    delays.goOnMillis(5_000);
    List<Long> begun = begin(4);
    delays.goOnMillis(151);
    begun.subList(0, 3).forEach(breaker::succeeded);
    timeOut(begun.get(3));
    assertThat(states).containsExactly("open");
  }

  @Test
  void whatFailsOutrightCountsFromTheBeginning() {
    begin(4).forEach(this::fail);
    assertThat(states).containsExactly("open");
    assertThat(breaker.tryEnter()).isFalse();
  }

  @Test
  void whatIsLeftOutGivesTheTrialBackThatItTook() {
    begin(4).forEach(this::fail);
    long openFor = OPTIONS.breakerOpenFor().toMillis();
    assertThat(openFor).isLessThan(OPTIONS.breakerWarmUp().toMillis());
    delays.goOnMillis(openFor + 1);
    begin(OPTIONS.breakerTrials()).forEach(this::timeOut);
    assertThat(states).containsExactly("open", "half_open");
    begin(OPTIONS.breakerTrials()).forEach(breaker::succeeded);
    assertThat(states).containsExactly("open", "half_open", "closed");
  }

  private List<Long> begin(int attempts) {
    List<Long> begun = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      assertThat(breaker.tryEnter()).isTrue();
      begun.add(delays.nanoTime());
    }
    return begun;
  }

  private void fail(long start) {
    breaker.failed(
        start,
        LookupFailure.Kind.UNAVAILABLE,
        new LookupFailure(LookupFailure.Kind.UNAVAILABLE, "told to"));
  }

  private void timeOut(long start) {
    breaker.failed(
        start,
        LookupFailure.Kind.TIMEOUT,
        new LookupFailure(LookupFailure.Kind.TIMEOUT, "no answer in time"));
  }
}
