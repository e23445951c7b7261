package io.spillway.jobs.load;

import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes Kafka records of event numbers, in the sink's own thread: nothing bigger travels to it. */
public final class LoadSerializer implements KafkaRecordSerializationSchema<Long> {
  private static final long serialVersionUID = 1L;

  private final LoadOptions options;
  private transient IotEvents events;

  public LoadSerializer(LoadOptions options) {
    this.options = options;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    events = new IotEvents(options);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Long event, KafkaSinkContext context, Long dueMillis) {
    return events.record(event, dueMillis);
  }
}
