package dev.weft.cluster;

import dev.weft.crdt.ReplicaId;
import dev.weft.store.DocumentId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * How a stored row is checked: by the CRC32C of its bytes together with what it is found by, so
 * that a row under a wrong key is as wrong as one with wrong bytes. Stateless.
 */
final class RowChecksum {
  private RowChecksum() {}

  /** Returns the checksum of a row of changes. */
  static int ofChanges(DocumentId document, ReplicaId replica, long start, long end, byte[] bytes) {
    ByteBuffer key = ByteBuffer.allocate(3 * Long.BYTES);
    key.putLong(replica.bits()).putLong(start).putLong(end).flip();
    return of(document, key, bytes);
  }

  /** Returns the checksum of bytes that are found by their document and their name. */
  static int ofNamed(DocumentId document, String name, byte[] bytes) {
    return of(document, ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)), bytes);
  }

  private static int of(DocumentId document, ByteBuffer key, byte[] bytes) {
    CRC32C crc = new CRC32C();
    byte[] name = document.value().getBytes(StandardCharsets.US_ASCII);
    // With the lengths, so that no two different rows feed the same bytes.
    crc.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(name.length).putInt(key.remaining()).flip());
    crc.update(name);
    crc.update(key);
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
