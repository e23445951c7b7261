package io.spillway.jobs.work;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * Some fields of one JSON object (RFC 8259); others are skipped. Strict where leniency would
 * falsify a result: a field that stands twice, a number in quotes, anything after the object is
 * refused. No other exception than {@link BadPayload} leaves this class, whatever the bytes. Not
 * thread safe.
 */
public final class JsonFields {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_TEXT = 256;

  /** A value that is neither a text nor a number, or a number that nothing here can hold. */
  private enum Other {
    NEITHER,
    BEYOND_LONG
  }

  private final List<String> names;
  private final Object[] values;

  private JsonFields(List<String> names) {
    this.names = names;
    this.values = new Object[names.size()];
  }

  /** The fields with these names. */
  public static JsonFields read(byte[] json, List<String> names) throws BadPayload {
    JsonFields fields = new JsonFields(names);
    try (JsonParser parser = JSON.createParser(json)) {
      fields.read(parser);
    } catch (JsonProcessingException e) {
      throw new BadPayload("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      // The bytes look like a character set that there is not.
      throw new BadPayload("not JSON: " + e.getMessage());
    }
    return fields;
  }

  private void read(JsonParser parser) throws IOException, BadPayload {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadPayload("not a JSON object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      int field = names.indexOf(name);
      JsonToken token = parser.nextToken();
      if (field < 0) {
        parser.skipChildren();
      } else if (values[field] != null) {
        throw new BadPayload("field '" + name + "' stands twice");
      } else {
        values[field] = value(token, parser);
      }
    }
    if (parser.nextToken() != null) {
      throw new BadPayload("something follows the JSON object");
    }
  }

  private static Object value(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == NumberType.BIG_INTEGER
              ? Other.BEYOND_LONG
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> {
        parser.skipChildren();
        yield Other.NEITHER;
      }
    };
  }

  /** A text that must be there and not be empty. */
  public String text(String name) throws BadPayload {
    String text = textOr(name, "");
    if (text.isEmpty()) {
      throw new BadPayload("field '" + name + "' is missing or empty");
    }
    return text;
  }

  /** A text, or this where the field is missing. */
  public String textOr(String name, String fallback) throws BadPayload {
    Object value = values[names.indexOf(name)];
    if (value == null) {
      return fallback;
    }
    if (!(value instanceof String text)) {
      throw new BadPayload("field '" + name + "' is not a text");
    }
    if (text.length() > MAX_TEXT) {
      throw new BadPayload("field '" + name + "' is longer than " + MAX_TEXT + " characters");
    }
    return text;
  }

  /** A whole number, or this where the field is missing. */
  public long integerOr(String name, long fallback) throws BadPayload {
    Object value = values[names.indexOf(name)];
    if (value == null) {
      return fallback;
    }
    if (value instanceof Long number) {
      return number;
    }
    throw new BadPayload(
        "field '"
            + name
            + (value == Other.BEYOND_LONG ? "' is too large" : "' is not a whole number"));
  }
}
