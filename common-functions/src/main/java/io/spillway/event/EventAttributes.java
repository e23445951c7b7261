package io.spillway.event;

import io.spillway.event.DeadLetter.Reason;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What admission has to know of an event, read in one pass over its headers and without touching
 * the payload; only in structured mode is the value decoded, because there the attributes are in
 * it. One attribute may stand beside the envelope and then counts: a header {@code ce_sampledrate},
 * written by a job that shed and passed the value on as it was. This runs for every record, most of
 * which are turned away right after, so what no decision needs stays bytes until somebody asks for
 * it.
 *
 * <p>Never throws: an event that cannot be used has a {@link #problem()}, found in the order size,
 * emptiness, headers, time, and then the other attributes have their defaults. A repeated header
 * counts with its last value; a header with a null value, and an empty id, source or type, count as
 * absent. Times are milliseconds since the epoch. Meant for one thread.
 */
public final class EventAttributes {
  private static final long MAX_SAMPLED_RATE = 1_000_000_000;
  private static final int MAX_SEVERITY = 24;

  private final RawEvent raw;
  private EventHeaders headers;
  private Reason problem;
  private String detail;
  private long eventTimeMillis;
  private long expiryMillis = Long.MAX_VALUE;
  private long sampledRate = 1;
  private int severityNumber;
  private Priority priority;
  private byte[] id;
  private byte[] source;
  private byte[] type;
  private String sourceText;
  private String typeText;

  private EventAttributes(RawEvent raw) {
    this.raw = raw;
    this.headers = raw.headers();
    this.eventTimeMillis = raw.timestampMillis();
  }

  /** The attributes of this event. Never throws. */
  public static EventAttributes read(RawEvent raw, EventLimits limits) {
    EventAttributes event = new EventAttributes(raw);
    int bytes = raw.value() == null ? 0 : raw.value().length;
    if (bytes > limits.maxBytes()) {
      event.refuse(
          Reason.TOO_LARGE,
          "value of " + bytes + " bytes, limit is " + limits.maxBytes() + " (event.max-bytes)");
    } else if (bytes == 0) {
      event.refuse(Reason.EMPTY_VALUE, "the record has no value");
    } else {
      event.readHeaders(raw.headers(), limits, false);
    }
    return event;
  }

  /** Whether all of them can be used. */
  private boolean readHeaders(EventHeaders from, EventLimits limits, boolean inEnvelope) {
    byte[] contentType = from.last(CloudEventHeaders.CONTENT_TYPE_CODE);
    if (!inEnvelope && HeaderText.isStructured(contentType)) {
      return readEnvelope(contentType, limits);
    }
    return readTexts(from)
        && readPriority(from.last(CloudEventHeaders.PRIORITY_CODE))
        && readSeverity(from.last(CloudEventHeaders.SEVERITY_NUMBER_CODE))
        && readExpiry(from.last(CloudEventHeaders.EXPIRY_TIME_CODE))
        && readSampledRate(from.last(CloudEventHeaders.SAMPLED_RATE_CODE))
        && isText(CloudEventHeaders.SEQUENCE, from.last(CloudEventHeaders.SEQUENCE_CODE))
        && isSendTime(from.last(CloudEventHeaders.INTENDED_SEND_TIME_CODE))
        && readTime(from.last(CloudEventHeaders.TIME_CODE), limits);
  }

  private boolean readEnvelope(byte[] contentType, EventLimits limits) {
    if (!HeaderText.isStructuredJson(contentType)) {
      return refuseHeader(
          CloudEventHeaders.CONTENT_TYPE, contentType, "is a format other than JSON, not read");
    }
    StructuredEnvelope envelope = StructuredEnvelope.parse(raw.value());
    if (envelope.problem() != null) {
      return refuse(Reason.BAD_PAYLOAD, envelope.problem());
    }
    headers = envelope.attributes();
    byte[] rate = raw.header(CloudEventHeaders.SAMPLED_RATE);
    if (rate != null) {
      headers = headers.with(CloudEventHeaders.SAMPLED_RATE, rate);
    }
    return readHeaders(headers, limits, true);
  }

  private boolean readTexts(EventHeaders from) {
    id = unlessEmpty(from.last(CloudEventHeaders.ID_CODE));
    source = unlessEmpty(from.last(CloudEventHeaders.SOURCE_CODE));
    type = unlessEmpty(from.last(CloudEventHeaders.TYPE_CODE));
    return isText(CloudEventHeaders.ID, id)
        && isText(CloudEventHeaders.SOURCE, source)
        && isText(CloudEventHeaders.TYPE, type);
  }

  private static byte[] unlessEmpty(byte[] value) {
    return value == null || value.length == 0 ? null : value;
  }

  private boolean isText(String name, byte[] value) {
    return value == null || HeaderText.isUtf8(value) || refuseHeader(name, value, "");
  }

  private boolean readPriority(byte[] word) {
    priority = word == null ? null : Priority.fromWireBytes(word);
    return word == null
        || priority != null
        || refuseHeader(
            CloudEventHeaders.PRIORITY, word, "is not one of critical, high, normal, bulk");
  }

  private boolean readSeverity(byte[] value) {
    if (value == null) {
      return true;
    }
    long number = HeaderText.decimal(value);
    if (number < 1 || number > MAX_SEVERITY) {
      return refuseHeader(
          CloudEventHeaders.SEVERITY_NUMBER, value, "is not a whole number from 1 to 24");
    }
    severityNumber = (int) number;
    return true;
  }

  private boolean readExpiry(byte[] value) {
    if (value == null) {
      return true;
    }
    long millis = Rfc3339.epochMillis(value);
    if (millis == Rfc3339.INVALID) {
      return refuseHeader(CloudEventHeaders.EXPIRY_TIME, value, "is not an RFC 3339 time");
    }
    expiryMillis = millis;
    return true;
  }

  private boolean readSampledRate(byte[] value) {
    if (value == null) {
      return true;
    }
    long rate = HeaderText.decimal(value);
    if (rate < 1 || rate > MAX_SAMPLED_RATE) {
      return refuseHeader(
          CloudEventHeaders.SAMPLED_RATE, value, "is not a whole number from 1 to 1000000000");
    }
    sampledRate = rate;
    return true;
  }

  private boolean isSendTime(byte[] value) {
    return value == null
        || HeaderText.isDecimal(value)
        || refuseHeader(
            CloudEventHeaders.INTENDED_SEND_TIME, value, "is not milliseconds since the epoch");
  }

  private boolean readTime(byte[] value, EventLimits limits) {
    if (value == null) {
      return true;
    }
    long millis = Rfc3339.epochMillis(value);
    if (millis == Rfc3339.INVALID) {
      return HeaderText.isUtf8(value)
          ? refuse(
              Reason.BAD_TIME, "ce_time " + HeaderText.shown(value) + " is not an RFC 3339 time")
          : refuseHeader(CloudEventHeaders.TIME, value, "");
    }
    if (limits.isTooFarAhead(millis, raw.timestampMillis())) {
      return refuse(
          Reason.BAD_TIME,
          "ce_time "
              + HeaderText.shown(value)
              + " is more than "
              + limits.maxAhead()
              + " (event.max-ahead) after the Kafka timestamp "
              + Instant.ofEpochMilli(raw.timestampMillis()));
    }
    eventTimeMillis = millis;
    return true;
  }

  private boolean refuseHeader(String name, byte[] value, String why) {
    String wrong = HeaderText.isUtf8(value) ? why : "is not UTF-8";
    return refuse(Reason.BAD_HEADER, name + " " + HeaderText.shown(value) + " " + wrong);
  }

  /** Always false, so that a check can end with it. */
  private boolean refuse(Reason reason, String words) {
    problem = reason;
    detail = words;
    return false;
  }

  /** Why this event is a dead letter; null when it is fine. */
  public Reason problem() {
    return problem;
  }

  /** The problem in one line for a person; null when there is none. */
  public String detail() {
    return detail;
  }

  /** {@code ce_time}, else the Kafka timestamp. */
  public long eventTimeMillis() {
    return eventTimeMillis;
  }

  /** {@code ce_expirytime}, else {@link Long#MAX_VALUE}. */
  public long expiryMillis() {
    return expiryMillis;
  }

  /** {@code ce_sampledrate}, else 1. */
  public long sampledRate() {
    return sampledRate;
  }

  /** {@code ce_priority}; null when absent. */
  public Priority priority() {
    return priority;
  }

  /** {@code ce_severitynumber}, 1 to 24; 0 when absent. */
  public int severityNumber() {
    return severityNumber;
  }

  /** {@code ce_sequence}; 0 when absent or, what CloudEvents allows, not a number. */
  public long sequence() {
    byte[] digits = usable(CloudEventHeaders.SEQUENCE_CODE);
    long number = digits == null ? 0 : HeaderText.decimal(digits);
    return number == HeaderText.NOT_DECIMAL ? 0 : number;
  }

  /** {@code ce_intendedsendtime}, else {@code ce_time}, else the Kafka timestamp. */
  public long sentMillis() {
    byte[] intended = usable(CloudEventHeaders.INTENDED_SEND_TIME_CODE);
    return intended == null ? eventTimeMillis : HeaderText.decimal(intended);
  }

  private byte[] usable(int code) {
    return problem == null ? headers.last(code) : null;
  }

  /** {@code ce_id} in UTF-8; null when absent; not a copy. */
  public byte[] id() {
    return id;
  }

  /** {@code ce_source} in UTF-8; null when absent; not a copy. */
  public byte[] sourceBytes() {
    return source;
  }

  /** {@code ce_type} in UTF-8; null when absent; not a copy. */
  public byte[] typeBytes() {
    return type;
  }

  /** {@code ce_source}; null when absent. */
  public String source() {
    if (sourceText == null && source != null) {
      sourceText = new String(source, StandardCharsets.UTF_8);
    }
    return sourceText;
  }

  /** {@code ce_type}; null when absent. */
  public String type() {
    if (typeText == null && type != null) {
      typeText = new String(type, StandardCharsets.UTF_8);
    }
    return typeText;
  }

  /**
   * The bytes of any attribute by its header name, {@code ce_} included, in either content mode; of
   * any other header of the record too. Null when absent; not a copy.
   */
  public byte[] bytes(String headerName) {
    byte[] value = headers.last(headerName);
    return value == null && headers != raw.headers() ? raw.header(headerName) : value;
  }

  /** As {@link #bytes}, as text; what is not UTF-8 in it becomes U+FFFD. Null when absent. */
  public String text(String headerName) {
    byte[] value = bytes(headerName);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }
}
