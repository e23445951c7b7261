package io.spillway.enrichment;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Asks another system without making the caller wait. One for each subtask, closed with it.
 *
 * <p>{@link #ask} is called by several threads, returns at once and must never block. A question
 * may be asked more than once: attempts are repeated, and after a restore whatever had not been
 * answered is asked again. So asking must change nothing on the other side that a second time
 * changes once more.
 *
 * @param <Q> the question
 * @param <A> the answer
 */
public interface Lookup<Q, A> extends AutoCloseable {
  /**
   * @param deadline time this attempt has; whoever asks stops waiting then, and cancels the future
   *     behind the stage
   * @return the answer, never null; or a failure, best as {@link LookupFailure}: any other one is
   *     taken as {@link LookupFailure.Kind#UNAVAILABLE}
   */
  CompletionStage<A> ask(Q question, Duration deadline);

  /** Gives up what is under way; does not wait long. */
  @Override
  void close();
}
