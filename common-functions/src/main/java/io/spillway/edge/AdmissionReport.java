package io.spillway.edge;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.priority.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What one subtask of admission can take of one priority of one input topic, for those who write
 * into it. A job's rate for them is the sum over its subtasks, see {@link SustainableRates}.
 *
 * @param job name of the job
 * @param reporter lane and number of the subtask
 * @param keep share of what came in the last second that was kept, 0 to 1
 * @param offeredPerSecond what came
 * @param sustainablePerSecond what could come without any of it being turned away, beside what
 *     matters more; infinite while no limit is known
 * @param policyVersion of the policy in force, 0 for the job's own options
 * @param atMillis when this was so, by the clock of the subtask
 */
public record AdmissionReport(
    String job,
    String topic,
    Priority priority,
    String reporter,
    double keep,
    double offeredPerSecond,
    double sustainablePerSecond,
    long policyVersion,
    long atMillis) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Key of the Kafka record: the newest of each is what counts, so the topic can be compacted. */
  public byte[] kafkaKey() {
    return String.join("|", job, topic, priority.wireName(), reporter)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** One JSON object in UTF-8; a rate without limit is null. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(250);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("job", job);
      json.writeStringField("topic", topic);
      json.writeStringField("priority", priority.wireName());
      json.writeStringField("reporter", reporter);
      json.writeNumberField("keep", rounded(keep));
      json.writeNumberField("offeredPerSecond", rounded(offeredPerSecond));
      if (sustainablePerSecond == Double.POSITIVE_INFINITY) {
        json.writeNullField("sustainablePerSecond");
      } else {
        json.writeNumberField("sustainablePerSecond", rounded(sustainablePerSecond));
      }
      json.writeNumberField("policyVersion", policyVersion);
      json.writeNumberField("at", atMillis);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toJson} writes; empty for anything else. Never throws. */
  public static Optional<AdmissionReport> read(byte[] json) {
    if (json == null) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(json);
      Optional<Priority> priority = Priority.fromWireName(node.path("priority").asText());
      JsonNode rate = node.path("sustainablePerSecond");
      double sustainable = rate.isNull() ? Double.POSITIVE_INFINITY : rate.asDouble(Double.NaN);
      boolean whole =
          node.path("job").isTextual()
              && node.path("topic").isTextual()
              && node.path("reporter").isTextual()
              && node.path("at").isIntegralNumber()
              && sustainable >= 0;
      return whole
          ? priority.map(
              known ->
                  new AdmissionReport(
                      node.path("job").asText(),
                      node.path("topic").asText(),
                      known,
                      node.path("reporter").asText(),
                      node.path("keep").asDouble(1),
                      node.path("offeredPerSecond").asDouble(),
                      sustainable,
                      node.path("policyVersion").asLong(),
                      node.path("at").asLong()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether somebody who knows the other one has to be told of this one. */
  public boolean differsFrom(AdmissionReport other, double share) {
    return policyVersion != other.policyVersion
        || Math.abs(keep - other.keep) > share
        || differ(sustainablePerSecond, other.sustainablePerSecond, share);
  }

  private static boolean differ(double one, double other, double share) {
    return one != other && !(Math.abs(one - other) <= share * Math.max(one, other));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
