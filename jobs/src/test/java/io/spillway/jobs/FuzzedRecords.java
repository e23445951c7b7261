package io.spillway.jobs;

import io.spillway.event.CloudEventHeaders;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Records that nobody ever meant to send, made of a seed and their offset: noise, events with a
 * header or some bytes of the payload gone wrong, and JSON of a form that no schema knows. A part
 * of them is left whole, so that what is right must still be seen as right.
 */
final class FuzzedRecords implements Serializable {
  /** Makes a payload that is right. */
  interface Payloads extends Serializable {
    String of(SplittableRandom random);
  }

  private static final long serialVersionUID = 1L;

  static final String TOPIC = "fuzzed";

  private static final List<String> HEADERS =
      List.of(
          CloudEventHeaders.CONTENT_TYPE,
          CloudEventHeaders.ID,
          CloudEventHeaders.SOURCE,
          CloudEventHeaders.TYPE,
          CloudEventHeaders.TIME,
          CloudEventHeaders.SPEC_VERSION,
          CloudEventHeaders.SUBJECT,
          CloudEventHeaders.PRIORITY,
          CloudEventHeaders.SEVERITY_NUMBER,
          CloudEventHeaders.EXPIRY_TIME,
          CloudEventHeaders.SAMPLED_RATE,
          CloudEventHeaders.SEQUENCE,
          CloudEventHeaders.PARTITION_KEY,
          CloudEventHeaders.INTENDED_SEND_TIME);

  /** Values that lie at an edge of some header's range, or just beyond it. */
  private static final List<String> EDGES =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "1",
          "24",
          "25",
          "9223372036854775807",
          "9223372036854775808",
          "1e308",
          "NaN",
          "critical",
          "CRITICAL",
          "urgent",
          "1970-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999+18:00",
          "-999999999-01-01T00:00:00Z",
          "2026-02-30T00:00:00Z",
          "application/cloudevents+json",
          "application/cloudevents-batch+json",
          "application/json; charset=utf-16",
          "\u0000",
          "\ud83d\ude00",
          "a".repeat(5_000));

  private final String type;
  private final Payloads payload;

  /**
   * @param type of event that the job knows
   * @param payload one that is right
   */
  FuzzedRecords(String type, Payloads payload) {
    this.type = type;
    this.payload = payload;
  }

  /** The record at this offset of the only partition; the same whenever it is asked for. */
  ConsumerRecord<byte[], byte[]> at(long offset) {
    SplittableRandom random = new SplittableRandom(offset * 0x9E3779B97F4A7C15L + 7);
    RecordHeaders headers = new RecordHeaders();
    byte[] value;
    switch (random.nextInt(6)) {
      case 0 -> {
        value = random.nextInt(20) == 0 ? null : noise(random, 300);
        for (int i = random.nextInt(8); i > 0; i--) {
          headers.add(new RecordHeader(name(random), headerValue(random)));
        }
      }
      case 1 -> {
        value = bytes(payload.of(random));
        right(headers, offset, random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          headers.add(new RecordHeader(name(random), headerValue(random)));
        }
      }
      case 2 -> {
        value = broken(bytes(payload.of(random)), random);
        right(headers, offset, random);
      }
      case 3 -> {
        value = bytes(json(random, 0));
        right(headers, offset, random);
      }
      case 4 -> {
        headers.add(CloudEventHeaders.CONTENT_TYPE, bytes(CloudEventHeaders.STRUCTURED_JSON));
        value = structured(offset, random);
      }
      default -> {
        value = bytes(payload.of(random));
        right(headers, offset, random);
      }
    }
    byte[] key = random.nextInt(10) == 0 ? null : noise(random, 20);
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(TOPIC, 0, offset, key, value);
    headers.forEach(record.headers()::add);
    return record;
  }

  private void right(RecordHeaders headers, long offset, SplittableRandom random) {
    headers.add(CloudEventHeaders.ID, bytes("id-" + offset));
    headers.add(CloudEventHeaders.SOURCE, bytes("source-" + random.nextInt(50)));
    headers.add(CloudEventHeaders.TYPE, bytes(type(random)));
    headers.add(CloudEventHeaders.SPEC_VERSION, bytes("1.0"));
    headers.add(CloudEventHeaders.TIME, bytes(Instant.ofEpochMilli(offset).toString()));
  }

  private byte[] structured(long offset, SplittableRandom random) {
    String data = random.nextBoolean() ? payload.of(random) : json(random, 0);
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"id-%d\",\"source\":\"s\",\"type\":\"%s\",\"%s\":%s}"
            .formatted(offset, type(random), random.nextInt(5) == 0 ? "data_base64" : "data", data);
    return random.nextBoolean() ? bytes(event) : broken(bytes(event), random);
  }

  /** Mostly one that the job knows. */
  private String type(SplittableRandom random) {
    return random.nextInt(8) == 0 ? type + random.nextInt(4) : type;
  }

  /** Some bytes changed, taken out or cut off. */
  private static byte[] broken(byte[] whole, SplittableRandom random) {
    byte[] bytes = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String json(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 6 ? 5 : 7)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextBoolean());
      case 2 ->
          List.of("0", "-0", "1e400", "-1e-400", "12345678901234567890", "0.1")
              .get(random.nextInt(6));
      case 3 ->
          "\""
              + List.of("", "s-1", "\\u0000", "\\ud800", "x".repeat(2_000)).get(random.nextInt(5))
              + "\"";
      case 4 -> "[".repeat(1 + random.nextInt(1_500));
      case 5 -> "[" + json(random, depth + 1) + "," + json(random, depth + 1) + "]";
      default -> object(random, depth);
    };
  }

  private static String object(SplittableRandom random, int depth) {
    StringBuilder text = new StringBuilder("{");
    List<String> names =
        List.of(
            "site",
            "sensor",
            "metric",
            "value",
            "unit",
            "account",
            "merchant",
            "amountMinor",
            "currency",
            "viewer",
            "cdn",
            "isp",
            "bitrateKbps",
            "positionMillis",
            "startupMillis",
            "rebufferMillis");
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append('"').append(names.get(random.nextInt(names.size()))).append("\":");
      text.append(json(random, depth + 1)).append(i > 1 ? "," : "");
    }
    return text.append('}').toString();
  }

  private static String name(SplittableRandom random) {
    return random.nextInt(5) == 0
        ? new String(noise(random, 12), StandardCharsets.ISO_8859_1)
        : HEADERS.get(random.nextInt(HEADERS.size()));
  }

  private static byte[] headerValue(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> noise(random, 40);
      default -> bytes(EDGES.get(random.nextInt(EDGES.size())));
    };
  }

  private static byte[] noise(SplittableRandom random, int upTo) {
    byte[] bytes = new byte[random.nextInt(upTo)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
