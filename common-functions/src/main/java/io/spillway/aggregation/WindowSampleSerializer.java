package io.spillway.aggregation;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * State and network format of a {@link WindowSample}. A sample is mutable, so a copy is a copy. The
 * format begins with its number: a later one can still read today's state.
 */
public final class WindowSampleSerializer extends TypeSerializerSingleton<WindowSample> {
  public static final WindowSampleSerializer INSTANCE = new WindowSampleSerializer();

  private static final long serialVersionUID = 1L;
  private static final int USUAL_BYTES = 512;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public WindowSample createInstance() {
    return new WindowSample();
  }

  @Override
  public WindowSample copy(WindowSample from) {
    try {
      DataOutputSerializer bytes = new DataOutputSerializer(USUAL_BYTES);
      from.write(bytes);
      return WindowSample.read(
          new DataInputDeserializer(bytes.getSharedBuffer(), 0, bytes.length()));
    } catch (IOException e) {
      throw new IllegalStateException("writing to and reading from memory", e);
    }
  }

  @Override
  public WindowSample copy(WindowSample from, WindowSample reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(WindowSample sample, DataOutputView target) throws IOException {
    sample.write(target);
  }

  @Override
  public WindowSample deserialize(DataInputView source) throws IOException {
    return WindowSample.read(source);
  }

  @Override
  public WindowSample deserialize(WindowSample reuse, DataInputView source) throws IOException {
    return WindowSample.read(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    WindowSample.read(source).write(target);
  }

  @Override
  public TypeSerializerSnapshot<WindowSample> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<WindowSample> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
