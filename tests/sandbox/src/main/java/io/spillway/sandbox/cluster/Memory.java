package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** Memory of this machine, in MiB, from {@code /proc/meminfo}; unknown on systems without it. */
final class Memory {
  private Memory() {}

  static OptionalLong availableMib() {
    try {
      return availableMib(Files.readString(Path.of("/proc/meminfo")));
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong availableMib(String meminfo) {
    return meminfo
        .lines()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst();
  }

  /**
   * Refuses to start processes that would not fit.
   *
   * @throws SandboxException if it is known that less is available than needed
   */
  static void require(long neededMib, OptionalLong availableMib) {
    if (availableMib.isPresent() && availableMib.getAsLong() < neededMib) {
      throw SandboxException.wrongUse(
          "too little memory: the cluster needs %d MiB and %d MiB are available; stop other programs"
                  .formatted(neededMib, availableMib.getAsLong())
              + ", or start fewer TaskManagers with --task-managers 1");
    }
  }

  /** A Flink memory size ({@code 768m}, {@code 1g}) in MiB. */
  static long mib(String size) {
    String text = size.strip().toLowerCase(Locale.ROOT);
    long number = Long.parseLong(text.replaceAll("[^0-9]", ""));
    return switch (text.replaceAll("[0-9 ]", "")) {
      case "g", "gb", "gibibytes" -> number * 1024;
      case "m", "mb", "mebibytes" -> number;
      case "k", "kb", "kibibytes" -> number / 1024;
      default ->
          throw SandboxException.wrongUse("memory size '%s': write 768m or 1g".formatted(size));
    };
  }
}
