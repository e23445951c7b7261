package io.spillway.sandbox.report;

import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Where reports are kept: one file for each run, named by its time, and {@code NAME-latest.html}
 * with the same content.
 */
public final class ReportFiles {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path directory;

  private ReportFiles(Path directory) {
    this.directory = directory;
  }

  public static ReportFiles in(Path directory) {
    return new ReportFiles(directory);
  }

  /** Keeps this page; returns the file that will not be overwritten. */
  public Path write(String name, String html) {
    Path page = directory.resolve(name + "-" + STAMP.format(LocalDateTime.now()) + ".html");
    write(page, html);
    write(directory.resolve(name + "-latest.html"), html);
    return page;
  }

  /** Writes a file, and the directories above it. */
  public static void write(Path file, String content) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      Files.writeString(file, content);
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  /**
   * Finds out before minutes of work, not after, whether this file can be written; null is fine.
   */
  public static void requireWritable(Path file) {
    if (file == null) {
      return;
    }
    Path existing = file.toAbsolutePath();
    if (Files.isDirectory(existing)) {
      throw SandboxException.wrongUse("%s is a directory: name a file".formatted(file));
    }
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      throw SandboxException.wrongUse(
          "%s cannot be written: %s is read-only".formatted(file, existing));
    }
  }
}
