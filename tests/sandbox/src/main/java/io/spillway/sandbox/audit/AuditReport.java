package io.spillway.sandbox.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What an audit has found, for people and for programs. */
public final class AuditReport {
  private static final int SOURCES_LISTED = 20;

  private final AuditTopics topics;
  private final AuditRule rule;
  private final Findings findings;

  public AuditReport(AuditTopics topics, AuditRule rule, Findings findings) {
    this.topics = topics;
    this.rule = rule;
    this.findings = findings;
  }

  /** Lines for a terminal, in the order in which one wants to read them. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    destinations(lines);
    sources(lines);
    problems(lines);
    lines.add("");
    remarks().forEach(remark -> lines.add("- " + remark));
    lines.add("");
    lines.add(verdict());
    return lines;
  }

  /** The same as JSON. */
  public String json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("conserved", findings.holds());
    json.put("events", findings.seen());
    ObjectNode priorities = json.putObject("priorities");
    for (Priority priority : Priority.values()) {
      ObjectNode counts = priorities.putObject(priority.wireName());
      counts.put("seen", findings.seen(priority));
      for (Destination destination : Destination.values()) {
        counts.put(destination.wireName(), findings.count(priority, destination));
      }
    }
    ObjectNode counts = json.putObject("problems");
    for (Problem.Kind kind : Problem.Kind.values()) {
      counts.put(kind.wireName(), findings.count(kind));
    }
    counts.put("alerts_of_no_event", findings.alertsOfNoEvent());
    ArrayNode listed = json.putArray("listed");
    for (Problem problem : findings.listed()) {
      listed
          .addObject()
          .put("kind", problem.kind().wireName())
          .put("topic", problem.partition().topic())
          .put("partition", problem.partition().partition())
          .put("offset", problem.offset())
          .put("source", problem.source())
          .put("sequence", problem.sequence())
          .put("detail", problem.detail());
    }
    ObjectNode sources = json.putObject("sources");
    sources.put("seen", findings.sources().count());
    sources.put("lost_before", findings.sources().lostBefore());
    sources.put("repeated_before", findings.sources().repeatedBefore());
    ArrayNode remarks = json.putArray("remarks");
    remarks().forEach(remarks::add);
    return json.toPrettyString() + "\n";
  }

  private void destinations(List<String> lines) {
    List<Destination> shown =
        Stream.of(Destination.values())
            .filter(d -> d == Destination.MISSING || findings.count(d) > 0)
            .toList();
    StringBuilder head = new StringBuilder("%-9s %12s".formatted("PRIORITY", "SEEN"));
    shown.forEach(d -> head.append(" %12s".formatted(d.name().replace('_', ' '))));
    lines.add(head.toString());
    for (Priority priority : Priority.values()) {
      StringBuilder line =
          new StringBuilder("%-9s %,12d".formatted(priority.wireName(), findings.seen(priority)));
      shown.forEach(d -> line.append(" %,12d".formatted(findings.count(priority, d))));
      lines.add(line.toString());
    }
    StringBuilder all = new StringBuilder("%-9s %,12d".formatted("all", findings.seen()));
    shown.forEach(d -> all.append(" %,12d".formatted(findings.count(d))));
    lines.add(all.toString());
  }

  private void sources(List<String> lines) {
    List<Sources.Line> bad = findings.sources().withProblems();
    lines.add("");
    lines.add(
        "%,d sources, %s"
            .formatted(
                findings.sources().count(),
                bad.isEmpty()
                    ? "none with a problem"
                    : "%,d with a problem".formatted(bad.size())));
    if (bad.isEmpty()) {
      return;
    }
    lines.add(
        "%-24s %10s %8s %8s %14s %16s"
            .formatted("SOURCE", "SEEN", "MISSING", "DOUBLE", "LOST BEFORE US", "REPEATED BEFORE"));
    for (Sources.Line line : bad.subList(0, Math.min(SOURCES_LISTED, bad.size()))) {
      lines.add(
          "%-24s %,10d %,8d %,8d %,14d %,16d"
              .formatted(
                  line.source(),
                  line.seen(),
                  line.missing(),
                  line.twice(),
                  line.lostBefore(),
                  line.repeatedBefore()));
    }
    if (bad.size() > SOURCES_LISTED) {
      lines.add("and %,d more".formatted(bad.size() - SOURCES_LISTED));
    }
  }

  private void problems(List<String> lines) {
    long all = 0;
    for (Problem.Kind kind : Problem.Kind.values()) {
      all += findings.count(kind);
    }
    if (all == 0) {
      return;
    }
    lines.add("");
    for (Problem problem : findings.listed()) {
      lines.add(
          "%-10s %-32s %s%s"
              .formatted(
                  problem.kind().wireName(),
                  problem.place(),
                  problem.source().isEmpty()
                      ? ""
                      : "source %s sequence %d  ".formatted(problem.source(), problem.sequence()),
                  problem.detail()));
    }
    if (all > findings.listed().size()) {
      lines.add("and %,d more".formatted(all - findings.listed().size()));
    }
  }

  /** What could be proven and what not, and what is odd without being wrong. */
  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        rule.withReceipts()
            ? "judged by offset: an event needs a receipt, a place in the ledger or a dead letter"
            : "judged by offset: the ledger has to have seen an event, or it is a dead letter;"
                + " not proven: that what it admitted came out (the job writes no receipts:"
                + " receipts.topic is empty)");
    remarks.add(
        "judged by source and id: a CRITICAL event that was processed needs an alert; priority is"
            + " that of ce_priority, and normal where there is none");
    if (findings.compared() > 0) {
      remarks.add(
          "in %d of %d input partitions the ledger has seen as many events as there are"
              .formatted(
                  findings.compared() - findings.count(Problem.Kind.MISCOUNTED),
                  findings.ranges().size()));
    }
    if (!rule.withReceipts()) {
      remarks.add(
          ("results of windows are made of %,d events, %,d were admitted; what is not in them is in"
                  + " windows still open, and one that came out twice counts twice")
              .formatted(findings.keptInWindows(), findings.count(Destination.ADMITTED)));
    }
    unproven(remarks);
    odd(remarks);
    return remarks;
  }

  private void unproven(List<String> remarks) {
    findings
        .ranges()
        .forEach(
            (partition, range) -> {
              if (range.logStart() > 0) {
                remarks.add(
                    "not provable: %s before offset %,d; Kafka no longer has it"
                        .formatted(partition, range.logStart()));
              }
              if (range.from() > range.logStart()) {
                remarks.add(
                    "not read: %s before offset %,d (--since)".formatted(partition, range.from()));
              }
            });
    add(
        remarks,
        findings.count(Destination.WAITING),
        "%,d events are beyond what the job has committed: not judged, ask again later");
    add(
        remarks,
        findings.notCommitted(),
        "%,d input partitions have no committed offset in "
            + String.join(", ", topics.groups())
            + ": judged up to the last offset that any output names");
    add(
        remarks,
        findings.unreadableCount(),
        "%,d records of the outputs cannot be understood, what they said is not counted");
    findings.unreadable().stream().limit(SOURCES_LISTED).forEach(remarks::add);
  }

  private void odd(List<String> remarks) {
    add(
        remarks,
        findings.deferredAndDeleted(),
        "%,d deferred events were deleted by Kafka before anybody read them again");
    add(remarks, findings.receiptsAgain(), "%,d events have a receipt more than once");
    add(remarks, findings.recordsAgain(), "%,d events are recorded more than once");
    add(remarks, findings.twoFates(), "%,d events have a receipt and were turned away as well");
    if (findings.receiptsAgain() + findings.recordsAgain() + findings.twoFates() > 0
        && !(rule.resultsOnce() && rule.recordsOnce())) {
      remarks.add(
          "what is at least once may come again after a failure; --once takes it as an error");
    }
    add(
        remarks,
        findings.outOfSight(),
        "%,d offsets that outputs name are before the part of the input that was read");
    add(remarks, findings.ofOtherTopics(), "%,d records are about topics of other jobs");
    add(remarks, findings.withoutSource(), "%,d events have no source");
    add(
        remarks,
        findings.sources().notFollowed(),
        "%,d events are of sources beyond the first "
            + "%,d, which are not followed".formatted(Sources.MOST));
    add(
        remarks,
        findings.sources().lostBefore(),
        "lost before this job: %,d sequence numbers are not in the input");
    add(
        remarks,
        findings.sources().repeatedBefore(),
        "duplicated before this job: %,d events of the input have a sequence number again");
  }

  private String verdict() {
    if (!findings.holds()) {
      StringBuilder wrong = new StringBuilder("NOT conserved:");
      for (Problem.Kind kind : Problem.Kind.values()) {
        if (findings.count(kind) > 0) {
          wrong.append(
              " %,d %s".formatted(findings.count(kind), kind.wireName().replace('_', ' ')));
        }
      }
      if (findings.alertsOfNoEvent() > 0) {
        wrong.append(" %,d alerts of no event".formatted(findings.alertsOfNoEvent()));
      }
      return wrong.toString();
    }
    long judged = findings.seen() - findings.count(Destination.WAITING);
    return judged == 0
        ? "nothing to judge: no event that the job is through with"
        : "conserved: each of %,d events is in one place, none is missing, double or forged"
            .formatted(judged);
  }

  private static void add(List<String> remarks, long count, String remark) {
    if (count > 0) {
      remarks.add(remark.formatted(count));
    }
  }
}
