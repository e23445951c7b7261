package io.spillway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which part of the library may know which, and who may touch the inside of Flink. */
@AnalyzeClasses(packages = "io.spillway", importOptions = ArchitectureTest.MainCode.class)
class ArchitectureTest {
  /** Wherever the build directory is: ArchUnit's own option knows target/test-classes only. */
  static final class MainCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }

  @ArchTest
  static final ArchRule configKnowsNoOtherPart =
      noClasses()
          .that()
          .resideInAPackage("io.spillway.config")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.spillway..")
                  .and(not(resideInAnyPackage("io.spillway.config"))));

  @ArchTest
  static final ArchRule eventsKnowNothingOfWhatIsDoneWithThem =
      noClasses()
          .that()
          .resideInAnyPackage("io.spillway.event", "io.spillway.priority")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.spillway.admission..",
              "io.spillway.ledger..",
              "io.spillway.aggregation..",
              "io.spillway.metrics..");

  @ArchTest
  static final ArchRule admissionAndLedgerKnowNothingOfAggregation =
      noClasses()
          .that()
          .resideInAnyPackage("io.spillway.admission", "io.spillway.ledger")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.spillway.aggregation..");

  /** Producers and gateways take it along without Flink. */
  @ArchTest
  static final ArchRule theEdgeKnowsNothingOfFlinkNorOfJobsWithIt =
      noClasses()
          .that()
          .resideInAPackage("io.spillway.edge")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.flink..", "io.spillway..")
                  .and(not(resideInAnyPackage("io.spillway.edge")))
                  .and(
                      not(
                          simpleName("Priority")
                              .or(simpleName("Quota"))
                              .or(simpleName("TokenBucket")))));

  /** The rule above counts on it: what the edge uses of others draws Flink in no more than it. */
  @ArchTest
  static final ArchRule whatTheEdgeUsesKnowsNoFlink =
      noClasses()
          .that(simpleName("Priority").or(simpleName("Quota")).or(simpleName("TokenBucket")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule theLibraryKnowsNoJobsAndNoTests =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.spillway.jobs..", "io.spillway.sandbox..");

  /**
   * They change without notice between Flink versions, so one class has to answer for them. The
   * timer service lies among them but is what Flink hands to every operator. WaitingFactory is the
   * one exception: only the task itself has the mailbox in which checkpoints wait.
   */
  @ArchTest
  static final ArchRule onlyLaneBuffersTouchesTheInsideOfFlink =
      noClasses()
          .that(
              not(
                  resideInAnyPackage("io.spillway.admission")
                      .and(simpleNameStartingWith("LaneBuffers"))
                      .or(simpleName("WaitingFactory"))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.apache.flink.streaming.runtime.tasks..",
                      "org.apache.flink.streaming.runtime.io..",
                      "org.apache.flink.runtime.io..",
                      "org.apache.flink.runtime.execution..",
                      "org.apache.flink.runtime.taskmanager..")
                  .and(not(simpleName("ProcessingTimeService"))));

  @ArchTest
  static final ArchRule namesSayWhatAClassIsAbout =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveNameMatching(".*\\.(util|utils|common|helper|manager|base)\\..*");
}
