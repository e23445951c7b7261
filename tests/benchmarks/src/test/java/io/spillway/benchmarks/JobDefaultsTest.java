package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.Settings;
import io.spillway.jobs.IotOptions;
import io.spillway.jobs.TransactionOptions;
import io.spillway.jobs.VideoOptions;
import io.spillway.sandbox.cluster.JobName;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command line says of jobs that it does not load, against the jobs. */
class JobDefaultsTest {
  static Stream<Arguments> jobs() {
    return Stream.of(
        Arguments.of(JobName.IOT, IotOptions.OPTIONS),
        Arguments.of(JobName.TRANSACTIONS, TransactionOptions.OPTIONS),
        Arguments.of(JobName.VIDEO, VideoOptions.OPTIONS));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aPolicyIsCheckedAgainstTheDefaultsThatTheJobHas(
      JobName name, Collection<ConfigOption<?>> options) {
    assertThat(
            AdmissionOptions.from(Settings.of(name.admissionDefaults(), AdmissionOptions.OPTIONS)))
        .isEqualTo(AdmissionOptions.from(Settings.of(Map.of(), options)));
  }
}
