package io.spillway.enrichment;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Why a {@link Lookup} has no answer. Without a stack trace: there may be thousands a second. */
public final class LookupFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failure means for whoever asks. */
  public enum Kind {
    /** Not there, overloaded or broken: worth another attempt. */
    UNAVAILABLE,
    /** No answer within the deadline: worth another attempt while there is time. */
    TIMEOUT,
    /** The question is wrong, or not allowed; says nothing about the health of the service. */
    REFUSED,
    /** There was an answer that cannot be used; another attempt would bring the same. */
    BAD_ANSWER;

    boolean worthAnotherAttempt() {
      return this == UNAVAILABLE || this == TIMEOUT;
    }

    Answered answered() {
      return switch (this) {
        case TIMEOUT -> Answered.TIMEOUT;
        case BAD_ANSWER -> Answered.BAD_ANSWER;
        case UNAVAILABLE, REFUSED -> Answered.ERROR;
      };
    }
  }

  private final Kind kind;

  public LookupFailure(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = Objects.requireNonNull(kind);
  }

  public Kind kind() {
    return kind;
  }

  /** What kind of failure this is, whatever a library has wrapped around it. */
  static Kind kindOf(Throwable failure) {
    Throwable inner = failure;
    while (inner instanceof CompletionException && inner.getCause() != null) {
      inner = inner.getCause();
    }
    if (inner instanceof LookupFailure known) {
      return known.kind;
    }
    return inner instanceof TimeoutException ? Kind.TIMEOUT : Kind.UNAVAILABLE;
  }
}
