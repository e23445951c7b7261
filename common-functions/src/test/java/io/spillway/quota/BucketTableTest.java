package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BucketTableTest {
  /** With this secret a hash belongs where its first bits say. */
  private static final long FIRST_BITS = 0;

  /** Puts this bucket there; with a negative number of permits, keeps only those with more. */
  private record Step(long hash, int permits) {}

  @Property
  void isAMapWhateverCollides(@ForAll("steps") @Size(max = 200) List<Step> steps) {
    BucketTable table = new BucketTable(FIRST_BITS);
    Map<Long, Integer> model = new HashMap<>();
    for (Step step : steps) {
      if (step.permits() < 0) {
        table.retain((hash, bucket) -> bucket.permits() > -step.permits());
        model.values().removeIf(permits -> permits <= -step.permits());
      } else {
        put(table, step);
        model.put(step.hash(), step.permits());
      }
      assertThat(table.size()).isEqualTo(model.size());
      for (Step any : steps) {
        assertThat(permits(table, any.hash())).isEqualTo(model.get(any.hash()));
      }
    }
  }

  /** Most hashes belong to the last two places and the first, so what collides goes around. */
  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> place = Arbitraries.of(14L, 14L, 15L, 15L, 0L, 7L);
    Arbitrary<Long> hash =
        Combinators.combine(place, Arbitraries.longs().between(0, 12))
            .as((first, rest) -> first << Long.SIZE - 4 | rest);
    Arbitrary<Integer> permits = Arbitraries.integers().between(-4, 20);
    return Combinators.combine(hash, permits).as(Step::new).list();
  }

  @Test
  void findsEachOfManyWhateverTheSecretIs() {
    BucketTable table = new BucketTable(0x1234_5678_9ABC_DEF0L);
    for (long hash = 0; hash < 100_000; hash++) {
      table.add(hash, new TokenBucket(hash, -hash));
    }
    table.retain((hash, bucket) -> hash % 3 == 0);
    assertThat(table.size()).isEqualTo(33_334);
    for (long hash = 0; hash < 100_000; hash++) {
      int place = table.find(hash);
      assertThat(place >= 0).isEqualTo(hash % 3 == 0);
      if (place >= 0) {
        assertThat(table.at(place).saved()).isEqualTo(new TokenBucket.Saved(hash, -hash));
      }
    }
  }

  private static void put(BucketTable table, Step step) {
    TokenBucket bucket = new TokenBucket(step.permits(), step.permits());
    int place = table.find(step.hash());
    if (place < 0) {
      place = table.add(step.hash(), bucket);
    } else {
      table.set(place, bucket);
    }
    assertThat(place).isEqualTo(table.find(step.hash()));
  }

  private static Integer permits(BucketTable table, long hash) {
    int place = table.find(hash);
    return place < 0 ? null : (int) table.at(place).permits();
  }
}
