package dev.weft.relay;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import java.nio.ByteBuffer;

/** Vectors of replicas that nobody has. */
final class Vectors {
  static final long FIRST_REPLICA = 0x7777_0000_0000_0000L;

  private Vectors() {}

  /** Returns one that names so many replicas, of an event each. */
  static VersionVector ofReplicas(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(5 + 9 * count);
    int rest = count;
    while (rest > 0x7f) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
    for (int i = 0; i < count; i++) {
      bytes.putLong(FIRST_REPLICA + i).put((byte) 1);
    }
    byte[] exact = new byte[bytes.position()];
    bytes.flip().get(exact);
    try {
      return VersionVector.parse(exact);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }
}
