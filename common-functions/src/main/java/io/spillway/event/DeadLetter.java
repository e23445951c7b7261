package io.spillway.event;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A record that nobody can process, kept whole: bytes, headers and place as they were read, why it
 * is here and in which words.
 *
 * @param detail one line for a person; names the offending value, shortened
 */
@TypeInfo(DeadLetterTypeInfoFactory.class)
public record DeadLetter(RawEvent event, Reason reason, String detail) {

  /** Why a record is a dead letter. The name on the wire and in metrics is the lower-case word. */
  public enum Reason {
    /** A header that must be readable is not: bad UTF-8, an unknown priority, a rate below 1. */
    BAD_HEADER,
    /** {@code ce_time} cannot be parsed or lies too far in the future to be believed. */
    BAD_TIME,
    /** The record has no value. */
    EMPTY_VALUE,
    /** The value is larger than the job accepts. */
    TOO_LARGE,
    /** The value is not what the job's payload reader understands. */
    BAD_PAYLOAD,
    /** The event is fine but its window closed before it came. */
    LATE,
    /** A record of the policy topic, and no policy this job can follow. */
    BAD_POLICY,
    /** A result that the target it was sent to will never take. */
    REFUSED,
    /** The event is fine, but its source has sent more than it may, with exact quotas. */
    OVER_QUOTA;

    private final String wireName = name().toLowerCase(java.util.Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }
}
