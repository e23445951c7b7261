package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What earlier runs of a job have left to start from: checkpoints that Flink retained when the
 * JobManager died or the job was cancelled, and savepoints. Flink names both after the id a run
 * had, so this remembers which ids a job was submitted under.
 *
 * @param submitted file with a line {@code JOB ID} for each submission
 * @param checkpoints folder of {@code execution.checkpointing.dir}
 * @param savepoints folder of {@code execution.checkpointing.savepoint-dir}
 */
record RetainedState(Path submitted, Path checkpoints, Path savepoints) {
  /** Flink writes it last: with it a checkpoint is whole. */
  private static final String METADATA = "_metadata";

  /** As many characters of the id are in the name of a savepoint. */
  private static final int ID_IN_SAVEPOINT = 6;

  void remember(JobName job, String id) {
    try {
      Files.createDirectories(submitted.getParent());
      Files.writeString(
          submitted,
          job.shortName() + " " + id + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The last complete checkpoint or savepoint of any run of this job.
   *
   * @throws SandboxException if there is none
   */
  Path latest(JobName job) {
    List<Path> candidates = new ArrayList<>();
    for (String id : ids(job)) {
      candidates.addAll(children(checkpoints.resolve(id)));
      children(savepoints).stream()
          .filter(s -> name(s).startsWith("savepoint-" + id.substring(0, ID_IN_SAVEPOINT)))
          .forEach(candidates::add);
    }
    Optional<Path> latest =
        candidates.stream()
            .filter(candidate -> Files.exists(candidate.resolve(METADATA)))
            .max(Comparator.comparing(RetainedState::completed));
    return latest.orElseThrow(
        () ->
            SandboxException.wrongUse(
                "no run of job %s has left a complete checkpoint or savepoint in %s or %s: start it without --from-latest"
                    .formatted(job.shortName(), checkpoints, savepoints)));
  }

  /** The ids of all runs of this job. */
  List<String> ids(JobName job) {
    if (!Files.exists(submitted)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(submitted, StandardCharsets.UTF_8)) {
      return lines
          .map(line -> line.split(" "))
          .filter(words -> words.length == 2 && words[0].equals(job.shortName()))
          .map(words -> words[1])
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime completed(Path state) {
    try {
      return Files.getLastModifiedTime(state.resolve(METADATA));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
