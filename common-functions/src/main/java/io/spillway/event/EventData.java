package io.spillway.event;

/** The payload of an event in either content mode, for the jobs that decode it. */
public final class EventData {
  private static final byte[] NONE = new byte[0];

  private EventData() {}

  /**
   * Binary mode: the value, not copied. Structured mode: the {@code data} member as the JSON it is
   * (as plain text if {@code datacontenttype} is not JSON and it is a JSON string), or {@code
   * data_base64} decoded. Empty, never null, where there is no payload or the envelope cannot be
   * read. Never throws.
   */
  public static byte[] of(RawEvent raw) {
    if (raw.value() == null) {
      return NONE;
    }
    if (!HeaderText.isStructuredJson(raw.header(CloudEventHeaders.CONTENT_TYPE))) {
      return raw.value();
    }
    return StructuredEnvelope.parse(raw.value()).data();
  }
}
