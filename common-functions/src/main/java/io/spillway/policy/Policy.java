package io.spillway.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a job is to do under overload from now on, as a record on the policy topic, for example
 *
 * <pre>{@code
 * {"version": 7, "settings": {"admission.floor.high": "0.2", "admission.overload.bulk": "defer"}}
 * }</pre>
 *
 * A policy is whole: settings it does not name are those of the job's own options, whatever the
 * policy before it said. Which settings there may be, and with which values, is known to {@link
 * io.spillway.admission.AdmissionOptions#with}, not here.
 *
 * @param version names it, in the ledger too; 0 only for {@link #OWN}
 * @param settings by key, as texts
 */
public record Policy(long version, Map<String, String> settings) implements Serializable {
  /** The job's own options. */
  public static final Policy OWN = new Policy(0, Map.of());

  /** The longest policy, in bytes: many times what every setting together takes. */
  static final int MOST_BYTES = 64 << 10;

  private static final int SHOWN = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public Policy {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** The policy as UTF-8 JSON. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("version", version);
      json.writeObjectFieldStart("settings");
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        json.writeStringField(setting.getKey(), setting.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The policy that was written.
   *
   * @throws BadPolicy if this is not JSON of the form above; says nothing of the settings
   */
  public static Policy read(byte[] json) throws BadPolicy {
    if (json.length > MOST_BYTES) {
      throw new BadPolicy("%d bytes; a policy has at most %d".formatted(json.length, MOST_BYTES));
    }
    JsonNode policy = tree(json);
    for (Iterator<String> fields = policy.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!field.equals("version") && !field.equals("settings")) {
        throw new BadPolicy(
            "unknown field '%s'; a policy has version and settings".formatted(shown(field)));
      }
    }
    JsonNode version = policy.path("version");
    if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 1) {
      throw new BadPolicy("version is %s; write a whole number from 1".formatted(shown(version)));
    }
    JsonNode settings = policy.path("settings");
    if (!settings.isObject()) {
      throw new BadPolicy(
          "settings is %s; write an object, {} for the job's own options"
              .formatted(shown(settings)));
    }
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      JsonNode value = setting.getValue();
      if (!value.isTextual() && !value.isNumber()) {
        throw new BadPolicy(
            "%s is %s; write a text".formatted(shown(setting.getKey()), shown(value)));
      }
      texts.put(setting.getKey(), value.asText().strip());
    }
    return new Policy(version.longValue(), texts);
  }

  private static JsonNode tree(byte[] json) throws BadPolicy {
    try {
      JsonNode tree = JSON.readTree(json);
      if (!tree.isObject()) {
        throw new BadPolicy("not a JSON object");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new BadPolicy("not JSON: " + shown(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new BadPolicy("not JSON: " + shown(String.valueOf(e.getMessage())));
    }
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "missing" : shown(node.toString());
  }

  private static String shown(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + ".." : line;
  }

  /** For people: what is set, or that nothing is. */
  @Override
  public String toString() {
    return settings.isEmpty()
        ? "version %d: the job's own options".formatted(version)
        : "version %d: %s".formatted(version, settings);
  }
}
