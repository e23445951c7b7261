package io.spillway.event;

import io.spillway.config.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Network format of a {@link DeadLetter}: the event, the reason's wire name, the detail. */
public final class DeadLetterSerializer extends ImmutableSerializer<DeadLetter> {
  public static final DeadLetterSerializer INSTANCE = new DeadLetterSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  public DeadLetter createInstance() {
    return new DeadLetter(
        RawEventSerializer.INSTANCE.createInstance(), DeadLetter.Reason.BAD_HEADER, "");
  }

  @Override
  public void serialize(DeadLetter letter, DataOutputView target) throws IOException {
    RawEventSerializer.INSTANCE.serialize(letter.event(), target);
    target.writeUTF(letter.reason().name());
    StringValue.writeString(letter.detail(), target);
  }

  @Override
  public DeadLetter deserialize(DataInputView source) throws IOException {
    RawEvent event = RawEventSerializer.INSTANCE.deserialize(source);
    return new DeadLetter(
        event, DeadLetter.Reason.valueOf(source.readUTF()), StringValue.readString(source));
  }

  @Override
  public TypeSerializerSnapshot<DeadLetter> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<DeadLetter> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
