package io.spillway.aggregation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.quantilescommon.QuantilesDoublesSketchIterator;

/** Puts the sketches of strata together that count differently. For one thread, used once. */
final class Quantiles {
  private final List<Item> items = new ArrayList<>();
  private double sketchError;

  private record Item(double value, double weight) {}

  /**
   * Adds the values kept of a stratum.
   *
   * @param scale how many events each stands for
   */
  void add(Stratum stratum, double scale) {
    if (stratum.kept == 1) {
      items.add(new Item(stratum.moments.mean(), scale));
    } else if (stratum.kept > 1) {
      var sketch = stratum.sketch();
      for (QuantilesDoublesSketchIterator each = sketch.iterator(); each.next(); ) {
        items.add(new Item(each.getQuantile(), scale * each.getWeight()));
      }
      if (sketch.isEstimationMode()) {
        sketchError = Math.max(sketchError, sketch.getNormalizedRankError(false));
      }
    }
  }

  /**
   * The quantiles of all values added, at least one.
   *
   * @param samplingError rank error from how the values were chosen, 95 times in 100
   */
  QuantileEstimates estimates(double samplingError) {
    items.sort(Comparator.comparingDouble(Item::value));
    return new QuantileEstimates(
        at(0.50), at(0.95), at(0.99), Math.min(1, sketchError + samplingError));
  }

  /** The smallest value whose rank, itself included, reaches this one. */
  private double at(double rank) {
    double all = 0;
    for (Item item : items) {
      all += item.weight();
    }
    double below = 0;
    for (Item item : items) {
      below += item.weight();
      if (below >= rank * all) {
        return item.value();
      }
    }
    return items.get(items.size() - 1).value();
  }
}
