package io.spillway.jobs.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Deferred events of one input partition that lie near each other, and how far they have been read.
 *
 * @param from the first of them
 * @param to the last of them
 * @param offsets all of them, minus {@code from}; not to be changed
 * @param next the first offset not looked at yet
 */
record ReplaySplit(
    String topic, int partition, long from, long to, RoaringBitmap offsets, long next)
    implements SourceSplit {
  /** Offsets that a split spans at most: the work that a failure repeats is small against this. */
  static final int LONGEST = 65_536;

  @Override
  public String splitId() {
    return topic + "-" + partition + "@" + from;
  }

  ReplaySplit readUpTo(long newNext) {
    return new ReplaySplit(topic, partition, from, to, offsets, newNext);
  }

  boolean hasEnded() {
    return next > to;
  }

  /** This split with nothing left to read. */
  ReplaySplit ended() {
    return new ReplaySplit(topic, partition, from, to, new RoaringBitmap(), to + 1);
  }

  /** The form of a split in checkpoints and between enumerator and readers. */
  static final class Serializer implements SimpleVersionedSerializer<ReplaySplit> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(ReplaySplit split) throws IOException {
      DataOutputSerializer target = new DataOutputSerializer(256);
      write(split, target);
      return target.getCopyOfBuffer();
    }

    @Override
    public ReplaySplit deserialize(int version, byte[] bytes) throws IOException {
      return read(new DataInputDeserializer(bytes));
    }
  }

  static void write(ReplaySplit split, DataOutputSerializer target) throws IOException {
    target.writeUTF(split.topic);
    target.writeInt(split.partition);
    target.writeLong(split.from);
    target.writeLong(split.to);
    target.writeLong(split.next);
    ByteBuffer bitmap = ByteBuffer.allocate(split.offsets.serializedSizeInBytes());
    split.offsets.serialize(bitmap);
    target.writeInt(bitmap.capacity());
    target.write(bitmap.array());
  }

  static ReplaySplit read(DataInputDeserializer source) throws IOException {
    String topic = source.readUTF();
    int partition = source.readInt();
    long from = source.readLong();
    long to = source.readLong();
    long next = source.readLong();
    byte[] bitmap = new byte[source.readInt()];
    source.readFully(bitmap);
    RoaringBitmap offsets = new RoaringBitmap();
    offsets.deserialize(ByteBuffer.wrap(bitmap));
    return new ReplaySplit(topic, partition, from, to, offsets, next);
  }

  /**
   * What the enumerator remembers.
   *
   * @param planned whether the ledger has been read
   * @param open splits that no completed checkpoint is known to hold as a reader's
   * @param settledBy runs that the ledger knew to have settled events when it was read
   */
  record Plan(boolean planned, List<ReplaySplit> open, Set<String> settledBy) {
    static final Plan NONE = new Plan(false, List.of(), Set.of());

    Plan {
      open = List.copyOf(open);
      settledBy = Set.copyOf(settledBy);
    }
  }

  /**
   * The form of the enumerator's state. Version 1 did not say who had settled events before; up to
   * version 2 a split was open only until it was assigned.
   */
  static final class PlanSerializer implements SimpleVersionedSerializer<Plan> {
    @Override
    public int getVersion() {
      return 3;
    }

    @Override
    public byte[] serialize(Plan plan) throws IOException {
      DataOutputSerializer target = new DataOutputSerializer(1024);
      target.writeBoolean(plan.planned());
      target.writeInt(plan.open().size());
      for (ReplaySplit split : plan.open()) {
        write(split, target);
      }
      target.writeInt(plan.settledBy().size());
      for (String run : new TreeSet<>(plan.settledBy())) {
        target.writeUTF(run);
      }
      return target.getCopyOfBuffer();
    }

    @Override
    public Plan deserialize(int version, byte[] bytes) throws IOException {
      DataInputDeserializer source = new DataInputDeserializer(bytes);
      boolean planned = source.readBoolean();
      List<ReplaySplit> splits = new ArrayList<>();
      for (int left = source.readInt(); left > 0; left--) {
        splits.add(read(source));
      }
      Set<String> settledBy = new TreeSet<>();
      for (int left = version == 1 ? 0 : source.readInt(); left > 0; left--) {
        settledBy.add(source.readUTF());
      }
      return new Plan(planned, splits, settledBy);
    }
  }
}
