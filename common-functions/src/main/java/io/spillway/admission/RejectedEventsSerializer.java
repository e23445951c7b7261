package io.spillway.admission;

import io.spillway.config.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Network format of {@link RejectedEvents}: key, span, then the strata that are not zero. */
public final class RejectedEventsSerializer extends ImmutableSerializer<RejectedEvents> {
  public static final RejectedEventsSerializer INSTANCE = new RejectedEventsSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  public RejectedEvents createInstance() {
    return new RejectedEvents(new byte[0], 0, 0, new long[Strata.COUNT]);
  }

  @Override
  public void serialize(RejectedEvents events, DataOutputView target) throws IOException {
    target.writeInt(events.key().length);
    target.write(events.key());
    target.writeLong(events.fromMillis());
    target.writeLong(events.toMillis());
    int used = 0;
    for (long count : events.counts()) {
      used += count == 0 ? 0 : 1;
    }
    target.writeByte(used);
    for (int stratum = 0; stratum < Strata.COUNT; stratum++) {
      if (events.counts()[stratum] != 0) {
        target.writeByte(stratum);
        target.writeLong(events.counts()[stratum]);
      }
    }
  }

  @Override
  public RejectedEvents deserialize(DataInputView source) throws IOException {
    byte[] key = new byte[source.readInt()];
    source.readFully(key);
    long from = source.readLong();
    long to = source.readLong();
    long[] counts = new long[Strata.COUNT];
    for (int left = source.readByte(); left > 0; left--) {
      int stratum = source.readByte();
      counts[stratum] = source.readLong();
    }
    return new RejectedEvents(key, from, to, counts);
  }

  @Override
  public TypeSerializerSnapshot<RejectedEvents> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RejectedEvents> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
