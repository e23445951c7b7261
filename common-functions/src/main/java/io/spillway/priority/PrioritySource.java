package io.spillway.priority;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceReaderFactory;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.function.SerializableFunction;

/**
 * A source that reads what matters most first. One ordinary source over several queues (topics) has
 * no order between them, so a critical event waits behind the whole backlog of the others. This one
 * holds one reader per level of priority inside each source reader and asks them in order of
 * importance, record by record; {@link PollOrder} keeps a floor so that no level starves.
 *
 * <p>Splits are discovered, assigned, serialized and restored by one ordinary source over all
 * queues, so a savepoint of that source and of this one hold the same state. A split goes to the
 * reader of its level.
 *
 * <p><b>Watermarks.</b> Every split keeps its own output, so the watermark of the source is the
 * least of all splits that are not idle: while a lower level has a backlog, event time stands where
 * that backlog is being read, and event-time windows over all levels wait for it. What must be fast
 * must therefore not wait for event time; or it needs a source of its own (isolated lanes).
 * Idleness measures how long a split gave nothing, also where that was because it was not asked:
 * set it well above the time in which the floor reads one fetch of every lower split, or leave it
 * off, else the backlog comes out late. Watermark alignment does not belong here at all: it pauses
 * the levels that are ahead, which are the important ones.
 *
 * @param <T> what is read
 * @param <SplitT> the splits of the source over all queues
 * @param <EnumT> the checkpoint of its enumerator
 */
public final class PrioritySource<T, SplitT extends SourceSplit, EnumT>
    implements Source<T, SplitT, EnumT>, ResultTypeQueryable<T> {
  private static final long serialVersionUID = 1L;

  private final Source<T, SplitT, EnumT> all;
  private final ArrayList<Level<T, SplitT>> levels;
  private final SerializableFunction<SplitT, Integer> levelOf;
  private final int floor;

  /**
   * One level of priority.
   *
   * @param name label of its metrics
   * @param readers makes the reader of its splits; readers of different levels live in one task, so
   *     client ids and the like must differ between levels
   */
  public record Level<T, SplitT extends SourceSplit>(
      String name, SourceReaderFactory<T, SplitT> readers) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Level {
      Objects.requireNonNull(name);
      Objects.requireNonNull(readers);
    }
  }

  /**
   * @param all the source over all queues: discovers and serializes splits, creates no reader
   * @param levels most important first; names are unique
   * @param levelOf the index in {@code levels} of the level that a split belongs to
   * @param floor of this many records at least one is of a lower level that has any; 2 or more
   */
  public PrioritySource(
      Source<T, SplitT, EnumT> all,
      List<Level<T, SplitT>> levels,
      SerializableFunction<SplitT, Integer> levelOf,
      int floor) {
    this.all = Objects.requireNonNull(all);
    this.levels = new ArrayList<>(levels);
    this.levelOf = Objects.requireNonNull(levelOf);
    this.floor = floor;
    new PollOrder(levels.size(), floor);
    Set<String> names = new HashSet<>();
    for (Level<T, SplitT> level : levels) {
      if (!names.add(level.name())) {
        throw new IllegalArgumentException("two levels are called '" + level.name() + "'");
      }
    }
  }

  @Override
  public SourceReader<T, SplitT> createReader(SourceReaderContext context) throws Exception {
    LevelContexts contexts = new LevelContexts(context);
    List<SourceReader<T, SplitT>> readers = new ArrayList<>(levels.size());
    try {
      for (Level<T, SplitT> level : levels) {
        readers.add(level.readers().createReader(contexts.of(level.name())));
      }
    } catch (Exception e) {
      IOUtils.closeAllQuietly(readers);
      throw e;
    }
    return new PrioritySourceReader<>(readers, levelOf, new PollOrder(levels.size(), floor));
  }

  @Override
  public Boundedness getBoundedness() {
    return all.getBoundedness();
  }

  @Override
  public SplitEnumerator<SplitT, EnumT> createEnumerator(SplitEnumeratorContext<SplitT> context)
      throws Exception {
    return all.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<SplitT, EnumT> restoreEnumerator(
      SplitEnumeratorContext<SplitT> context, EnumT checkpoint) throws Exception {
    return all.restoreEnumerator(context, checkpoint);
  }

  @Override
  public SimpleVersionedSerializer<SplitT> getSplitSerializer() {
    return all.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<EnumT> getEnumeratorCheckpointSerializer() {
    return all.getEnumeratorCheckpointSerializer();
  }

  @Override
  @SuppressWarnings("unchecked") // a source that says what it produces says so of its records
  public TypeInformation<T> getProducedType() {
    if (all instanceof ResultTypeQueryable<?> typed) {
      return (TypeInformation<T>) typed.getProducedType();
    }
    throw new IllegalStateException(
        "%s does not say which type it produces: give the type to fromSource(..)"
            .formatted(all.getClass().getName()));
  }
}
