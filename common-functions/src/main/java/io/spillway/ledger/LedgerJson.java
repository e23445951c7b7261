package io.spillway.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * The ledger on its topic: one JSON object per {@link LedgerEntry}, for example
 *
 * <pre>{@code
 * {"topic":"iot.events","partition":0,"from":100,"to":2099,"lane":"all",
 *  "seen":{"critical":5,"high":15,"normal":40,"bulk":1940},
 *  "rejected":{"shed":{"counts":{"critical":0,"high":0,"normal":0,"bulk":1500},"offsets":"OjA.."}}}
 * }</pre>
 *
 * {@code offsets} is the base64 of a RoaringBitmap in its portable format (which has readers in
 * most languages), holding offset minus {@code from}. Outcomes that rejected nothing are left out.
 * Pure and thread safe.
 */
public final class LedgerJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private LedgerJson() {}

  /** The entry as UTF-8 JSON. */
  public static byte[] write(LedgerEntry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("topic", entry.topic());
      json.writeNumberField("partition", entry.partition());
      json.writeNumberField("from", entry.fromOffset());
      json.writeNumberField("to", entry.toOffset());
      json.writeStringField("lane", entry.lane());
      writeCounts(json, "seen", entry.seen());
      json.writeObjectFieldStart("rejected");
      for (Outcome outcome : Outcome.values()) {
        long[] counts = entry.rejectedCounts()[outcome.ordinal()];
        RoaringBitmap offsets = entry.rejected().get(outcome);
        if (offsets != null || Arrays.stream(counts).anyMatch(count -> count != 0)) {
          json.writeObjectFieldStart(outcome.wireName());
          writeCounts(json, "counts", counts);
          json.writeStringField("offsets", base64(offsets == null ? new RoaringBitmap() : offsets));
          json.writeEndObject();
        }
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The entry that was written.
   *
   * @throws IOException if this is not JSON of the form above
   */
  public static LedgerEntry read(byte[] bytes) throws IOException {
    JsonNode json = MAPPER.readTree(bytes);
    long[][] counts = new long[Outcome.COUNT][Priority.COUNT];
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      JsonNode one = json.path("rejected").path(outcome.wireName());
      if (!one.isMissingNode()) {
        counts[outcome.ordinal()] = readCounts(required(one, "counts"));
        RoaringBitmap offsets = bitmap(required(one, "offsets").textValue());
        if (!offsets.isEmpty()) {
          rejected.put(outcome, offsets);
        }
      }
    }
    return new LedgerEntry(
        required(json, "topic").textValue(),
        required(json, "partition").intValue(),
        required(json, "from").longValue(),
        required(json, "to").longValue(),
        required(json, "lane").textValue(),
        readCounts(required(json, "seen")),
        counts,
        rejected);
  }

  private static void writeCounts(JsonGenerator json, String name, long[] counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (int i = 0; i < Priority.COUNT; i++) {
      json.writeNumberField(Priority.of(i).wireName(), counts[i]);
    }
    json.writeEndObject();
  }

  private static long[] readCounts(JsonNode json) throws IOException {
    long[] counts = new long[Priority.COUNT];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = required(json, Priority.of(i).wireName()).longValue();
    }
    return counts;
  }

  private static JsonNode required(JsonNode json, String field) throws IOException {
    JsonNode value = json == null ? null : json.get(field);
    if (value == null) {
      throw new IOException("a ledger entry without '%s'".formatted(field));
    }
    return value;
  }

  private static String base64(RoaringBitmap offsets) {
    ByteBuffer buffer = ByteBuffer.allocate(offsets.serializedSizeInBytes());
    offsets.serialize(buffer);
    return Base64.getEncoder().encodeToString(buffer.array());
  }

  private static RoaringBitmap bitmap(String base64) throws IOException {
    RoaringBitmap offsets = new RoaringBitmap();
    try {
      offsets.deserialize(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
    } catch (RuntimeException e) {
      throw new IOException("a ledger entry whose 'offsets' are not a bitmap", e);
    }
    return offsets;
  }
}
