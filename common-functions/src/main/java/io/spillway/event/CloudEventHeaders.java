package io.spillway.event;

import java.util.List;

/**
 * Names of the Kafka record headers that carry an event's attributes: CloudEvents 1.0, Kafka
 * protocol binding, binary content mode. The first group is the specification's, the second are
 * extension attributes ({@code priority} and {@code intendedsendtime} are Spillway's own, the
 * others follow the CloudEvents extension documents and the OpenTelemetry severity scale).
 */
public final class CloudEventHeaders {
  public static final String CONTENT_TYPE = "content-type";
  public static final String ID = "ce_id";
  public static final String SOURCE = "ce_source";
  public static final String TYPE = "ce_type";
  public static final String TIME = "ce_time";
  public static final String SPEC_VERSION = "ce_specversion";
  public static final String SUBJECT = "ce_subject";

  /** critical, high, normal or bulk. Absent: rules decide. */
  public static final String PRIORITY = "ce_priority";

  /** OpenTelemetry severity, 1 to 24. */
  public static final String SEVERITY_NUMBER = "ce_severitynumber";

  /** RFC 3339 time at or after which the event may be dropped. */
  public static final String EXPIRY_TIME = "ce_expirytime";

  /** Integer of at least 1: how many events this one stands for. */
  public static final String SAMPLED_RATE = "ce_sampledrate";

  /** Contiguous per source, starting at 1: lets an audit prove that nothing is missing. */
  public static final String SEQUENCE = "ce_sequence";

  public static final String PARTITION_KEY = "ce_partitionkey";

  /** When an open-loop generator meant to send the event, in milliseconds since the epoch. */
  public static final String INTENDED_SEND_TIME = "ce_intendedsendtime";

  /** Media type that marks structured content mode. */
  public static final String STRUCTURED_JSON = "application/cloudevents+json";

  /** All names above; their position is their code in the network format, so only append. */
  private static final List<String> WELL_KNOWN =
      List.of(
          CONTENT_TYPE,
          ID,
          SOURCE,
          TYPE,
          TIME,
          SPEC_VERSION,
          SUBJECT,
          PRIORITY,
          SEVERITY_NUMBER,
          EXPIRY_TIME,
          SAMPLED_RATE,
          SEQUENCE,
          PARTITION_KEY,
          INTENDED_SEND_TIME);

  static final int CONTENT_TYPE_CODE = 0;
  static final int ID_CODE = 1;
  static final int SOURCE_CODE = 2;
  static final int TYPE_CODE = 3;
  static final int TIME_CODE = 4;
  static final int PRIORITY_CODE = 7;
  static final int SEVERITY_NUMBER_CODE = 8;
  static final int EXPIRY_TIME_CODE = 9;
  static final int SAMPLED_RATE_CODE = 10;
  static final int SEQUENCE_CODE = 11;
  static final int INTENDED_SEND_TIME_CODE = 13;

  /** Codes are 0 to this, exclusive. */
  static final int COUNT = WELL_KNOWN.size();

  /** What {@link #code} says of a name that is not well known. */
  static final int OTHER = -1;

  /** An array, because it is read for every header that comes from the network. */
  private static final String[] NAMES = WELL_KNOWN.toArray(String[]::new);

  private static final int SLOTS = 64;
  private static final String[] SLOT_NAMES = new String[SLOTS];
  private static final int[] SLOT_CODES = new int[SLOTS];

  static {
    for (int code = 0; code < WELL_KNOWN.size(); code++) {
      int slot = slot(WELL_KNOWN.get(code));
      while (SLOT_NAMES[slot] != null) {
        slot = next(slot);
      }
      SLOT_NAMES[slot] = WELL_KNOWN.get(code);
      SLOT_CODES[slot] = code;
    }
  }

  private CloudEventHeaders() {}

  /**
   * The code of a well-known name, else {@link #OTHER}. A hash table, because who reads headers
   * asks often.
   */
  static int code(String name) {
    for (int slot = slot(name); SLOT_NAMES[slot] != null; slot = next(slot)) {
      if (SLOT_NAMES[slot].equals(name)) {
        return SLOT_CODES[slot];
      }
    }
    return OTHER;
  }

  /** The name with this code. */
  static String name(int code) {
    return NAMES[code];
  }

  private static int slot(String name) {
    int hash = name.hashCode();
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }

  private static int next(int slot) {
    return slot + 1 & SLOTS - 1;
  }
}
