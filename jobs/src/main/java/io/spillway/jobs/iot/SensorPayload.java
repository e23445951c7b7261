package io.spillway.jobs.iot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.BadPayload;
import java.io.IOException;
import java.util.List;

/**
 * Reads the payload of a sensor event: a JSON object (RFC 8259) with the texts {@code site}, {@code
 * sensor} and {@code metric}, the number {@code value} and, if it likes, the text {@code unit}.
 * Other fields are skipped. Strict where leniency would falsify a window: a field that stands
 * twice, a number in quotes, a value that is not finite or beyond 1e100, anything after the object
 * is refused. Thread safe.
 */
public final class SensorPayload {
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> FIELDS = List.of("site", "sensor", "metric", "unit", "value");
  private static final int REQUIRED = 3;
  private static final int UNIT = 3;
  private static final int VALUE = 4;
  private static final int MAX_TEXT = 256;
  private static final double MAX_VALUE = 1e100;

  private SensorPayload() {}

  /**
   * The reading in this JSON text, which came in this event.
   *
   * @param unitHash which unit of the sample the event belongs to
   */
  public static SensorReading read(
      AdmittedEvent event, EventAttributes attributes, long unitHash, byte[] json)
      throws BadPayload {
    try (JsonParser parser = JSON.createParser(json)) {
      return read(event, attributes, unitHash, parser);
    } catch (JsonProcessingException e) {
      throw new BadPayload("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      // The bytes look like a character set that there is not.
      throw new BadPayload("not JSON: " + e.getMessage());
    }
  }

  private static SensorReading read(
      AdmittedEvent event, EventAttributes attributes, long unitHash, JsonParser parser)
      throws IOException, BadPayload {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadPayload("not a JSON object");
    }
    String[] texts = new String[VALUE];
    Double value = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      int field = FIELDS.indexOf(name);
      parser.nextToken();
      if (field < 0) {
        parser.skipChildren();
      } else if (field == VALUE ? value != null : texts[field] != null) {
        throw new BadPayload("field '" + name + "' stands twice");
      } else if (field == VALUE) {
        value = number(parser);
      } else {
        texts[field] = text(name, parser);
      }
    }
    if (parser.nextToken() != null) {
      throw new BadPayload("something follows the JSON object");
    }
    for (int field = 0; field < REQUIRED; field++) {
      if (texts[field] == null || texts[field].isEmpty()) {
        throw new BadPayload("field '" + FIELDS.get(field) + "' is missing or empty");
      }
    }
    if (value == null) {
      throw new BadPayload("field 'value' is missing");
    }
    String unit = texts[UNIT] == null ? "" : texts[UNIT];
    boolean attributed = new SiteMetric(texts[0], texts[2]).equals(SiteMetric.of(attributes));
    return new SensorReading(
        event,
        texts[0],
        texts[1],
        texts[2],
        value,
        unit,
        attributes.sampledRate(),
        attributed,
        unitHash);
  }

  private static String text(String name, JsonParser parser) throws IOException, BadPayload {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadPayload("field '" + name + "' is not a text");
    }
    if (parser.getTextLength() > MAX_TEXT) {
      throw new BadPayload("field '" + name + "' is longer than " + MAX_TEXT + " characters");
    }
    return parser.getText();
  }

  private static double number(JsonParser parser) throws IOException, BadPayload {
    if (!parser.currentToken().isNumeric()) {
      throw new BadPayload("field 'value' is not a number");
    }
    double value = parser.getDoubleValue();
    if (!(Math.abs(value) <= MAX_VALUE)) {
      throw new BadPayload("field 'value' is beyond 1e100: " + parser.getText());
    }
    return value;
  }
}
