package io.spillway.enrichment;

import java.util.Locale;

/** Where the answer of an {@link Enriched} comes from, or why there is none. */
public enum Answered {
  /** From the service, for this question. */
  FRESH,
  /** Nobody had to be asked: complete without an answer. */
  NOT_ASKED,
  /** An earlier answer to the same question, for the service gave none now. */
  STALE,
  /** No answer in time. */
  TIMEOUT,
  /** Not asked, for the service has just failed too often. */
  BREAKER_OPEN,
  /** All attempts failed, or the service refused the question. */
  ERROR,
  /** The service answered what cannot be used. */
  BAD_ANSWER,
  /** No question could be made of the value. */
  BAD_QUESTION;

  /** Whether this is less than was asked for. */
  public boolean degraded() {
    return this != FRESH && this != NOT_ASKED;
  }

  /** As labels and records write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
