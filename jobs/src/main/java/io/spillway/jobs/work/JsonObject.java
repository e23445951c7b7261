package io.spillway.jobs.work;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Text of one flat JSON object, its fields in the order they are given. For records written once
 * per event, where a tree or a mapper would cost more than the event. Not thread safe.
 */
public final class JsonObject {
  private static final JsonStringEncoder QUOTES = JsonStringEncoder.getInstance();

  private final StringBuilder text = new StringBuilder(256).append('{');

  public JsonObject with(String name, String value) {
    name(name).append('"');
    QUOTES.quoteAsString(value, text);
    text.append('"');
    return this;
  }

  public JsonObject with(String name, long value) {
    name(name).append(value);
    return this;
  }

  /**
   * @throws IllegalArgumentException if JSON has no such number
   */
  public JsonObject with(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " = " + value + " cannot be written as JSON");
    }
    name(name).append(value);
    return this;
  }

  /** As above, but null where the number is not known (NaN). */
  public JsonObject withKnown(String name, double value) {
    if (!Double.isNaN(value)) {
      return with(name, value);
    }
    name(name).append("null");
    return this;
  }

  public JsonObject with(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  public byte[] utf8() {
    return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    return text.append('"').append(name).append("\":");
  }
}
