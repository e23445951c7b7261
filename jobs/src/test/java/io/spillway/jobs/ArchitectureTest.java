package io.spillway.jobs;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PRIVATE;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;

/** The shape of the code that a reviewer should not have to look for. */
@AnalyzeClasses(packages = "io.spillway", importOptions = ArchitectureTest.MainCode.class)
class ArchitectureTest {
  /**
   * Wherever the build directory is: the option of the library knows only the standard one. What
   * protoc generates has names of its own.
   */
  static final class MainCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("/io/spillway/risk/v1/");
    }
  }

  @ArchTest
  static final ArchRule theLibraryKnowsNoJob =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.spillway.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.spillway.jobs..");

  @ArchTest
  static final ArchRule theJobsKnowNothingOfEachOther =
      noClasses()
          .that()
          .resideInAPackage("io.spillway.jobs.iot..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.spillway.jobs.load..");

  @ArchTest
  static final ArchRule onlyOneClassMakesKafkaSourcesAndSinks =
      noClasses()
          .that()
          .doNotBelongToAnyOf(KafkaTopics.class)
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              KafkaSource.class, KafkaSourceBuilder.class, KafkaSink.class, KafkaSinkBuilder.class);

  @ArchTest
  static final ArchRule aJobIsAMainAndABuildAndNoObject =
      classes()
          .that()
          .haveSimpleNameEndingWith("Job")
          .and()
          .resideInAPackage("io.spillway.jobs")
          .should()
          .haveModifier(FINAL)
          .andShould()
          .haveOnlyPrivateConstructors()
          .andShould(have(staticMethod("main")))
          .andShould(have(staticMethod("build")));

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule everyClassHasANameOfItsOwn =
      noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Common|Base)");

  private static DescribedPredicate<JavaClass> staticMethod(String name) {
    return DescribedPredicate.describe(
        "a static method " + name,
        type ->
            type.getMethods().stream()
                .anyMatch(
                    method ->
                        method.getName().equals(name)
                            && method.getModifiers().contains(STATIC)
                            && !method.getModifiers().contains(PRIVATE)));
  }
}
