package io.spillway.event;

import io.spillway.config.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Network and state format of a {@link RawEvent}: fixed fields, then length-prefixed bytes. Names
 * of well-known headers travel as one byte, the others as text of any length ({@code writeUTF}
 * would fail the job on a name above 64 KiB). Thread safe.
 */
public final class RawEventSerializer extends ImmutableSerializer<RawEvent> {
  public static final RawEventSerializer INSTANCE = new RawEventSerializer();

  private static final long serialVersionUID = 1L;
  private static final int NULL = -1;
  private static final int OTHER_NAME = 255;

  @Override
  public RawEvent createInstance() {
    return new RawEvent("", 0, 0, 0, null, null, EventHeaders.empty());
  }

  @Override
  public void serialize(RawEvent event, DataOutputView target) throws IOException {
    StringValue.writeString(event.topic(), target);
    target.writeInt(event.partition());
    target.writeLong(event.offset());
    target.writeLong(event.timestampMillis());
    writeBytes(event.key(), target);
    writeBytes(event.value(), target);
    EventHeaders headers = event.headers();
    target.writeInt(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      int code = headers.code(i);
      if (code != CloudEventHeaders.OTHER) {
        target.writeByte(code);
      } else {
        target.writeByte(OTHER_NAME);
        StringValue.writeString(headers.name(i), target);
      }
      writeBytes(headers.value(i), target);
    }
  }

  @Override
  public RawEvent deserialize(DataInputView source) throws IOException {
    String topic = StringValue.readString(source);
    int partition = source.readInt();
    long offset = source.readLong();
    long timestampMillis = source.readLong();
    byte[] key = readBytes(source);
    byte[] value = readBytes(source);
    int count = source.readInt();
    String[] names = new String[count];
    byte[][] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      int code = source.readUnsignedByte();
      names[i] = code == OTHER_NAME ? StringValue.readString(source) : CloudEventHeaders.name(code);
      values[i] = readBytes(source);
    }
    return new RawEvent(
        topic, partition, offset, timestampMillis, key, value, EventHeaders.of(names, values));
  }

  @Override
  public TypeSerializerSnapshot<RawEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  private static void writeBytes(byte[] bytes, DataOutputView target) throws IOException {
    if (bytes == null) {
      target.writeInt(NULL);
    } else {
      target.writeInt(bytes.length);
      target.write(bytes);
    }
  }

  private static byte[] readBytes(DataInputView source) throws IOException {
    int length = source.readInt();
    if (length == NULL) {
      return null;
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RawEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
