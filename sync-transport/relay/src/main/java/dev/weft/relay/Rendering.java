package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A version of a text in bytes, held by all who are being given it, and gone with the last of them.
 * Thread-safe.
 */
final class Rendering {
  final VersionVector version;
  private final ReaderBudget budget;
  private final int size;

  // Guarded by this.
  private byte @Nullable [] bytes;
  private int holders = 1;

  /**
   * Creates a rendering that its maker holds.
   *
   * @throws RefusedException if there is no room for it
   */
  Rendering(VersionVector version, byte[] bytes, ReaderBudget budget) throws RefusedException {
    budget.take(bytes.length);
    this.version = version;
    this.budget = budget;
    this.size = bytes.length;
    this.bytes = bytes;
  }

  int size() {
    return size;
  }

  /** Holds it once more; returns false if it is gone. */
  synchronized boolean hold() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Returns the bytes, for one who holds it. */
  synchronized ByteBuffer view() {
    if (bytes == null) {
      throw new AssertionError("nobody holds the rendering of " + version);
    }
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** One who has held it does so no more. */
  void letGo() {
    synchronized (this) {
      holders--;
      if (holders > 0) {
        return;
      }
      bytes = null;
    }
    budget.giveBack(size);
  }
}
