package io.spillway.aggregation;

import java.io.IOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How many different keys there were: the key itself while there is only one, as in most windows
 * that are kept by that key, a HyperLogLog sketch (Flajolet et al. 2007) from the second on. An
 * empty key is not counted. Bounded: a key longer than {@value #LONGEST_TEXT} characters goes into
 * a sketch at once. Mutable, owned by one thread.
 */
final class DistinctKeys {
  /** 1.6 % standard error, at most some 2 kB. */
  private static final int LG_K = 12;

  private static final int LONGEST_TEXT = 100;

  /** Not null only while it is the only key; then there is no sketch. */
  private String only;

  private HllSketch sketch;

  void add(String key) {
    if (sketch != null) {
      sketch.update(key);
    } else if (only == null && !key.isEmpty() && key.length() <= LONGEST_TEXT) {
      only = key;
    } else if (!key.equals(only)) {
      sketch().update(key);
    }
  }

  /** Adds the other ones, which stay as they are and share nothing with these. */
  void merge(DistinctKeys other) {
    if (other.only != null) {
      add(other.only);
    } else if (other.sketch != null && sketch == null && only == null) {
      sketch = other.sketch.copy();
    } else if (other.sketch != null) {
      Union union = new Union(LG_K);
      union.update(sketch());
      union.update(other.sketch);
      sketch = union.getResult(TgtHllType.HLL_4);
    }
  }

  double estimate() {
    if (only != null) {
      return 1;
    }
    return sketch == null ? 0 : sketch.getEstimate();
  }

  /** The only key there was; null if there was none or cannot be told. */
  String only() {
    return only;
  }

  private HllSketch sketch() {
    if (sketch == null) {
      sketch = new HllSketch(LG_K, TgtHllType.HLL_4);
      if (only != null) {
        sketch.update(only);
        only = null;
      }
    }
    return sketch;
  }

  /** Only where there was a key. */
  void write(DataOutputView target) throws IOException {
    target.writeBoolean(only != null);
    if (only != null) {
      target.writeUTF(only);
    } else {
      byte[] bytes = sketch.toCompactByteArray();
      target.writeInt(bytes.length);
      target.write(bytes);
    }
  }

  void read(DataInputView source) throws IOException {
    if (source.readBoolean()) {
      only = source.readUTF();
    } else {
      readSketch(source);
    }
  }

  void readSketch(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    sketch = HllSketch.heapify(bytes);
  }
}
