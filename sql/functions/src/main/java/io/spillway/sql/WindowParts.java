package io.spillway.sql;

import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import java.io.IOException;
import org.apache.flink.types.Row;

/**
 * The parts of one window's result, in any order. The samples of its parts merge exactly, sketches
 * included, so where every part has one the result is that of the library for all of them: kept
 * events add up, and when nothing is missing any more every figure is exact. A first result that
 * had seen everything has no sample, and nothing to correct either; if a correction comes all the
 * same (the event named another window in its headers), or a sample cannot be read, the figures
 * that can be added are added and the others are not known. Public fields, as Flink keeps it as a
 * POJO. Not thread safe.
 */
public final class WindowParts {
  /** Of the first result that counts; null without one. */
  public Long firstOffset;

  public WindowFigures first;
  public String firstSample;
  public long corrections;
  public WindowFigures added = new WindowFigures();

  /** Of all corrections together; null without one. */
  public String sample;

  /** Whether a correction had no sample that can be read. */
  public boolean sampleMissing;

  /** A result from the job itself; the one with the highest offset counts. */
  void first(Long offset, WindowFigures figures, String itsSample) {
    if (firstOffset == null || offset > firstOffset) {
      firstOffset = offset;
      first = figures;
      firstSample = itsSample;
    }
  }

  /** What a replay adds. */
  void correct(WindowFigures figures, String itsSample) {
    corrections++;
    added.add(figures);
    addSample(itsSample);
  }

  private void addSample(String more) {
    String both = sample == null ? readable(more) : merged(sample, more);
    sampleMissing |= both == null;
    sample = both == null ? sample : both;
  }

  void merge(WindowParts other) {
    if (other.firstOffset != null) {
      first(other.firstOffset, other.first, other.firstSample);
    }
    if (other.corrections > 0) {
      corrections += other.corrections;
      added.add(other.added);
      sampleMissing |= other.sampleMissing;
      if (other.sample != null) {
        addSample(other.sample);
      }
    }
  }

  /** The result of all parts; null without any. */
  Row result() {
    if (first == null) {
      return corrections == 0 ? null : WindowFigures.withoutFirst(added).row(corrections);
    }
    if (corrections == 0) {
      return first.row(0);
    }
    String all = sampleMissing ? null : merged(firstSample, sample);
    WindowFigures figures =
        all == null ? WindowFigures.added(first, added) : WindowFigures.of(estimate(all));
    return figures.row(corrections);
  }

  private static WindowEstimate estimate(String text) {
    WindowSample sample = read(text);
    return WindowEstimate.of(0, 1, sample);
  }

  /** Null if one of them is none. */
  private static String merged(String one, String other) {
    WindowSample left = read(one);
    WindowSample right = read(other);
    return left == null || right == null ? null : left.mergedWith(right).text();
  }

  private static String readable(String text) {
    return read(text) == null ? null : text;
  }

  private static WindowSample read(String text) {
    try {
      return text == null || text.isEmpty() ? null : WindowSample.ofText(text);
    } catch (IOException notASample) {
      return null;
    }
  }
}
