package io.spillway.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
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
 * The ledger on its topic: one JSON object per {@link LedgerRecord}. A range of offsets, for
 * example
 *
 * <pre>{@code
 * {"topic":"iot.events","partition":0,"from":100,"to":2099,"lane":"all",
 *  "seen":{"critical":5,"high":15,"normal":40,"bulk":1940},
 *  "rejected":{"shed":{"counts":{"critical":0,"high":0,"normal":0,"bulk":1500},"offsets":"OjA.."}},
 *  "policy":0,"keep":{"high":1.0,"normal":0.42,"bulk":0.01},"at":1732431234567}
 * }</pre>
 *
 * what a replay did about deferred events, with {@code gone} instead of {@code replay} for events
 * that Kafka no longer had, and that a replay is at work, with {@code "ended":true} in the last:
 *
 * <pre>{@code
 * {"topic":"iot.events","partition":0,"from":100,"to":2099,"lane":"replay","replay":"RUN","offsets":"OjA.."}
 * {"claim":"RUN","job":"iot","at":1732431234567}
 * }</pre>
 *
 * {@code offsets} is the base64 of a RoaringBitmap in its portable format (which has readers in
 * most languages), holding offset minus {@code from}. Outcomes that rejected nothing are left out,
 * and of {@code policy}, {@code keep} and {@code at} what is not known. Pure and thread safe.
 */
public final class LedgerJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private LedgerJson() {}

  /** The record as UTF-8 JSON. */
  public static byte[] write(LedgerRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      if (record instanceof LedgerEntry entry) {
        write(json, entry);
      } else if (record instanceof Settlement settlement) {
        write(json, settlement);
      } else if (record instanceof Claim claim) {
        write(json, claim);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, LedgerEntry entry) throws IOException {
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
    write(json, entry.terms());
  }

  private static void write(JsonGenerator json, Terms terms) throws IOException {
    json.writeNumberField("policy", terms.policy());
    json.writeObjectFieldStart("keep");
    for (Priority priority : Priority.values()) {
      double keep = terms.keep()[priority.ordinal()];
      if (priority != Priority.CRITICAL && !Double.isNaN(keep)) {
        json.writeNumberField(priority.wireName(), keep);
      }
    }
    json.writeEndObject();
    if (terms.atMillis() != 0) {
      json.writeNumberField("at", terms.atMillis());
    }
  }

  private static void write(JsonGenerator json, Settlement settlement) throws IOException {
    json.writeStringField("topic", settlement.topic());
    json.writeNumberField("partition", settlement.partition());
    json.writeNumberField("from", settlement.from());
    json.writeNumberField("to", settlement.to());
    json.writeStringField("lane", settlement.lane());
    json.writeStringField(settlement.kind().field(), settlement.run());
    json.writeStringField("offsets", base64(settlement.offsets()));
  }

  private static void write(JsonGenerator json, Claim claim) throws IOException {
    json.writeStringField("claim", claim.run());
    json.writeStringField("job", claim.job());
    json.writeNumberField("at", claim.atMillis());
    if (claim.ended()) {
      json.writeBooleanField("ended", true);
    }
  }

  /**
   * The record that was written.
   *
   * @throws IOException if this is not JSON of one of the forms above; the message says why
   */
  public static LedgerRecord readAny(byte[] bytes) throws IOException {
    JsonNode json = tree(bytes);
    if (json.has("claim")) {
      return new Claim(
          required(json, "claim").asText(),
          required(json, "job").asText(),
          required(json, "at").longValue(),
          json.path("ended").asBoolean());
    }
    for (Settlement.Kind kind : Settlement.Kind.values()) {
      if (json.has(kind.field())) {
        return settlement(json, kind);
      }
    }
    return entry(json);
  }

  /**
   * The entry that was written.
   *
   * @throws IOException if this is not JSON of the first form above
   */
  public static LedgerEntry read(byte[] bytes) throws IOException {
    return entry(tree(bytes));
  }

  private static JsonNode tree(byte[] bytes) throws IOException {
    if (bytes == null) {
      throw new IOException("a ledger record without a value");
    }
    try {
      return MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Settlement settlement(JsonNode json, Settlement.Kind kind) throws IOException {
    long from = offset(json, "from");
    long to = offset(json, "to");
    RoaringBitmap offsets = bitmap(required(json, "offsets").textValue());
    requireWithin(from, to, offsets);
    return new Settlement(
        required(json, "topic").asText(),
        required(json, "partition").intValue(),
        from,
        to,
        required(json, "lane").asText(),
        kind,
        required(json, kind.field()).asText(),
        offsets);
  }

  private static LedgerEntry entry(JsonNode json) throws IOException {
    long from = offset(json, "from");
    long to = offset(json, "to");
    long[][] counts = new long[Outcome.COUNT][Priority.COUNT];
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      JsonNode one = json.path("rejected").path(outcome.wireName());
      if (!one.isMissingNode()) {
        counts[outcome.ordinal()] = readCounts(required(one, "counts"));
        RoaringBitmap offsets = bitmap(required(one, "offsets").textValue());
        if (!offsets.isEmpty()) {
          requireWithin(from, to, offsets);
          rejected.put(outcome, offsets);
        }
      }
    }
    return new LedgerEntry(
        required(json, "topic").textValue(),
        required(json, "partition").intValue(),
        from,
        to,
        required(json, "lane").textValue(),
        readCounts(required(json, "seen")),
        counts,
        rejected,
        terms(json));
  }

  /** Entries of the first version have none. */
  private static Terms terms(JsonNode json) {
    double[] keep = Terms.unknown().keep();
    for (Priority priority : Priority.values()) {
      JsonNode value = json.path("keep").path(priority.wireName());
      keep[priority.ordinal()] = value.isNumber() ? value.doubleValue() : Double.NaN;
    }
    return new Terms(json.path("policy").asLong(), keep, json.path("at").asLong());
  }

  private static long offset(JsonNode json, String field) throws IOException {
    JsonNode value = required(json, field);
    if (!value.canConvertToLong() || value.longValue() < 0) {
      throw new IOException("a ledger entry with '%s' of %s".formatted(field, value));
    }
    return value.longValue();
  }

  private static void requireWithin(long from, long to, RoaringBitmap offsets) throws IOException {
    if (to < from || !offsets.isEmpty() && Integer.toUnsignedLong(offsets.last()) > to - from) {
      throw new IOException(
          "a ledger entry whose offsets lie outside of %d..%d".formatted(from, to));
    }
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
    } catch (IOException | RuntimeException e) {
      throw new IOException("a ledger entry whose 'offsets' are not a bitmap", e);
    }
    return offsets;
  }
}
