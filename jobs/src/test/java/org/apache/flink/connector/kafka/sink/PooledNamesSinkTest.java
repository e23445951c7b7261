package org.apache.flink.connector.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;

class PooledNamesSinkTest {
  @Test
  void knowsWhereTheConnectorKeepsItsClient() throws ReflectiveOperationException {
    assertThat(ExactlyOnceKafkaWriter.class.getDeclaredField(PooledNamesSink.FIELD).getType())
        .matches(Admin.class::isAssignableFrom, "an admin client");
  }

  @Test
  void leavesNoClientAndNoThreadBehindOnceAWriterStands() {
    String id = "pooled-" + UUID.randomUUID();
    WithClient writer =
        new WithClient(
            Admin.create(
                Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    "localhost:1",
                    AdminClientConfig.CLIENT_ID_CONFIG,
                    id)));
    assertThat(threadsOf(id)).isOne();

    assertThat(PooledNamesSink.closeAdminClient(writer, WithClient.class)).isTrue();

    assertThat(threadsOf(id)).isZero();
    assertThat(writer.adminClient).as("the writer would make itself another").isNull();
  }

  @Test
  void hasNothingToCloseWhereAWriterNeededNoClient() {
    assertThat(PooledNamesSink.closeAdminClient(new WithClient(null), WithClient.class)).isTrue();
  }

  @Test
  void leavesAWriterAsItIsThatKeepsItsClientElsewhere() {
    assertThat(PooledNamesSink.closeAdminClient(new Writer(), Writer.class)).isFalse();
  }

  private static long threadsOf(String id) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains(id))
        .count();
  }

  private static class Writer implements SinkWriter<String> {
    @Override
    public void write(String element, Context context) {}

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public void close() {}
  }

  private static final class WithClient extends Writer {
    private Admin adminClient;

    WithClient(Admin adminClient) {
      this.adminClient = adminClient;
    }
  }
}
