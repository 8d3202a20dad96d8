package dev.weft.store;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a stored record is checked: by the CRC32C of its bytes together with what it is found by, so
 * that a record under a wrong key is as wrong as one with wrong bytes. Stateless.
 */
final class StoredRecord {
  private static final byte[] NO_BYTES = {};

  private StoredRecord() {}

  /** Reads bytes; of a damaged row they may be missing, and then no checksum is theirs. */
  static byte[] bytes(ResultSet rows, int column) throws SQLException {
    byte[] bytes = rows.getBytes(column);
    return bytes == null ? NO_BYTES : bytes;
  }

  /** Reads a name; of a damaged row it may be missing, and then no document or save has it. */
  static String name(ResultSet rows, int column) throws SQLException {
    String name = rows.getString(column);
    return name == null ? "" : name;
  }

  /** Returns the checksum of a row of changes. */
  static int checksum(DocumentId document, ReplicaId replica, long start, long end, byte[] bytes) {
    ByteBuffer key = ByteBuffer.allocate(3 * Long.BYTES);
    key.putLong(replica.bits()).putLong(start).putLong(end).flip();
    return checksum(document, key, bytes);
  }

  /** Returns the checksum of a record that is found by its document and its name. */
  static int checksum(DocumentId document, String name, byte[] bytes) {
    return checksum(document, ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), bytes);
  }

  private static int checksum(DocumentId document, ByteBuffer key, byte[] bytes) {
    CRC32C crc = new CRC32C();
    byte[] name = document.value().getBytes(StandardCharsets.US_ASCII);
    // With the lengths, so that no two different records feed the same bytes.
    crc.update(name.length);
    crc.update(name);
    crc.update(key.remaining());
    crc.update(key);
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * Returns bytes that were read, once they are known to be those that were written.
   *
   * @throws StoreDamagedException if they are not
   */
  static byte[] verified(DocumentId document, String name, byte[] bytes, int checksum) {
    if (checksum(document, name, bytes) != checksum) {
      throw damaged(document, name, null);
    }
    return bytes;
  }

  /**
   * Reads a version vector.
   *
   * @throws StoreDamagedException if the bytes are not those that were written
   */
  static VersionVector vector(DocumentId document, String name, byte[] bytes, int checksum) {
    try {
      return VersionVector.parse(verified(document, name, bytes, checksum));
    } catch (MalformedUpdateException e) {
      throw damaged(document, name, e);
    }
  }

  private static StoreDamagedException damaged(
      DocumentId document, String name, @Nullable Throwable cause) {
    return new StoreDamagedException(
        "document " + document + ": the stored " + name + " is damaged and was left as it is",
        cause);
  }
}
