package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedStateTest {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

  @TempDir private Path folder;
  private RetainedState state;

  @BeforeEach
  void create() {
    state =
        new RetainedState(
            folder.resolve("run").resolve("submitted"),
            folder.resolve("checkpoints"),
            folder.resolve("savepoints"));
  }

  @Test
  void takesTheNewestCheckpointOfAllRunsOfTheJob() throws IOException {
    state.remember(JobName.IOT, FIRST);
    state.remember(JobName.IOT, SECOND);
    complete("checkpoints/" + FIRST + "/chk-8", 2);
    Path newest = complete("checkpoints/" + SECOND + "/chk-3", 3);
    complete("checkpoints/" + SECOND + "/chk-2", 1);
    assertThat(state.latest(JobName.IOT)).isEqualTo(newest);
  }

  @Test
  void takesASavepointThatIsNewerThanEveryCheckpoint() throws IOException {
    state.remember(JobName.IOT, FIRST);
    complete("checkpoints/" + FIRST + "/chk-8", 2);
    Path savepoint = complete("savepoints/savepoint-aaaaaa-0123456789ab", 3);
    complete("savepoints/savepoint-cccccc-0123456789ab", 4);
    assertThat(state.latest(JobName.IOT)).isEqualTo(savepoint);
  }

  @Test
  void passesOverACheckpointThatWasNotCompleted() throws IOException {
    state.remember(JobName.IOT, FIRST);
    Path whole = complete("checkpoints/" + FIRST + "/chk-8", 2);
    Files.createDirectories(folder.resolve("checkpoints/" + FIRST + "/chk-9"));
    assertThat(state.latest(JobName.IOT)).isEqualTo(whole);
  }

  @Test
  void doesNotTakeTheStateOfAnotherJob() throws IOException {
    state.remember(JobName.REPLAY, FIRST);
    complete("checkpoints/" + FIRST + "/chk-8", 2);
    assertThatThrownBy(() -> state.latest(JobName.IOT))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("job iot")
        .hasMessageContaining("without --from-latest");
  }

  @Test
  void saysSoWhereNothingWasEverSubmitted() {
    assertThatThrownBy(() -> state.latest(JobName.IOT)).isInstanceOf(SandboxException.class);
  }

  private Path complete(String name, int second) throws IOException {
    Path path = Files.createDirectories(folder.resolve(name));
    Path metadata = Files.createFile(path.resolve("_metadata"));
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(second * 1000L));
    return path;
  }
}
