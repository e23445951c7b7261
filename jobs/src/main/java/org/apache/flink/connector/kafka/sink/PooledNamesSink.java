package org.apache.flink.connector.kafka.sink;

import java.io.Serial;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.time.Duration;
import java.util.Collection;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka sink whose transactions take their names from a pool, less what the connector leaves
 * behind: to find the transactions of a former run a writer makes an admin client when it starts,
 * and nothing ever closes it. Each start of a sink so costs a thread, a connection and, after the
 * job has ended, the job's class loader. Here the client is closed as soon as the writer has
 * started, or has failed to: it is used for nothing else.
 *
 * <p>In all else it is the connector's sink; names, state and committables are the same, so a
 * savepoint fits with it and without it. It is in the connector's package because it has to get at
 * a writer that does not start. The client itself is in a private field: where a later version has
 * none of that name, this warns and closes nothing.
 *
 * @param <T> type of the results
 */
public final class PooledNamesSink<T> extends KafkaSink<T> {
  @Serial private static final long serialVersionUID = 1L;

  /** What the connector's writer calls its client. */
  static final String FIELD = "adminClient";

  private static final Logger LOG = LoggerFactory.getLogger(PooledNamesSink.class);
  private static final TransactionNamingStrategy NAMES = TransactionNamingStrategy.POOLING;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final KafkaRecordSerializationSchema<T> records;
  private final String prefix;

  private PooledNamesSink(
      Properties producer, String prefix, KafkaRecordSerializationSchema<T> records) {
    super(DeliveryGuarantee.EXACTLY_ONCE, producer, prefix, records, NAMES);
    this.records = records;
    this.prefix = prefix;
  }

  /**
   * The sink that this builder would build, exactly once and with names from a pool.
   *
   * @param prefix of the names of transactions
   */
  public static <T> PooledNamesSink<T> of(
      KafkaSinkBuilder<T> builder, String prefix, KafkaRecordSerializationSchema<T> records) {
    KafkaSink<T> checked =
        builder
            .setRecordSerializer(records)
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix(prefix)
            .setTransactionNamingStrategy(NAMES)
            .build();
    return new PooledNamesSink<>(checked.getKafkaProducerConfig(), prefix, records);
  }

  @Override
  public KafkaWriter<T> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> recovered) {
    KafkaWriter<T> writer =
        new ExactlyOnceKafkaWriter<>(
            DeliveryGuarantee.EXACTLY_ONCE,
            getKafkaProducerConfig(),
            prefix,
            context,
            records,
            context.asSerializationSchemaInitializationContext(),
            NAMES.getAbortImpl(),
            NAMES.getImpl(),
            recovered);
    try {
      writer.initialize();
    } finally {
      closeAdminClient(writer, ExactlyOnceKafkaWriter.class);
    }
    return writer;
  }

  /**
   * Closes the client of this writer, if it has one, and takes it away, so that the writer would
   * make itself another.
   *
   * @return whether the writer can be looked into at all
   */
  static boolean closeAdminClient(SinkWriter<?> writer, Class<?> type) {
    try {
      Field field = type.getDeclaredField(FIELD);
      field.setAccessible(true);
      if (field.get(writer) instanceof Admin client) {
        field.set(writer, null);
        client.close(CLOSING);
      }
      return true;
    } catch (NoSuchFieldException | IllegalAccessException | InaccessibleObjectException e) {
      LOG.warn(
          "{} has no field {}: a thread named kafka-admin-client-thread may stay behind each time a"
              + " sink starts; kafka.transaction-names = incrementing needs none",
          type.getName(),
          FIELD,
          e);
      return false;
    }
  }
}
