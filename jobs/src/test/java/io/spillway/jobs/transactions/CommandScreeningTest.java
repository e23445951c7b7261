package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.jobs.work.Receipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandScreeningTest {
  private static final long TTL = 60_000;
  private static final long T0 = 1_732_431_240_000L;

  @Test
  void letsTheFirstCopyPassAndEndsTheSecondWithAReceipt() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      Command first = payment("id-1", "a-1", 5, T0);
      Command copy = payment("id-1", "a-1", 5, T0 + 1);
      add(screening, first);
      add(screening, copy);
      assertThat(screening.output())
          .containsExactly(new ScoredCommand(first, new Velocity(1, 5), Risk.NOT_ASKED));
      assertThat(screening.side(CommandScreening.RECEIPTS)).containsExactly(copy.receipt());
    }
  }

  @Test
  void writesNoReceiptsUnlessAsked() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(false)) {
      add(screening, payment("id-1", "a-1", 5, T0));
      add(screening, payment("id-1", "a-1", 5, T0));
      assertThat(screening.side(CommandScreening.RECEIPTS)).isEmpty();
    }
  }

  /** CloudEvents: it is source and id together that are unique. */
  @Test
  void tellsTheSameIdFromAnotherSource() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      Command one = payment("1", "a-1", 5, T0);
      Command other = from("1shop", one);
      Command shifted = new Command("11", one.type(), "a-1", "m", 5, "EUR", T0, other.receipt());
      for (Command command : List.of(one, other, from("shop", shifted))) {
        add(screening, command);
      }
      assertThat(screening.output()).hasSize(3);
    }
  }

  @Test
  void countsPaymentsOnlyAndEachOnce() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      add(screening, payment("id-1", "a-1", 5, T0));
      add(screening, payment("id-1", "a-1", 5, T0));
      add(screening, CommandEvents.command("id-2", CommandType.REFUND, "a-1", 9, T0));
      add(screening, payment("id-3", "a-2", 7, T0));
      add(screening, payment("id-4", "a-1", 6, T0 + 1_000));
      assertThat(screening.output())
          .extracting(ScoredCommand::velocity)
          .containsExactly(
              new Velocity(1, 5), Velocity.NONE, new Velocity(1, 7), new Velocity(2, 11));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void knowsIdsAndVelocityAfterARestartAtAnyParallelism(int parallelism) throws Exception {
    KeyedHarness<Command, ScoredCommand> screening = harness(true);
    for (int account = 0; account < 10; account++) {
      add(screening, payment("id-1", "a-" + account, 5, T0));
    }
    try (KeyedHarness<Command, ScoredCommand> after = screening.restored(parallelism)) {
      for (int account = 0; account < 10; account++) {
        add(after, payment("id-1", "a-" + account, 5, T0));
        add(after, payment("id-2", "a-" + account, 5, T0 + 1));
      }
      assertThat(after.output())
          .hasSize(10)
          .allSatisfy(
              scored -> {
                assertThat(scored.command().id()).isEqualTo("id-2");
                assertThat(scored.velocity()).isEqualTo(new Velocity(2, 10));
              });
      assertThat(after.side(CommandScreening.RECEIPTS)).hasSize(10);
    }
  }

  /** Time that passes while the job is down is not time in which copies came. */
  @Test
  void forgetsByEventTimeAndNotByTheClock() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      add(screening, payment("id-1", "a-1", 5, T0));
      screening.watermark(T0 + TTL);
      add(screening, payment("id-1", "a-1", 5, T0));
      assertThat(screening.output()).hasSize(1);
      screening.watermark(T0 + 2 * TTL);
      add(screening, payment("id-1", "a-1", 5, T0));
      assertThat(screening.output()).hasSize(2);
    }
  }

  @Test
  void leavesNothingBehindOfAnAccountThatIsQuiet() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      for (int i = 0; i < 50; i++) {
        add(screening, payment("id-" + i, "a-1", 5, T0 + i * 10_000));
      }
      assertThat(screening.stateEntries()).isPositive();
      screening.watermark(T0 + 500_000 + 2 * TTL);
      assertThat(screening.stateEntries()).isZero();
      assertThat(screening.timers()).isZero();
    }
  }

  @Test
  void holdsOneTimerForAnAccountAndGenerationHoweverManyIds() throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      for (int i = 0; i < 500; i++) {
        add(screening, payment("id-" + i, "a-1", 5, T0 + i));
      }
      assertThat(screening.timers()).isEqualTo(1);
    }
  }

  /**
   * Whatever the order and the gaps: a copy within the time to live of the one that passed is
   * always known, and one of more than twice that is always new.
   */
  @Property(tries = 100)
  void remembersAtLeastTheTimeToLiveAndAtMostTwice(
      @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 90_000) Long> steps,
      @ForAll @Size(min = 40, max = 40) List<@IntRange(max = 3) Integer> ids,
      @ForAll boolean watermarks)
      throws Exception {
    try (KeyedHarness<Command, ScoredCommand> screening = harness(true)) {
      Map<Integer, Long> passed = new HashMap<>();
      long time = T0;
      int before = 0;
      for (int i = 0; i < steps.size(); i++) {
        time += steps.get(i);
        int id = ids.get(i);
        add(screening, payment("id-" + id, "a-1", 1, time));
        boolean first = screening.output().size() > before;
        before = screening.output().size();
        Long last = passed.get(id);
        if (last == null || time - last > 2 * TTL) {
          assertThat(first).isTrue();
        } else if (time - last <= TTL) {
          assertThat(first).isFalse();
        }
        if (first) {
          passed.put(id, time);
        }
        if (watermarks) {
          screening.watermark(time - 1);
        }
      }
    }
  }

  private static KeyedHarness<Command, ScoredCommand> harness(boolean receipts) throws Exception {
    return new KeyedHarness<>(
        () -> new CommandScreening(Duration.ofMillis(TTL), Duration.ofMillis(TTL), receipts),
        Command::account);
  }

  private static void add(KeyedHarness<Command, ScoredCommand> screening, Command command)
      throws Exception {
    screening.add(command, command.timeMillis());
  }

  private static Command payment(String id, String account, long amount, long millis) {
    return CommandEvents.command(id, CommandType.PAYMENT, account, amount, millis);
  }

  private static Command from(String source, Command command) {
    Receipt r = command.receipt();
    return new Command(
        command.id(),
        command.type(),
        command.account(),
        command.merchant(),
        command.amountMinor(),
        command.currency(),
        command.timeMillis(),
        new Receipt(
            r.topic(),
            r.partition(),
            r.offset(),
            source,
            r.sequence(),
            r.priority(),
            r.sentMillis(),
            r.weight()));
  }
}
