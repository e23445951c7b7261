package io.spillway.sandbox.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditReportTest {
  private static final InputPartition IN = new InputPartition("iot.events", 0);
  private static final Map<String, String> WITH_RECEIPTS = Map.of("receipts.topic", "iot.receipts");

  @Test
  void saysThatEverythingIsInItsPlace() {
    assertThat(report(WITH_RECEIPTS, 4, 4, 4).lines())
        .contains("1 sources, none with a problem")
        .contains("conserved: each of 4 events is in one place, none is missing, double or forged");
  }

  @Test
  void listsWhatIsMissingByOffsetSourceAndSequence() {
    assertThat(String.join("\n", report(WITH_RECEIPTS, 4, 3, 4).lines()))
        .containsPattern("missing +iot\\.events-0@3 +source s sequence 4 ")
        .containsPattern("\ns +4 +1 +0 +0 +0\n")
        .endsWith("NOT conserved: 1 missing");
  }

  @Test
  void listsAHundredAndCountsTheRest() {
    assertThat(report(WITH_RECEIPTS, 150, 0, 150).lines())
        .contains("and 50 more", "NOT conserved: 150 missing");
  }

  @Test
  void claimsNothingWhereNothingCouldBeJudged() {
    String text = String.join("\n", report(WITH_RECEIPTS, 4, 0, 0).lines());
    assertThat(text).contains("4 events are beyond what the job has committed");
    assertThat(text).contains("nothing to judge").doesNotContain("conserved:");
  }

  @Test
  void saysWhatWithoutReceiptsIsNotProven() {
    assertThat(String.join("\n", report(Map.of(), 0, 0, 0).lines()))
        .contains("not proven: that what it admitted came out")
        .contains("results of windows are made of 0 events");
  }

  @Test
  void saysTheSameToPrograms() throws IOException {
    JsonNode json = new ObjectMapper().readTree(report(WITH_RECEIPTS, 4, 3, 4).json());
    assertThat(json.path("conserved").asBoolean()).isFalse();
    assertThat(json.path("priorities").path("bulk").path("delivered").asLong()).isEqualTo(3);
    assertThat(json.path("problems").path("missing").asLong()).isEqualTo(1);
    assertThat(json.path("listed").path(0).path("offset").asLong()).isEqualTo(3);
  }

  /** Events of one source, of which the first some have a receipt. */
  private static AuditReport report(
      Map<String, String> settings, int events, int receipts, long committed) {
    AuditRule rule = AuditRule.of(settings, false);
    Audit audit = new Audit(rule, Set.of(IN.topic()));
    for (int i = 0; i < receipts; i++) {
      audit.receipt(IN, i);
    }
    audit.judge(Map.of(IN, new InputRange(0, 0, OptionalLong.of(committed), events)));
    for (int i = 0; i < events; i++) {
      audit.event(new Audit.Event(IN, i, Priority.BULK, "s", i + 1, ""));
    }
    return new AuditReport(AuditTopics.of(settings), rule, audit.findings());
  }
}
