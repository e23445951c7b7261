package io.spillway.sandbox.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.priority.Priority;
import java.io.IOException;

/**
 * The small record that a job writes for each event it has fully processed.
 *
 * @param sentMillis when the event was meant to be sent
 */
public record Receipt(
    String topic,
    int partition,
    long offset,
    String source,
    long sequence,
    Priority priority,
    long sentMillis) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads one; fields it does not know are passed over.
   *
   * @throws IOException if this is not a receipt
   */
  public static Receipt parse(byte[] value) throws IOException {
    JsonNode receipt = JSON.readTree(value);
    return new Receipt(
        required(receipt, "topic").asText(),
        required(receipt, "partition").asInt(),
        required(receipt, "offset").asLong(),
        receipt.path("source").asText(),
        receipt.path("sequence").asLong(),
        priority(required(receipt, "priority").asText()),
        required(receipt, "sent").asLong());
  }

  private static JsonNode required(JsonNode receipt, String field) throws IOException {
    JsonNode value = receipt.get(field);
    if (value == null || value.isNull()) {
      throw new IOException("a receipt has the field '" + field + "'");
    }
    return value;
  }

  private static Priority priority(String wireName) throws IOException {
    return Priority.fromWireName(wireName)
        .orElseThrow(() -> new IOException("unknown priority '" + wireName + "'"));
  }
}
