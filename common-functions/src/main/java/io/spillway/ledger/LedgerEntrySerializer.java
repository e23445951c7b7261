package io.spillway.ledger;

import io.spillway.admission.Outcome;
import io.spillway.config.ImmutableSerializer;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.roaringbitmap.RoaringBitmap;

/** Network format of a {@link LedgerEntry}; bitmaps in RoaringBitmap's portable format. */
public final class LedgerEntrySerializer extends ImmutableSerializer<LedgerEntry> {
  public static final LedgerEntrySerializer INSTANCE = new LedgerEntrySerializer();

  private static final long serialVersionUID = 1L;

  @Override
  public LedgerEntry createInstance() {
    return new LedgerEntry(
        "",
        0,
        0,
        0,
        "",
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        new EnumMap<>(Outcome.class),
        Terms.unknown());
  }

  @Override
  public void serialize(LedgerEntry entry, DataOutputView target) throws IOException {
    target.writeUTF(entry.topic());
    target.writeInt(entry.partition());
    target.writeLong(entry.fromOffset());
    target.writeLong(entry.toOffset());
    target.writeUTF(entry.lane());
    for (long count : entry.seen()) {
      target.writeLong(count);
    }
    for (long[] counts : entry.rejectedCounts()) {
      for (long count : counts) {
        target.writeLong(count);
      }
    }
    target.writeByte(entry.rejected().size());
    for (Map.Entry<Outcome, RoaringBitmap> offsets : entry.rejected().entrySet()) {
      target.writeByte(offsets.getKey().ordinal());
      offsets.getValue().serialize(target);
    }
    target.writeLong(entry.terms().policy());
    for (double keep : entry.terms().keep()) {
      target.writeDouble(keep);
    }
    target.writeLong(entry.terms().atMillis());
  }

  @Override
  public LedgerEntry deserialize(DataInputView source) throws IOException {
    String topic = source.readUTF();
    int partition = source.readInt();
    long from = source.readLong();
    long to = source.readLong();
    String lane = source.readUTF();
    long[] seen = new long[Priority.COUNT];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = source.readLong();
    }
    long[][] rejectedCounts = new long[Outcome.COUNT][Priority.COUNT];
    for (long[] counts : rejectedCounts) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = source.readLong();
      }
    }
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    for (int i = source.readByte(); i > 0; i--) {
      Outcome outcome = Outcome.values()[source.readByte()];
      RoaringBitmap offsets = new RoaringBitmap();
      offsets.deserialize(source);
      rejected.put(outcome, offsets);
    }
    long policy = source.readLong();
    double[] keep = new double[Priority.COUNT];
    for (int i = 0; i < keep.length; i++) {
      keep[i] = source.readDouble();
    }
    Terms terms = new Terms(policy, keep, source.readLong());
    return new LedgerEntry(topic, partition, from, to, lane, seen, rejectedCounts, rejected, terms);
  }

  @Override
  public TypeSerializerSnapshot<LedgerEntry> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<LedgerEntry> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
