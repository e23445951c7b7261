package io.spillway.admission;

import io.spillway.config.ImmutableSerializer;
import io.spillway.event.RawEventSerializer;
import io.spillway.priority.Priority;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Network format of an {@link AdmittedEvent}: priority, event time, weight, then the raw event. */
public final class AdmittedEventSerializer extends ImmutableSerializer<AdmittedEvent> {
  public static final AdmittedEventSerializer INSTANCE = new AdmittedEventSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  public AdmittedEvent createInstance() {
    return new AdmittedEvent(RawEventSerializer.INSTANCE.createInstance(), Priority.NORMAL, 0, 1.0);
  }

  @Override
  public void serialize(AdmittedEvent event, DataOutputView target) throws IOException {
    target.writeByte(event.priority().ordinal());
    target.writeLong(event.eventTimeMillis());
    target.writeDouble(event.weight());
    RawEventSerializer.INSTANCE.serialize(event.raw(), target);
  }

  @Override
  public AdmittedEvent deserialize(DataInputView source) throws IOException {
    Priority priority = Priority.of(source.readByte());
    long eventTimeMillis = source.readLong();
    double weight = source.readDouble();
    return new AdmittedEvent(
        RawEventSerializer.INSTANCE.deserialize(source), priority, eventTimeMillis, weight);
  }

  @Override
  public TypeSerializerSnapshot<AdmittedEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<AdmittedEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
