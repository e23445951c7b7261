package io.spillway.sandbox.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.admission.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * What one record of the ledger topic says of a range: offsets (minus {@code from}) that were
 * turned away, by outcome. Records about replays say nothing that matters here and read as empty.
 * Read from the wire format alone, so that it also checks what the job writes.
 */
public record LedgerRecord(
    String topic, int partition, long from, long to, Map<Outcome, RoaringBitmap> rejected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IOException if this is not a ledger record
   */
  public static LedgerRecord parse(byte[] value) throws IOException {
    JsonNode entry = JSON.readTree(value);
    if (entry.has("claim") || entry.has("replay") || entry.has("gone")) {
      return new LedgerRecord("", 0, 0, 0, Map.of());
    }
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    for (Map.Entry<String, JsonNode> outcome : entry.path("rejected").properties()) {
      RoaringBitmap offsets = new RoaringBitmap();
      offsets.deserialize(ByteBuffer.wrap(outcome.getValue().required("offsets").binaryValue()));
      rejected.put(outcome(outcome.getKey()), offsets);
    }
    return new LedgerRecord(
        entry.required("topic").asText(),
        entry.required("partition").asInt(),
        entry.required("from").asLong(),
        entry.required("to").asLong(),
        rejected);
  }

  private static Outcome outcome(String wireName) throws IOException {
    return Arrays.stream(Outcome.values())
        .filter(outcome -> outcome.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IOException("unknown outcome '" + wireName + "'"));
  }
}
