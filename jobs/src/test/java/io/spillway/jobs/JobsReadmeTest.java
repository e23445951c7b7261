package io.spillway.jobs;

import io.spillway.enrichment.EnrichmentOptions;
import io.spillway.jobs.load.LoadOptions;
import io.spillway.jobs.replay.ReplayOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobsReadmeTest {
  private static final Path README = Path.of("README.md");

  @Test
  void listsEverySettingOfTheIotJob() throws IOException {
    Golden.assertSection(
        README, "settings of IotIngestionJob", SettingsTable.of(IotOptions.OPTIONS));
  }

  @Test
  void listsEverySettingOfTheTransactionJob() throws IOException {
    Golden.assertSection(
        README, "settings of TransactionJob", SettingsTable.of(TransactionOptions.OPTIONS));
  }

  @Test
  void theReadmeOfTheLibraryListsEverySettingOfEnrichment() throws IOException {
    Golden.assertSection(
        Path.of("../common-functions/README.md"),
        "settings of enrichment",
        SettingsTable.of(EnrichmentOptions.OPTIONS));
  }

  @Test
  void listsEverySettingOfTheVideoJob() throws IOException {
    Golden.assertSection(README, "settings of VideoQoeJob", SettingsTable.of(VideoOptions.OPTIONS));
  }

  @Test
  void listsEverySettingOfTheLoadGenerator() throws IOException {
    Golden.assertSection(
        README, "settings of LoadGeneratorJob", SettingsTable.of(LoadOptions.OPTIONS));
  }

  @Test
  void listsEverySettingOfTheWebhookJob() throws IOException {
    Golden.assertSection(README, "settings of WebhookJob", SettingsTable.of(WebhookJob.OPTIONS));
  }

  @Test
  void listsEverySettingOfTheReplayBeyondThoseOfTheIotJob() throws IOException {
    Golden.assertSection(README, "settings of ReplayJob", SettingsTable.of(ReplayOptions.OPTIONS));
  }
}
