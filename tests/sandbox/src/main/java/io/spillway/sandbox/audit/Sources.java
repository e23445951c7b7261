package io.spillway.sandbox.audit;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with which source. Follows the first {@link #MOST} sources, some hundred bytes
 * each; events of further ones are counted and not followed. Not thread safe.
 */
final class Sources {
  static final int MOST = 500_000;

  private static final class Account {
    final SequenceTrack sequences = new SequenceTrack();
    long seen;
    long missing;
    long twice;
  }

  /**
   * A source with something to tell.
   *
   * @param lostBefore sequence numbers that are not in the input
   * @param repeatedBefore events whose number was in the input before
   */
  record Line(
      String source, long seen, long missing, long twice, long lostBefore, long repeatedBefore) {}

  private final Map<String, Account> accounts = new HashMap<>();
  private final int most;
  private long notFollowed;

  Sources() {
    this(MOST);
  }

  Sources(int most) {
    this.most = most;
  }

  /** An event of the input. */
  void seen(String source, long sequence, boolean missing, boolean twice) {
    Account account = accounts.get(source);
    if (account == null) {
      if (accounts.size() >= most) {
        notFollowed++;
        return;
      }
      account = new Account();
      accounts.put(source, account);
    }
    account.seen++;
    account.sequences.add(sequence);
    account.missing += missing ? 1 : 0;
    account.twice += twice ? 1 : 0;
  }

  int count() {
    return accounts.size();
  }

  long notFollowed() {
    return notFollowed;
  }

  /** Sequence numbers of all sources that are not in the input. */
  long lostBefore() {
    return accounts.values().stream().mapToLong(account -> account.sequences.lost()).sum();
  }

  /** Events of all sources whose sequence number was in the input before. */
  long repeatedBefore() {
    return accounts.values().stream().mapToLong(account -> account.sequences.repeats()).sum();
  }

  /** Those with a problem, the worst first. */
  List<Line> withProblems() {
    return accounts.entrySet().stream()
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .filter(line -> line.missing + line.twice + line.lostBefore + line.repeatedBefore > 0)
        .sorted(
            Comparator.comparingLong(Line::missing)
                .thenComparingLong(Line::twice)
                .thenComparingLong(Line::lostBefore)
                .thenComparingLong(Line::repeatedBefore)
                .reversed()
                .thenComparing(Line::source))
        .toList();
  }

  private static Line line(String source, Account account) {
    return new Line(
        source,
        account.seen,
        account.missing,
        account.twice,
        account.sequences.lost(),
        account.sequences.repeats());
  }
}
