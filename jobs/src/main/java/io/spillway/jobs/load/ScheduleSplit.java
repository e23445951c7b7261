package io.spillway.jobs.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The events of every {@code of}-th source, and how far they have been sent. A source belongs to
 * one split as a whole, so its sequence stays contiguous and in order.
 *
 * @param index which of the splits, from 0
 * @param of the number of splits
 * @param startMillis when event 0 is due, milliseconds since the epoch; 0 = not decided yet
 * @param nextEvent the first event number, of any source, not looked at yet
 */
record ScheduleSplit(int index, int of, long startMillis, long nextEvent) implements SourceSplit {

  @Override
  public String splitId() {
    return index + "/" + of;
  }

  boolean owns(int source) {
    return source % of == index;
  }

  ScheduleSplit startingAt(long millis) {
    return new ScheduleSplit(index, of, millis, nextEvent);
  }

  /** The form of a split in checkpoints and between enumerator and readers. */
  static final class Serializer implements SimpleVersionedSerializer<ScheduleSplit> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(ScheduleSplit split) throws IOException {
      DataOutputSerializer target = new DataOutputSerializer(24);
      write(split, target);
      return target.getCopyOfBuffer();
    }

    @Override
    public ScheduleSplit deserialize(int version, byte[] bytes) throws IOException {
      return read(new DataInputDeserializer(bytes));
    }
  }

  /** The form of the enumerator's state: the splits that no reader has. */
  static final class ListSerializer implements SimpleVersionedSerializer<List<ScheduleSplit>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(List<ScheduleSplit> splits) throws IOException {
      DataOutputSerializer target = new DataOutputSerializer(4 + 24 * splits.size());
      target.writeInt(splits.size());
      for (ScheduleSplit split : splits) {
        write(split, target);
      }
      return target.getCopyOfBuffer();
    }

    @Override
    public List<ScheduleSplit> deserialize(int version, byte[] bytes) throws IOException {
      DataInputDeserializer source = new DataInputDeserializer(bytes);
      List<ScheduleSplit> splits = new ArrayList<>();
      for (int left = source.readInt(); left > 0; left--) {
        splits.add(read(source));
      }
      return splits;
    }
  }

  private static void write(ScheduleSplit split, DataOutputSerializer target) throws IOException {
    target.writeInt(split.index);
    target.writeInt(split.of);
    target.writeLong(split.startMillis);
    target.writeLong(split.nextEvent);
  }

  private static ScheduleSplit read(DataInputDeserializer source) throws IOException {
    return new ScheduleSplit(
        source.readInt(), source.readInt(), source.readLong(), source.readLong());
  }
}
