package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.jobs.work.SimulatedWork;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;

/**
 * The books always add up: whatever commands come, with copies, failures and restarts in between,
 * the balance of an account is the sum of its decisions. What a failed run wrote after its last
 * checkpoint is taken back, as transactions do.
 */
class BalanceLawsTest {
  private static final DecisionRule RULE =
      new DecisionRule(Long.MAX_VALUE / 2, 0, 0, 0.8, Long.MAX_VALUE / 4);
  private static final long T0 = 1_732_431_240_000L;

  private enum Event {
    COMMAND,
    CHECKPOINT,
    FAILURE,
    RESTART
  }

  private record Step(
      Event event,
      int id,
      CommandType type,
      String account,
      long amount,
      String currency,
      double score) {}

  private record Written(List<Decision> decisions, List<AccountState> accounts) {
    Written() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(KeyedHarness<ScoredCommand, Decision> deciding) {
      decisions.addAll(deciding.output());
      accounts.addAll(deciding.side(CommandDeciding.ACCOUNTS));
    }
  }

  @Property(tries = 60)
  void everyBalanceIsTheSumOfItsDecisions(@ForAll("steps") List<Step> steps) throws Exception {
    Written written = run(steps);

    Map<String, BigInteger> sums = new HashMap<>();
    Map<String, Long> versions = new HashMap<>();
    Map<String, String> currencies = new HashMap<>();
    Set<String> decided = new HashSet<>();
    for (Decision decision : written.decisions()) {
      Command command = decision.scored().command();
      if (command.type().movesMoney()) {
        assertThat(decided.add(command.account() + command.identity())).as("decided once").isTrue();
      }
      Account account = decision.account();
      BigInteger sum =
          sums.merge(
              command.account(), BigInteger.valueOf(decision.changeMinor()), BigInteger::add);
      assertThat(BigInteger.valueOf(account.balanceMinor())).isEqualTo(sum);
      long version = versions.getOrDefault(command.account(), 0L);
      boolean approved = decision.verdict() == Verdict.APPROVED;
      assertThat(account.version()).isEqualTo(approved ? version + 1 : version);
      versions.put(command.account(), account.version());
      if (approved) {
        assertThat(decision.changeMinor())
            .isEqualTo(
                command.type() == CommandType.PAYMENT
                    ? -command.amountMinor()
                    : command.amountMinor());
        assertThat(currencies.merge(command.account(), command.currency(), (old, now) -> old))
            .as("one currency")
            .isEqualTo(command.currency());
      } else {
        assertThat(decision.changeMinor()).isZero();
      }
    }

    Map<String, Account> readModel = new HashMap<>();
    written.accounts().forEach(state -> readModel.put(state.name(), state.account()));
    readModel.forEach(
        (name, account) -> {
          assertThat(BigInteger.valueOf(account.balanceMinor())).isEqualTo(sums.get(name));
          assertThat(account.version()).isEqualTo(versions.get(name));
        });
    versions.forEach(
        (name, version) -> assertThat(readModel.containsKey(name)).isEqualTo(version > 0));
    assertThat(total(readModel))
        .isEqualTo(
            written.decisions().stream()
                .map(decision -> BigInteger.valueOf(decision.changeMinor()))
                .reduce(BigInteger.ZERO, BigInteger::add));
  }

  /** A failure is as if it had not been, except that time has passed. */
  @Property(tries = 20)
  void aRunWithFailuresDecidesAsOneWithout(@ForAll("steps") List<Step> steps) throws Exception {
    List<Step> smooth = steps.stream().filter(step -> step.event() == Event.COMMAND).toList();
    assertThat(run(steps).decisions()).isEqualTo(run(smooth).decisions());
  }

  private static Written run(List<Step> steps) throws Exception {
    Written written = new Written();
    List<ScoredCommand> sinceCheckpoint = new ArrayList<>();
    KeyedHarness<ScoredCommand, Decision> deciding = harness();
    OperatorSubtaskState checkpoint = deciding.snapshot();
    for (Step step : steps) {
      switch (step.event()) {
        case COMMAND -> {
          ScoredCommand scored = scored(step);
          sinceCheckpoint.add(scored);
          deciding.add(scored, T0);
        }
        case CHECKPOINT, RESTART -> {
          checkpoint = deciding.snapshot();
          written.add(deciding);
          sinceCheckpoint.clear();
          deciding = deciding.restoredFrom(checkpoint);
        }
        case FAILURE -> {
          deciding = deciding.restoredFrom(checkpoint);
          for (ScoredCommand again : sinceCheckpoint) {
            deciding.add(again, T0);
          }
        }
      }
    }
    written.add(deciding);
    deciding.close();
    return written;
  }

  private static BigInteger total(Map<String, Account> accounts) {
    return accounts.values().stream()
        .map(account -> BigInteger.valueOf(account.balanceMinor()))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static KeyedHarness<ScoredCommand, Decision> harness() throws Exception {
    return new KeyedHarness<>(
        () -> new CommandDeciding(RULE, Duration.ofDays(1), new SimulatedWork(0), false),
        scored -> scored.command().account());
  }

  private static ScoredCommand scored(Step step) {
    long amount = step.type().movesMoney() ? step.amount() : 0;
    Command command =
        CommandEvents.command(
            "id-" + step.id(), step.type(), step.account(), amount, step.currency(), T0);
    Risk risk = step.score() < 0 ? new Risk(Double.NaN, "timeout") : new Risk(step.score(), "");
    return new ScoredCommand(command, Velocity.NONE, risk);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Event> event =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(20, Arbitraries.just(Event.COMMAND)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Event.CHECKPOINT)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Event.FAILURE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Event.RESTART)));
    Arbitrary<Long> amount =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 1_000),
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            Arbitraries.of(Long.MAX_VALUE, Long.MAX_VALUE / 2));
    return Combinators.combine(
            event,
            Arbitraries.integers().between(0, 30),
            Arbitraries.of(CommandType.class),
            Arbitraries.of("a-1", "a-2", "a-3"),
            amount,
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(5, "EUR"), net.jqwik.api.Tuple.of(1, "USD")),
            Arbitraries.of(-1.0, 0.0, 0.5, 0.9))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
