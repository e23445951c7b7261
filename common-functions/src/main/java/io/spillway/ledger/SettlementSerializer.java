package io.spillway.ledger;

import io.spillway.config.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.roaringbitmap.RoaringBitmap;

/** State and network format of a {@link Settlement}: that of the ledger. They are few. */
public final class SettlementSerializer extends ImmutableSerializer<Settlement> {
  public static final SettlementSerializer INSTANCE = new SettlementSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  public Settlement createInstance() {
    return new Settlement("", 0, 0, 0, "", Settlement.Kind.REPLAYED, "", new RoaringBitmap());
  }

  @Override
  public void serialize(Settlement settlement, DataOutputView target) throws IOException {
    byte[] json = LedgerJson.write(settlement);
    target.writeInt(json.length);
    target.write(json);
  }

  @Override
  public Settlement deserialize(DataInputView source) throws IOException {
    byte[] json = new byte[source.readInt()];
    source.readFully(json);
    if (LedgerJson.readAny(json) instanceof Settlement settlement) {
      return settlement;
    }
    throw new IOException("not a settlement");
  }

  @Override
  public TypeSerializerSnapshot<Settlement> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint remembers of this serializer: its class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Settlement> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
