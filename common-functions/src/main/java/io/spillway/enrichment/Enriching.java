package io.spillway.enrichment;

import java.io.Serializable;

/**
 * What an enrichment asks for a value and what it makes of the answer. Called by the task's thread
 * and by those of the lookup: keeps no state.
 *
 * @param <T> what comes in
 * @param <Q> the question; also the key of answers kept for bad times, so with equals and hashCode
 * @param <A> the answer
 * @param <R> what goes out
 */
public interface Enriching<T, Q, A, R> extends Serializable {
  /**
   * The question for this value; null where nobody has to be asked. An exception, here or in {@link
   * #staleKey}, is taken as {@link Answered#BAD_QUESTION}: nobody is asked.
   */
  Q question(T value);

  /**
   * What goes out. Answers may be missing or old, see {@link Enriched#degraded()}.
   *
   * <p>An exception for a fresh answer is taken as {@link Answered#BAD_ANSWER}, and this is called
   * again without one; that must work, for there is nothing left to go on with.
   */
  R result(Enriched<T, A> enriched);

  /**
   * What an earlier answer must have in common with a question to stand in for a missing one; null
   * for none. The question itself unless told otherwise.
   */
  default Object staleKey(Q question) {
    return question;
  }
}
