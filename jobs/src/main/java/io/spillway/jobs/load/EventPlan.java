package io.spillway.jobs.load;

import io.spillway.priority.Priority;
import java.util.Arrays;

/**
 * What each event of a load is: whose, which in its source's sequence, how important, whether it is
 * malformed and how. All of it follows from the event's number and the seed, so every subtask and
 * every restart agrees and no state is kept.
 *
 * <p>Sources are numbered from 1. With a hot share, source 1 sends exactly that share and the
 * others take turns for the rest; the noisy source (number 2) has several turns per round where the
 * others have one. An event may be a copy: of an event {@value #COPIED_AFTER} before it, in all
 * that is said here, so that ids come twice and sequences have no gap. Immutable, thread safe.
 */
final class EventPlan {
  static final int HOT_SOURCE = 1;
  static final int NOISY_SOURCE = 2;

  private static final int COPIED_AFTER = 50;

  private final Share hot;
  private final int firstTurning;
  private final Rotation turns;
  private final Mix mix;
  private final Share malformed;
  private final Share copies;

  EventPlan(LoadOptions options) {
    long seed = options.seed();
    this.hot = new Share(options.hotShare(), Share.mix(seed + 1));
    this.malformed = new Share(options.malformedShare(), Share.mix(seed + 2));
    this.copies = new Share(options.duplicatesShare(), Share.mix(seed + 6));
    this.mix = Mix.parse(options.mix(), Share.mix(seed + 3));
    this.firstTurning = hot.isNone() ? HOT_SOURCE : HOT_SOURCE + 1;
    int[] weights = new int[options.sources() - firstTurning + 1];
    Arrays.fill(weights, 1);
    if (options.noisyFactor() > 1) {
      weights[NOISY_SOURCE - firstTurning] = options.noisyFactor();
    }
    this.turns = Rotation.shuffled(Share.mix(seed + 4), weights);
  }

  /** The event's place among those that are no copies, from 0; of a copy that of its original. */
  long original(long event) {
    if (copies.isNone()) {
      return event;
    }
    long place = event - copies.before(event);
    return copies.marks(event) ? Math.max(0, place - COPIED_AFTER) : place;
  }

  /** The number of the source that sends this event, from 1. */
  int source(long event) {
    long original = original(event);
    return hot.marks(original) ? HOT_SOURCE : firstTurning + turns.item(turn(original));
  }

  /** The event's place in its source's sequence, from 1 and without gaps. */
  long sequence(long event) {
    long original = original(event);
    return 1 + (hot.marks(original) ? hot.before(original) : turns.earlier(turn(original)));
  }

  Priority priority(long event) {
    return mix.priority(original(event));
  }

  /** What is wrong with this event, or null for the usual well-formed one. */
  Malformed malformed(long event) {
    long original = original(event);
    return malformed.marks(original) ? Malformed.of(malformed.before(original)) : null;
  }

  private long turn(long original) {
    return original - hot.before(original);
  }
}
