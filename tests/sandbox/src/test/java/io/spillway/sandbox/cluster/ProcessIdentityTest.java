package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
  private final ProcessIdentity self =
      ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

  @TempDir Path dir;

  @Test
  void aRunningProcessIsRecognisedFromItsFile() throws IOException {
    self.write(dir.resolve("run/self.pid"));

    ProcessIdentity read = ProcessIdentity.read(dir.resolve("run/self.pid")).orElseThrow();

    assertThat(read).isEqualTo(self);
    assertThat(read.isAlive()).isTrue();
    assertThat(read.since()).isPresent();
  }

  @Test
  void aNumberThatWasGivenToAnotherProcessIsNeverSignalled() {
    ProcessIdentity earlier = new ProcessIdentity(self.pid(), "another start");

    assertThat(earlier.isAlive()).isFalse();
    assertThat(earlier.handle()).isEmpty();
  }

  @Test
  void aFileWithoutSenseIsNoProcess() throws IOException {
    Files.writeString(dir.resolve("broken.pid"), "");

    assertThat(ProcessIdentity.read(dir.resolve("broken.pid"))).isEmpty();
    assertThat(ProcessIdentity.read(dir.resolve("absent.pid"))).isEmpty();
  }

  @Test
  void readsTheStartBehindANameWithBlanksAndBrackets() {
    String fields = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20";

    assertThat(ProcessIdentity.startTicks("42 (a b) c)" + fields)).contains("987654");
  }

  @Test
  void aZombieIsGoneWhenItsLastThreadIs() {
    String fields = " Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 %d 18 987654 20";

    assertThat(ProcessIdentity.startTicks("42 (java)" + fields.formatted(1))).isEmpty();
    assertThat(ProcessIdentity.startTicks("42 (java)" + fields.formatted(7))).contains("987654");
  }
}
