package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.measure.CriticalAudit.Missing;
import org.junit.jupiter.api.Test;

class CriticalAuditTest {
  private final CriticalAudit audit = new CriticalAudit();

  @Test
  void findsTheOneThatIsMissingBySourceAndSequence() {
    for (long sequence = 1; sequence <= 1000; sequence++) {
      audit.produced("a", sequence);
      audit.produced("b", sequence);
      audit.accounted("a", sequence);
      if (sequence != 437) {
        audit.accounted("b", sequence);
      }
    }
    assertThat(audit.missing()).isEqualTo(1);
    assertThat(audit.missing(10)).containsExactly(new Missing("b", 437));
  }

  @Test
  void aSourceOfWhichNothingCameOutIsMissingWhole() {
    audit.produced("silent", 1);
    audit.produced("silent", 2);
    assertThat(audit.missing()).isEqualTo(2);
    assertThat(audit.missing(1)).containsExactly(new Missing("silent", 1));
  }

  @Test
  void repeatedAndUnknownResultsDoNotHideAMissingOne() {
    audit.produced("a", 1);
    audit.produced("a", 2);
    audit.accounted("a", 1);
    audit.accounted("a", 1);
    audit.accounted("a", 3);
    assertThat(audit.missing()).isEqualTo(1);
    assertThat(audit.repeats()).isEqualTo(1);
  }

  @Test
  void sequencesAboveTwoToThe31AreAudited() {
    audit.produced("a", 3_000_000_000L);
    assertThat(audit.missing(1)).containsExactly(new Missing("a", 3_000_000_000L));
  }
}
