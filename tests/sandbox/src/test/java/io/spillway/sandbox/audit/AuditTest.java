package io.spillway.sandbox.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.Settlement;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AuditTest {
  private static final InputPartition IN = new InputPartition("in", 0);
  private static final AuditRule RECEIPTS = new AuditRule(true, true, false, false);
  private static final AuditRule ONCE = new AuditRule(true, true, true, true);
  private static final AuditRule NO_RECEIPTS = new AuditRule(false, true, false, false);

  @Property(tries = 200)
  void everyEventIsInExactlyOnePlaceAndNothingIsWrong(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 300) int n) {
    Story story = Story.of(random, n);

    Findings findings = story.audit(ONCE, -1);

    assertThat(findings.listed()).isEmpty();
    assertThat(findings.holds()).isTrue();
    for (Destination destination : Destination.values()) {
      long expected = story.destinations.stream().filter(destination::equals).count();
      assertThat(findings.count(destination)).as(destination.wireName()).isEqualTo(expected);
    }
    assertThat(findings.seen()).isEqualTo(n);
  }

  @Property(tries = 200)
  void whatOneRecordSaidIsMissingWithoutIt(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 300) int n) {
    Story story = Story.of(random, n);
    int victim = random.nextInt(n);

    Findings findings = story.audit(RECEIPTS, victim);

    assertThat(findings.holds()).isFalse();
    assertThat(findings.listed()).hasSize(1);
    Problem problem = findings.listed().get(0);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.MISSING);
    assertThat(problem.place()).isEqualTo("in-0@" + victim);
    assertThat(problem.source()).isEqualTo("s");
    assertThat(problem.sequence()).isEqualTo(victim + 1);
    assertThat(findings.sources().withProblems())
        .containsExactly(new Sources.Line("s", n, 1, 0, 0, 0));
  }

  @Property(tries = 200)
  void aNameOfAnOffsetThatTheInputDoesNotHaveIsForged(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 100) int n) {
    Story story = Story.of(random, n);
    long nowhere = n + random.nextInt(1_000_000);
    switch (random.nextInt(4)) {
      case 0 -> story.tell.add(audit -> audit.receipt(IN, nowhere));
      case 1 -> story.tell.add(audit -> audit.deadLetter(IN, nowhere, Reason.BAD_PAYLOAD));
      case 2 -> story.tell.add(audit -> audit.ledger(Entries.of(nowhere, Outcome.SHED)));
      default -> story.tell.add(audit -> audit.receipt(new InputPartition("in", 7), nowhere));
    }

    Findings findings = story.audit(RECEIPTS, -1);

    assertThat(findings.holds()).isFalse();
    assertThat(findings.listed())
        .extracting(Problem::kind, Problem::offset)
        .containsExactly(tuple(Problem.Kind.FORGED, nowhere));
  }

  @Example
  void aSecondReceiptIsAnErrorOnlyWhereNothingMayComeTwice() {
    List<Step> twice = List.of(a -> a.receipt(IN, 0), a -> a.receipt(IN, 0));
    Findings lenient = audit(RECEIPTS, 1, twice);
    assertThat(lenient.holds()).isTrue();
    assertThat(lenient.receiptsAgain()).isEqualTo(1);
    assertThat(audit(ONCE, 1, twice).count(Problem.Kind.DOUBLE)).isEqualTo(1);
  }

  @Example
  void aSecondDescriptionIsAnErrorOnlyWhereTheLedgerIsExactlyOnce() {
    List<Step> twice =
        List.of(
            a -> a.ledger(Entries.of(0, Outcome.SHED)),
            a -> a.ledger(Entries.of(0, Outcome.EXPIRED)));
    Findings lenient = audit(RECEIPTS, 1, twice);
    assertThat(lenient.holds()).isTrue();
    assertThat(lenient.count(Destination.EXPIRED)).as("the later word counts").isEqualTo(1);
    assertThat(lenient.recordsAgain()).isEqualTo(1);
    AuditRule exactlyOnce = AuditRule.of(Map.of("kafka.delivery", "exactly-once"), false);
    assertThat(audit(exactlyOnce, 1, twice).count(Problem.Kind.DOUBLE)).isEqualTo(1);
  }

  @Example
  void receiptsAreAtLeastOnceAlsoWhereTheLedgerIsExactlyOnce() {
    AuditRule rule =
        AuditRule.of(Map.of("kafka.delivery", "exactly-once", "receipts.topic", "r"), false);
    assertThat(rule).isEqualTo(new AuditRule(true, true, false, true));
  }

  @Example
  void anEventThatIsProcessedAndThenLateIsNotInTwoPlaces() {
    Findings findings =
        audit(ONCE, 1, List.of(a -> a.receipt(IN, 0), a -> a.deadLetter(IN, 0, Reason.LATE)));
    assertThat(findings.holds()).isTrue();
    assertThat(findings.count(Destination.DELIVERED)).isEqualTo(1);
  }

  @Example
  void anEventBeyondWhatIsCommittedIsNotMissing() {
    Findings findings = audit(RECEIPTS, 3, 2, List.of(a -> a.receipt(IN, 0)));
    assertThat(findings.count(Destination.WAITING)).isEqualTo(1);
    assertThat(findings.count(Destination.MISSING)).isEqualTo(1);
  }

  @Example
  void whatIsBeforeTheLogStartIsNotProvableAndNoForgery() {
    Audit audit = new Audit(RECEIPTS, Set.of("in"));
    audit.receipt(IN, 3);
    audit.ledger(Entries.of(4, Outcome.DEFERRED));
    audit.judge(Map.of(IN, new InputRange(10, 10, OptionalLong.of(10), 10)));
    Findings findings = audit.findings();
    assertThat(findings.holds()).isTrue();
    assertThat(findings.outOfSight()).isEqualTo(2);
    assertThat(findings.deferredAndDeleted()).isEqualTo(1);
  }

  @Example
  void withoutReceiptsTheLedgerTellsWhatWasAdmittedAndHowMany() {
    Findings good = audit(NO_RECEIPTS, 3, List.of(a -> a.ledger(Entries.admitted(0, 2, 3))));
    assertThat(good.count(Destination.ADMITTED)).isEqualTo(3);
    assertThat(good.holds()).isTrue();
    Findings bad = audit(NO_RECEIPTS, 3, List.of(a -> a.ledger(Entries.admitted(0, 2, 2))));
    assertThat(bad.count(Problem.Kind.MISCOUNTED)).isEqualTo(1);
  }

  @Example
  void aRangeOfTheLedgerBeyondTheInputIsForged() {
    Findings findings = audit(NO_RECEIPTS, 3, List.of(a -> a.ledger(Entries.admitted(0, 9, 10))));
    assertThat(findings.count(Problem.Kind.FORGED)).isEqualTo(1);
  }

  @Example
  void aJobWithoutAlertsOwesNone() {
    Audit audit = new Audit(new AuditRule(true, false, false, false), Set.of("in"));
    audit.receipt(IN, 0);
    audit.judge(Map.of(IN, new InputRange(0, 0, OptionalLong.of(1), 1)));
    audit.event(new Audit.Event(IN, 0, Priority.CRITICAL, "s", 1, "id-0"));
    assertThat(audit.findings().holds()).isTrue();
  }

  @Example
  void aCriticalEventThatWasProcessedNeedsAnAlert() {
    Audit audit = new Audit(RECEIPTS, Set.of("in"));
    audit.receipt(IN, 0);
    audit.receipt(IN, 1);
    audit.alert("s", "id-0");
    audit.alert("s", "id-7");
    audit.judge(Map.of(IN, new InputRange(0, 0, OptionalLong.of(2), 2)));
    audit.event(new Audit.Event(IN, 0, Priority.CRITICAL, "s", 1, "id-0"));
    audit.event(new Audit.Event(IN, 1, Priority.CRITICAL, "s", 2, "id-1"));
    Findings findings = audit.findings();
    assertThat(findings.listed()).hasSize(1);
    assertThat(findings.listed().get(0).kind()).isEqualTo(Problem.Kind.NO_ALERT);
    assertThat(findings.listed().get(0).place()).isEqualTo("in-0@1");
    assertThat(findings.alertsOfNoEvent()).isEqualTo(1);
  }

  @Example
  void anEntryWhoseListDoesNotFitItsCountsIsNotBelieved() {
    Audit audit = new Audit(RECEIPTS, Set.of("in"));
    assertThat(audit.ledger(Entries.miscounted(0))).isFalse();
    assertThat(audit.ledger(Entries.admitted(5, 2, 0))).isFalse();
    assertThat(audit.ledger(Entries.of(0, Outcome.SHED))).isTrue();
  }

  @Example
  void whatIsSaidOfTheTopicsOfOtherJobsIsNotOurs() {
    Findings findings =
        audit(RECEIPTS, 0, List.of(a -> a.receipt(new InputPartition("other", 0), 5)));
    assertThat(findings.holds()).isTrue();
    assertThat(findings.ofOtherTopics()).isEqualTo(1);
  }

  private interface Step {
    void tell(Audit audit);
  }

  private static Findings audit(AuditRule rule, int n, List<Step> story) {
    return audit(rule, n, n, story);
  }

  private static Findings audit(AuditRule rule, int n, long committed, List<Step> story) {
    Audit audit = new Audit(rule, Set.of("in"));
    story.forEach(step -> step.tell(audit));
    audit.judge(Map.of(IN, new InputRange(0, 0, OptionalLong.of(committed), n)));
    for (int i = 0; i < n; i++) {
      audit.event(new Audit.Event(IN, i, Priority.of(i % Priority.COUNT), "s", i + 1, ""));
    }
    return audit.findings();
  }

  /** n events, each with one true story in outputs that are told in any order. */
  private static final class Story {
    final List<Destination> destinations = new ArrayList<>();
    final List<Step> tell = new ArrayList<>();
    final List<Step> ofVictims = new ArrayList<>();

    static Story of(Random random, int n) {
      Story story = new Story();
      for (int i = 0; i < n; i++) {
        story.event(random, i);
      }
      return story;
    }

    private void event(Random random, long offset) {
      switch (random.nextInt(5)) {
        case 0 -> add(Destination.DELIVERED, a -> a.receipt(IN, offset));
        case 1 -> {
          Reason reason = Reason.values()[random.nextInt(Reason.values().length)];
          add(Destination.DEAD_LETTER, a -> a.deadLetter(IN, offset, reason));
        }
        case 2 -> {
          Outcome outcome = Outcome.values()[1 + random.nextInt(Outcome.COUNT - 1)];
          add(Destination.of(outcome), a -> a.ledger(Entries.of(offset, outcome)));
        }
        case 3 ->
            add(
                Destination.REPLAYED,
                a -> {
                  a.ledger(Entries.of(offset, Outcome.DEFERRED));
                  a.receipt(IN, offset);
                  a.ledger(Entries.settled(offset, Settlement.Kind.REPLAYED));
                });
        default ->
            add(
                Destination.GONE,
                a -> {
                  a.ledger(Entries.of(offset, Outcome.DEFERRED));
                  a.ledger(Entries.settled(offset, Settlement.Kind.GONE));
                });
      }
    }

    private void add(Destination destination, Step step) {
      destinations.add(destination);
      ofVictims.add(step);
    }

    /** Audits the story; what it says of this event is left out. */
    Findings audit(AuditRule rule, int victim) {
      List<Step> told = new ArrayList<>(tell);
      for (int i = 0; i < ofVictims.size(); i++) {
        if (i != victim) {
          told.add(ofVictims.get(i));
        }
      }
      Collections.shuffle(told, new Random(victim));
      return AuditTest.audit(rule, destinations.size(), told);
    }
  }
}
