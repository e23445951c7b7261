package io.spillway.sandbox.cluster;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The name somebody probably meant: the one with the fewest letters to change. */
public final class Nearest {
  private Nearest() {}

  public static String to(String written, Collection<String> names) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return names.stream()
        .min(Comparator.comparingInt(name -> distance.apply(written, name)))
        .orElseThrow();
  }
}
