package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AccountsTest {
  private static final String TOPIC = "in";
  private static final long SENT = 1_700_000_000_000L;

  @Property(tries = 200)
  void everyProducedEventHasExactlyOneFate(
      @ForAll Random random, @ForAll @IntRange(max = 300) int n) {
    Accounts accounts = new Accounts();
    Map<String, Fate> expected = tellInAnyOrder(accounts, random, n);
    long sum = 0;
    for (Fate fate : Fate.values()) {
      long count = expected.values().stream().filter(fate::equals).count();
      assertThat(accounts.count(fate)).as(fate.wireName()).isEqualTo(count);
      sum += accounts.count(fate);
    }
    assertThat(sum).isEqualTo(n).isEqualTo(accounts.produced());
    assertThat(accounts.unknown()).isZero();
  }

  @Property(tries = 100)
  void anOmittedReceiptIsFound(@ForAll Random random, @ForAll @IntRange(min = 1, max = 200) int n) {
    int omitted = random.nextInt(n);
    Accounts accounts = new Accounts();
    for (int i = 0; i < n; i++) {
      accounts.produced(TOPIC, i % 4, i / 4, Priority.BULK, SENT);
      if (i != omitted) {
        accounts.delivered(TOPIC, i % 4, i / 4, SENT + 5);
      }
    }
    assertThat(accounts.count(Fate.UNACCOUNTED)).isEqualTo(1);
    assertThat(Conservation.of(accounts).holds()).isFalse();
  }

  @Example
  void anEventThatWasRejectedAndDeliveredCountsAsDelivered() {
    Accounts accounts = new Accounts();
    accounts.produced(TOPIC, 0, 0, Priority.HIGH, SENT);
    accounts.rejected(TOPIC, 0, 0, Outcome.SHED);
    assertThat(accounts.count(Priority.HIGH, Fate.SHED)).isEqualTo(1);
    accounts.delivered(TOPIC, 0, 0, SENT + 1);
    accounts.deadLetter(TOPIC, 0, 0);
    assertThat(accounts.count(Priority.HIGH, Fate.DELIVERED)).isEqualTo(1);
    assertThat(accounts.count(Fate.SHED)).isZero();
    assertThat(accounts.count(Fate.DEAD_LETTER)).isZero();
  }

  @Example
  void aRejectionOutweighsADeadLetter() {
    Accounts accounts = new Accounts();
    accounts.deadLetter(TOPIC, 0, 0);
    accounts.rejected(TOPIC, 0, 0, Outcome.EXPIRED);
    accounts.produced(TOPIC, 0, 0, Priority.BULK, SENT);
    assertThat(accounts.count(Fate.EXPIRED)).isEqualTo(1);
  }

  @Example
  void aDuplicateCountsOnceAndTheFirstResultSetsTheLatency() {
    Accounts accounts = new Accounts();
    accounts.produced(TOPIC, 0, 0, Priority.CRITICAL, SENT);
    assertThat(accounts.delivered(TOPIC, 0, 0, SENT + 900)).isTrue();
    assertThat(accounts.delivered(TOPIC, 0, 0, SENT + 20)).isFalse();
    assertThat(accounts.duplicates()).isEqualTo(1);
    assertThat(accounts.count(Fate.DELIVERED)).isEqualTo(1);
    accounts.forEach((priority, fate, sent, done) -> assertThat(done - sent).isEqualTo(20));
  }

  @Example
  void anOutputThatNamesAnEventThatNeverWasIsFound() {
    Accounts accounts = new Accounts();
    accounts.produced(TOPIC, 0, 0, Priority.BULK, SENT);
    accounts.delivered(TOPIC, 0, 0, SENT);
    accounts.delivered(TOPIC, 0, 7, SENT);
    accounts.rejected(TOPIC, 1, 3, Outcome.SHED);
    accounts.deadLetter(TOPIC, 0, Long.MAX_VALUE);
    assertThat(accounts.unknown()).isEqualTo(3);
    assertThat(accounts.produced()).isEqualTo(1);
    assertThat(Conservation.of(accounts).holds()).isFalse();
  }

  @Example
  void holdsMillionsOfEventsInLittleMemory() {
    Accounts accounts = new Accounts();
    int millions = 3_000_000;
    for (int i = 0; i < millions; i++) {
      accounts.produced(TOPIC, i & 3, i >> 2, Priority.of(i & 3), SENT + i / 100);
      accounts.delivered(TOPIC, i & 3, i >> 2, SENT + i / 100 + 7);
    }
    assertThat(accounts.count(Fate.DELIVERED)).isEqualTo(millions);
  }

  /** Tells of n events in a random order, with repetitions; returns the fate each must have. */
  private static Map<String, Fate> tellInAnyOrder(Accounts accounts, Random random, int n) {
    Map<String, Fate> expected = new HashMap<>();
    List<Runnable> story = new ArrayList<>();
    int[] next = new int[3];
    for (int i = 0; i < n; i++) {
      int partition = random.nextInt(next.length);
      long offset = next[partition]++;
      Priority priority = Priority.of(random.nextInt(Priority.COUNT));
      story.add(() -> accounts.produced(TOPIC, partition, offset, priority, SENT + offset));
      Fate fate = Fate.UNACCOUNTED;
      if (random.nextInt(4) == 0) {
        story.add(() -> accounts.deadLetter(TOPIC, partition, offset));
        fate = Fate.DEAD_LETTER;
      }
      if (random.nextInt(3) == 0) {
        Outcome outcome = Outcome.values()[1 + random.nextInt(Outcome.COUNT - 1)];
        story.add(() -> accounts.rejected(TOPIC, partition, offset, outcome));
        fate = Fate.of(outcome);
      }
      for (int times = random.nextInt(3); times > 0; times--) {
        long at = SENT + random.nextInt(10_000);
        story.add(() -> accounts.delivered(TOPIC, partition, offset, at));
        fate = Fate.DELIVERED;
      }
      expected.put(partition + "@" + offset, fate);
    }
    Collections.shuffle(story, random);
    story.forEach(Runnable::run);
    return expected;
  }
}
