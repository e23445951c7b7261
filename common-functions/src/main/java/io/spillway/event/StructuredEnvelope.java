package io.spillway.event;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A whole CloudEvent as one JSON object (CloudEvents 1.0, JSON event format), turned into what the
 * same event has in binary mode: attributes as headers, and the payload. The data is not decoded,
 * only found: its bytes are cut out of the value as they stand. An attribute may be text, a number
 * or a boolean; a null counts as absent. Immutable; never throws: an envelope that cannot be read
 * has a {@link #problem()}.
 */
final class StructuredEnvelope {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NO_DATA = new byte[0];
  private static final String DATA = "data";
  private static final String DATA_BASE64 = "data_base64";
  private static final String DATA_CONTENT_TYPE = "datacontenttype";

  private final EventHeaders attributes;
  private final byte[] data;
  private final String problem;

  private StructuredEnvelope(EventHeaders attributes, byte[] data, String problem) {
    this.attributes = attributes;
    this.data = data;
    this.problem = problem;
  }

  static StructuredEnvelope parse(byte[] value) {
    try (JsonParser parser = JSON.createParser(value)) {
      return new Reader(value, parser).envelope();
    } catch (JsonProcessingException e) {
      return unreadable(e.getOriginalMessage());
    } catch (IOException e) {
      return unreadable(e.getMessage());
    }
  }

  private static StructuredEnvelope unreadable(String why) {
    byte[] words = String.valueOf(why).getBytes(StandardCharsets.UTF_8);
    return new StructuredEnvelope(
        EventHeaders.empty(),
        NO_DATA,
        "CloudEvents envelope is not readable JSON: " + HeaderText.shown(words));
  }

  /** The attributes under the names they have as headers. */
  EventHeaders attributes() {
    return attributes;
  }

  /** The payload; empty where the event has none. */
  byte[] data() {
    return data;
  }

  /** Why the envelope cannot be read, in one line; null when it can. */
  String problem() {
    return problem;
  }

  /** One walk over the members of the envelope. */
  private static final class Reader {
    private final byte[] value;
    private final JsonParser parser;
    private final List<String> names = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private byte[] json = NO_DATA;
    private byte[] text;
    private byte[] binary;
    private String contentType;

    Reader(byte[] value, JsonParser parser) {
      this.value = value;
      this.parser = parser;
    }

    StructuredEnvelope envelope() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return unreadable("not an object");
      }
      if (parser.currentTokenLocation().getByteOffset() < 0) {
        return unreadable("not UTF-8");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        if (name.equals(DATA)) {
          readData(token);
        } else if (token == JsonToken.VALUE_NULL) {
          continue;
        } else if (!token.isScalarValue()) {
          return unreadable("attribute " + name + " is not text, number or boolean");
        } else if (name.equals(DATA_BASE64)) {
          binary = parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
        } else {
          readAttribute(name, parser.getText());
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
        return unreadable("more than one object");
      }
      return new StructuredEnvelope(
          EventHeaders.of(names.toArray(String[]::new), values.toArray(byte[][]::new)),
          binary != null ? binary : text != null && !isJson(contentType) ? text : json,
          null);
    }

    private void readAttribute(String name, String attribute) {
      if (name.equals(DATA_CONTENT_TYPE)) {
        contentType = attribute;
        names.add(CloudEventHeaders.CONTENT_TYPE);
      } else {
        names.add("ce_" + name);
      }
      values.add(attribute.getBytes(StandardCharsets.UTF_8));
    }

    private void readData(JsonToken token) throws IOException {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      text = null;
      if (token == JsonToken.VALUE_STRING) {
        text = parser.getText().getBytes(StandardCharsets.UTF_8);
      } else {
        parser.skipChildren();
        parser.finishToken();
      }
      int end = (int) parser.currentLocation().getByteOffset();
      json = token == JsonToken.VALUE_NULL ? NO_DATA : Arrays.copyOfRange(value, start, end);
    }

    private static boolean isJson(String contentType) {
      if (contentType == null) {
        return true;
      }
      String mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      return mediaType.endsWith("/json") || mediaType.endsWith("+json");
    }
  }
}
