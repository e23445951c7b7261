package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HeaderLayoutTest {
  @Test
  void recordsWithTheSameNamesShareOne() {
    HeaderLayout first = layout("ce_id", "x-share", "ce_time");

    assertThat(layout("ce_id", "x-share", "ce_time")).isSameAs(first);
    assertThat(first.name(0)).isSameAs(CloudEventHeaders.ID);
    assertThat(first.name(2)).isSameAs(CloudEventHeaders.TIME);
  }

  /** All three have names of the same lengths, and so the same slot. */
  @Test
  void layoutsThatShareASlotAreToldApart() {
    for (int round = 0; round < 3; round++) {
      assertThat(layout("x-a", "x-b").lastPlace("x-b")).isEqualTo(1);
      assertThat(layout("x-b", "x-a").lastPlace("x-b")).isZero();
      assertThat(layout("x-c", "x-a").lastPlace("x-b")).isEqualTo(-1);
    }
  }

  @Test
  void namesWithoutEndAreNotKept() {
    String longName = "x".repeat(65);
    String[] many = new String[65];
    for (int i = 0; i < many.length; i++) {
      many[i] = "x-" + i;
    }

    assertThat(layout(longName)).isNotSameAs(layout(longName)).isEqualTo(layout(longName));
    assertThat(layout(many)).isNotSameAs(layout(many)).isEqualTo(layout(many));
    assertThat(layout(many).lastPlace("x-64")).isEqualTo(64);
  }

  @Test
  void oneMoreName() {
    HeaderLayout longer = layout("ce_id").with("ce_type").with("ce_id");

    assertThat(longer).isEqualTo(layout("ce_id", "ce_type", "ce_id"));
    assertThat(longer.lastPlace(CloudEventHeaders.ID_CODE)).isEqualTo(2);
    assertThat(HeaderLayout.EMPTY.lastPlace(CloudEventHeaders.ID_CODE)).isEqualTo(-1);
  }

  @Property
  void findsEachNameWhereItStandsLast(@ForAll("names") List<String> names) {
    HeaderLayout found = layout(names.toArray(String[]::new));

    assertThat(found.size()).isEqualTo(names.size());
    for (int i = 0; i < names.size(); i++) {
      assertThat(found.name(i)).isEqualTo(names.get(i));
      assertThat(found.code(i)).isEqualTo(CloudEventHeaders.code(names.get(i)));
      assertThat(found.lastPlace(names.get(i))).isEqualTo(names.lastIndexOf(names.get(i)));
    }
    for (int code = 0; code < CloudEventHeaders.COUNT; code++) {
      assertThat(found.lastPlace(code)).isEqualTo(names.lastIndexOf(CloudEventHeaders.name(code)));
    }
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.of("ce_id", "ce_type", "ce_time", "ce_priority", "x-a", "x-b", "", "CE_ID")
        .list()
        .ofMaxSize(12);
  }

  /** Threads that drive each other's layouts out of a slot each get the one they asked for. */
  @Test
  void threadsDoNotMixThemUp() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> askers = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        askers.add(() -> allRight(random));
      }
      for (Future<Boolean> right : threads.invokeAll(askers)) {
        assertThat(right.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean allRight(SplittableRandom random) {
    boolean right = true;
    for (int i = 0; i < 100_000; i++) {
      String name = "t-" + random.nextInt(10);
      HeaderLayout layout = layout("ce_id", name);
      right &= layout.lastPlace(name) == 1 && layout.lastPlace(CloudEventHeaders.ID_CODE) == 0;
    }
    return right;
  }

  private static HeaderLayout layout(String... names) {
    String[] asRead = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      asRead[i] = new String(names[i].toCharArray());
    }
    return HeaderLayout.of(asRead);
  }
}
