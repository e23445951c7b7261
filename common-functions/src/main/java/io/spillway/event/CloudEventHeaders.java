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
  static final List<String> WELL_KNOWN =
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

  private CloudEventHeaders() {}
}
