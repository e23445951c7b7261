package io.spillway.aggregation;

import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a window knows of one {@link io.spillway.admission.Strata stratum}: the values kept, as
 * moments and as a KLL sketch (Karnin, Lang and Liberty 2016), and how many events were kept and
 * how many not, counted with the sample rate they came in with. The sketch is unweighted: within a
 * stratum the weights are alike. A single value is its own sketch, so a window that sees a key once
 * stays small. Where whole units were kept, their random groups as well. Mutable, owned by one
 * thread.
 */
final class Stratum {
  /** 1.3 % rank error, at most some 5 kB. */
  private static final int SKETCH_K = 200;

  final Moments moments = new Moments();
  long kept;
  double keptEvents;

  /** Sum of the values kept, each as often as its sample rate says: no estimate. */
  double keptTotal;

  /** Below zero where a replay has counted back what another sample counts as not admitted. */
  double notAdmitted;

  /** Null if every event was drawn on its own. */
  UnitGroups units;

  private KllDoublesSketch sketch;

  void add(double value, double weight, double sampledRate, long unit) {
    if (kept > 0) {
      sketch().update(value);
    }
    kept++;
    keptEvents += sampledRate;
    keptTotal += sampledRate * value;
    moments.add(value, weight);
    if (unit >= 0) {
      units().add(value, weight, unit);
    }
  }

  void merge(Stratum other) {
    if (kept > 0 && other.kept == 1) {
      sketch().update(other.moments.mean());
    } else if (kept > 0 && other.kept > 1) {
      sketch().merge(other.sketch);
    } else if (other.kept > 1) {
      sketch = KllDoublesSketch.newHeapInstance(SKETCH_K);
      sketch.merge(other.sketch);
    }
    kept += other.kept;
    keptEvents += other.keptEvents;
    keptTotal += other.keptTotal;
    notAdmitted += other.notAdmitted;
    moments.merge(other.moments);
    if (other.units != null) {
      units().merge(other.units);
    }
  }

  /** The values kept; only where some were. */
  KllDoublesSketch sketch() {
    if (sketch == null) {
      sketch = KllDoublesSketch.newHeapInstance(SKETCH_K);
      sketch.update(moments.mean());
    }
    return sketch;
  }

  private UnitGroups units() {
    return units != null ? units : (units = new UnitGroups());
  }

  void write(DataOutputView target) throws IOException {
    target.writeLong(kept);
    target.writeDouble(notAdmitted);
    if (kept == 1) {
      target.writeDouble(keptEvents);
      target.writeDouble(moments.mean());
      target.writeDouble(moments.weight());
    } else if (kept > 1) {
      target.writeDouble(keptEvents);
      target.writeDouble(keptTotal);
      moments.write(target);
      byte[] bytes = sketch.toByteArray();
      target.writeInt(bytes.length);
      target.write(bytes);
    }
    target.writeBoolean(units != null);
    if (units != null) {
      units.write(target);
    }
  }

  static Stratum read(DataInputView source) throws IOException {
    Stratum stratum = read(source, true);
    stratum.units = source.readBoolean() ? UnitGroups.read(source) : null;
    return stratum;
  }

  /** As it was before there were units and {@link #keptTotal}, which is then about right. */
  static Stratum readFirstFormat(DataInputView source) throws IOException {
    return read(source, false);
  }

  private static Stratum read(DataInputView source, boolean withTotal) throws IOException {
    Stratum stratum = new Stratum();
    stratum.kept = source.readLong();
    stratum.notAdmitted = source.readDouble();
    if (stratum.kept == 1) {
      stratum.keptEvents = source.readDouble();
      double value = source.readDouble();
      stratum.keptTotal = stratum.keptEvents * value;
      stratum.moments.add(value, source.readDouble());
    } else if (stratum.kept > 1) {
      stratum.keptEvents = source.readDouble();
      double total = withTotal ? source.readDouble() : Double.NaN;
      stratum.moments.read(source);
      stratum.keptTotal = withTotal ? total : stratum.keptEvents * stratum.moments.mean();
      byte[] bytes = new byte[source.readInt()];
      source.readFully(bytes);
      stratum.sketch = KllDoublesSketch.heapify(Memory.wrap(bytes));
    }
    return stratum;
  }
}
