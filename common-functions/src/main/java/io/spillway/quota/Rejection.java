package io.spillway.quota;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.spillway.priority.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a gateway has to know to answer 429 itself: that a source is over its quota, and when it may
 * come again. One record tells of all events of a source that a subtask turned away in about a
 * second; the first of them is the instance.
 *
 * @param name whose quota it is; empty for events without a name, null for the sum of those beyond
 *     the number that is told of one by one
 * @param throttled events turned away, by priority
 * @param topic of the first of them, and so partition and offset
 * @param ratePerSecond what the source may send: to this subtask, or to all where quotas are exact
 * @param retryAfterMillis from the last of them until there is a permit again
 */
public record Rejection(
    String name,
    long fromMillis,
    long toMillis,
    long[] throttled,
    String topic,
    int partition,
    long offset,
    double ratePerSecond,
    long retryAfterMillis) {
  /** What these problems are called, as RFC 9457 wants it: a URI. */
  public static final String TYPE = "urn:spillway:problem:over-quota";

  private static final JsonFactory JSON = new JsonFactory();

  /** Key of the Kafka record: the name. */
  public byte[] kafkaKey() {
    return name == null ? null : name.getBytes(StandardCharsets.UTF_8);
  }

  /** A problem record (RFC 9457, {@code application/problem+json}) in UTF-8. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(400);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("type", TYPE);
      json.writeStringField("title", "Over quota");
      json.writeNumberField("status", 429);
      json.writeStringField("detail", detail());
      json.writeStringField(
          "instance",
          "kafka:/%s/%d/%d"
              .formatted(URLEncoder.encode(topic, StandardCharsets.UTF_8), partition, offset));
      // Seconds, rounded up, as in the header Retry-After.
      json.writeNumberField("retryAfter", Math.max(1, (retryAfterMillis + 999) / 1000));
      json.writeStringField("source", name);
      json.writeNumberField("ratePerSecond", ratePerSecond);
      json.writeNumberField("from", fromMillis);
      json.writeNumberField("to", toMillis);
      json.writeObjectFieldStart("throttled");
      for (Priority priority : Priority.values()) {
        if (throttled[priority.ordinal()] > 0) {
          json.writeNumberField(priority.wireName(), throttled[priority.ordinal()]);
        }
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Events turned away, of all priorities. */
  public long count() {
    long count = 0;
    for (long one : throttled) {
      count += one;
    }
    return count;
  }

  private String detail() {
    String who = name == null ? "other sources" : name.isEmpty() ? "events without a name" : name;
    return String.format(
        Locale.ROOT,
        "%s: %d events over %s a second turned away",
        who,
        count(),
        ratePerSecond == Math.rint(ratePerSecond)
            ? Long.toString((long) ratePerSecond)
            : Double.toString(ratePerSecond));
  }
}
