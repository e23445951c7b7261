package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameHashTest {
  private static final int NAMES = 64 * FairShares.BUCKETS;

  @ParameterizedTest
  @ValueSource(strings = {"%d", "sensor-%d", "urn:site:%d/a-rather-long-name-of-a-device", "%d/x"})
  void namesLikeThoseInUseFallEvenlyIntoBothRows(String form) {
    int[] first = new int[FairShares.BUCKETS];
    int[] second = new int[FairShares.BUCKETS];
    Set<Integer> pairs = new HashSet<>();
    for (int i = 0; i < NAMES; i++) {
      long hash = hash(form.formatted(i));
      int one = (int) hash & FairShares.BUCKETS - 1;
      int other = (int) (hash >>> 24) & FairShares.BUCKETS - 1;
      first[one]++;
      second[other]++;
      pairs.add(one * FairShares.BUCKETS + other);
    }
    for (int[] row : new int[][] {first, second}) {
      // Mean 64, deviation 8: of 4,096 buckets none is further off than six of them.
      assertThat(Arrays.stream(row).max().orElseThrow()).isLessThan(64 + 6 * 8);
      assertThat(Arrays.stream(row).min().orElseThrow()).isGreaterThan(64 - 6 * 8);
    }
    double expected = NAMES - (double) NAMES * NAMES / 2 / (1 << 24);
    assertThat((double) pairs.size()).as("rows are independent").isGreaterThan(0.999 * expected);
  }

  @Test
  void everyByteCounts() {
    Set<Long> hashes = new HashSet<>();
    int names = 0;
    for (int length = 0; length <= 40; length++) {
      byte[] name = new byte[length];
      hashes.add(NameHash.of(name));
      names++;
      for (int i = 0; i < length; i++) {
        name[i] = 1;
        hashes.add(NameHash.of(name));
        names++;
        name[i] = 0;
      }
    }
    assertThat(hashes).hasSize(names);
  }

  private static long hash(String name) {
    return NameHash.of(name.getBytes(StandardCharsets.UTF_8));
  }
}
