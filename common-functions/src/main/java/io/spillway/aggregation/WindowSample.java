package io.spillway.aggregation;

import io.spillway.admission.Strata;
import io.spillway.admission.UnitHash;
import java.io.IOException;
import java.util.Base64;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a window keeps while it is open: the sample of its events that was kept, summed up, and the
 * exact number of those that were not. A monoid up to rounding and the coin flips inside the
 * sketches: parts can be made anywhere and merged in any order.
 *
 * <p>That holds for corrections too. A replay keeps what was not admitted before, and counts as
 * many back in the stratum of probability 1 of their priority, because it does not know in which
 * they were counted. {@link #settledNotAdmitted} sets that against the others, when everything has
 * been merged.
 *
 * <p>Mutable, owned by one thread. Bounded: moments and a sketch for each stratum seen, mostly one
 * to three; where whole units are kept, {@value UnitGroups#COUNT} groups of them for each as well.
 */
public final class WindowSample {
  /** Without units and the totals of the values kept; only read. */
  private static final int FIRST_FORMAT = 1;

  private static final int FORMAT = 2;

  /** A single event that was drawn on its own, and nothing else: most windows of many keys. */
  private static final int FORMAT_ONE_EVENT = 3;

  private static final int TEXT_BYTES = 4096;

  private final Stratum[] strata = new Stratum[Strata.COUNT];
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long unattributed;
  private long kept;
  private final DistinctKeys distinct = new DistinctKeys();

  /**
   * Adds an event that was kept.
   *
   * @throws IllegalArgumentException if its value is not finite or its weights are not finite
   *     numbers of at least 1; whoever reads events keeps such values out
   */
  public void add(Measured event) {
    double value = event.value();
    double weight = event.weight();
    double rate = event.sampledRate();
    if (!Double.isFinite(value) || !(rate >= 1 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "value %s with weight %s: the value must be finite, the weight finite and at least 1"
              .formatted(value, Math.min(weight, rate)));
    }
    // Rounding aside, a weight below the rate cannot be; a NaN is caught here too.
    if (!(weight >= rate * (1 - 1e-9))) {
      throw new IllegalArgumentException(
          "weight %s is below the sample rate %s it came in with".formatted(weight, rate));
    }
    stratum(Strata.of(event.priority(), rate / weight)).add(value, weight, rate, event.unitHash());
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (!event.attributed()) {
      unattributed++;
    }
    kept++;
    distinct.add(event.distinctKey());
  }

  /**
   * Adds events of a stratum that were not admitted; a negative number counts events back that are
   * now among those kept.
   */
  public void addNotAdmitted(int stratum, double events) {
    stratum(stratum).notAdmitted += events;
  }

  /** This sample, with the other one added; that stays as it is and shares nothing with this. */
  public WindowSample mergedWith(WindowSample other) {
    for (int i = 0; i < strata.length; i++) {
      if (other.strata[i] != null) {
        stratum(i).merge(other.strata[i]);
      }
    }
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    unattributed += other.unattributed;
    kept += other.kept;
    distinct.merge(other.distinct);
    return this;
  }

  /** By stratum; null where nothing is known. Not a copy. */
  Stratum[] strata() {
    return strata;
  }

  /** Events that were kept. */
  public long kept() {
    return kept;
  }

  /** Sum of the values kept, each as often as its sample rate says: exact, and of those alone. */
  public double keptSum() {
    double sum = 0;
    for (Stratum stratum : strata) {
      sum += stratum == null ? 0 : stratum.keptTotal;
    }
    return sum;
  }

  /** Events kept and not admitted; what a correction adds to the number of a window. */
  public double events() {
    double sum = 0;
    for (Stratum stratum : strata) {
      sum += stratum == null ? 0 : stratum.keptEvents + stratum.notAdmitted;
    }
    return sum;
  }

  /** This sample without what it knows of events that were not admitted. */
  public WindowSample keptOnly() {
    WindowSample kept = WindowSampleSerializer.INSTANCE.copy(this);
    for (Stratum stratum : kept.strata) {
      if (stratum != null) {
        stratum.notAdmitted = 0;
      }
    }
    return kept;
  }

  /**
   * Events not admitted by stratum, none of them below zero as far as there is anything to set it
   * against: first of the same priority, then of any; first of the lowest keep probability.
   */
  double[] settledNotAdmitted() {
    double[] settled = new double[strata.length];
    for (int i = 0; i < strata.length; i++) {
      settled[i] = strata[i] == null ? 0 : strata[i].notAdmitted;
    }
    for (int first = 0; first < strata.length; first += Strata.PER_PRIORITY) {
      settle(settled, first, first + Strata.PER_PRIORITY);
    }
    settle(settled, 0, strata.length);
    return settled;
  }

  private static void settle(double[] notAdmitted, int from, int end) {
    double owed = 0;
    int debtor = from;
    for (int i = from; i < end; i++) {
      if (notAdmitted[i] < 0) {
        owed -= notAdmitted[i];
        notAdmitted[i] = 0;
        debtor = i;
      }
    }
    for (int i = end - 1; i >= from && owed > 0; i--) {
      double paid = Math.min(owed, notAdmitted[i]);
      notAdmitted[i] -= paid;
      owed -= paid;
    }
    notAdmitted[debtor] -= owed;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  /** Whether the number of events that were not admitted is known for the key of this window. */
  boolean knowsCount() {
    return unattributed == 0;
  }

  double distinctKeys() {
    return distinct.estimate();
  }

  private Stratum stratum(int index) {
    Stratum known = strata[index];
    return known != null ? known : (strata[index] = new Stratum());
  }

  void write(DataOutputView target) throws IOException {
    int single = onlyStratum();
    if (single >= 0) {
      writeEvent(single, target);
      return;
    }
    int used = 0;
    for (Stratum stratum : strata) {
      used += stratum == null ? 0 : 1;
    }
    target.writeByte(FORMAT);
    target.writeLong(unattributed);
    target.writeByte(used);
    for (int i = 0; i < strata.length; i++) {
      if (strata[i] != null) {
        target.writeByte(i);
        strata[i].write(target);
      }
    }
    target.writeBoolean(kept > 0);
    if (kept > 0) {
      target.writeDouble(min);
      target.writeDouble(max);
      distinct.write(target);
    }
  }

  /** This sample as text, for records that people read; {@link #ofText} reads it. */
  public String text() {
    try {
      DataOutputSerializer bytes = new DataOutputSerializer(TEXT_BYTES);
      write(bytes);
      return Base64.getEncoder().encodeToString(bytes.getCopyOfBuffer());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
  }

  /**
   * The sample of which this is the {@link #text}.
   *
   * @throws IOException if it is none
   */
  public static WindowSample ofText(String text) throws IOException {
    try {
      return read(new DataInputDeserializer(Base64.getDecoder().decode(text)));
    } catch (RuntimeException e) {
      throw new IOException("not the text of a window sample", e);
    }
  }

  /** The stratum of a single event that is all there is, has a key and no unit; else -1. */
  private int onlyStratum() {
    int only = -1;
    if (kept == 1 && distinct.only() != null) {
      for (int i = 0; i < strata.length; i++) {
        if (strata[i] != null) {
          boolean bare = strata[i].notAdmitted == 0 && strata[i].units == null;
          if (only >= 0 || !bare) {
            return -1;
          }
          only = i;
        }
      }
    }
    return only;
  }

  private void writeEvent(int stratum, DataOutputView target) throws IOException {
    target.writeByte(FORMAT_ONE_EVENT);
    target.writeByte(stratum);
    target.writeBoolean(unattributed == 0);
    target.writeDouble(min);
    target.writeDouble(strata[stratum].moments.weight());
    target.writeDouble(strata[stratum].keptEvents);
    target.writeUTF(distinct.only());
  }

  private static WindowSample readEvent(DataInputView source) throws IOException {
    WindowSample sample = new WindowSample();
    int stratum = source.readByte();
    sample.unattributed = source.readBoolean() ? 0 : 1;
    double value = source.readDouble();
    double weight = source.readDouble();
    sample.stratum(stratum).add(value, weight, source.readDouble(), UnitHash.ALONE);
    sample.min = value;
    sample.max = value;
    sample.kept = 1;
    sample.distinct.add(source.readUTF());
    return sample;
  }

  static WindowSample read(DataInputView source) throws IOException {
    int format = source.readByte();
    if (format == FORMAT_ONE_EVENT) {
      return readEvent(source);
    }
    if (format != FIRST_FORMAT && format != FORMAT) {
      throw new IOException(
          "window sample of format %d, this version knows %d to %d"
              .formatted(format, FIRST_FORMAT, FORMAT_ONE_EVENT));
    }
    boolean first = format == FIRST_FORMAT;
    WindowSample sample = new WindowSample();
    sample.unattributed = source.readLong();
    for (int left = source.readByte(); left > 0; left--) {
      int index = source.readByte();
      Stratum stratum = first ? Stratum.readFirstFormat(source) : Stratum.read(source);
      sample.strata[index] = stratum;
      sample.kept += stratum.kept;
    }
    if (source.readBoolean()) {
      sample.min = source.readDouble();
      sample.max = source.readDouble();
      if (first) {
        sample.distinct.readSketch(source);
      } else {
        sample.distinct.read(source);
      }
    }
    return sample;
  }
}
