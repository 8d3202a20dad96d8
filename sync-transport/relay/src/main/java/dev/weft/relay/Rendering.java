package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A version of a text in bytes, held by all who are being given it. When the last of them has it,
 * it is gone, or at first spare: there for who comes next, unless its room is needed. Thread-safe.
 */
final class Rendering {
  final VersionVector version;
  private final ReaderBudget budget;
  private final int size;

  // Guarded by the budget, which takes away what is spare.
  private byte @Nullable [] bytes;
  private int holders = 1;
  private boolean kept = true;

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
  boolean hold() {
    synchronized (budget) {
      if (bytes == null) {
        return false;
      }
      if (holders == 0) {
        budget.useSpare(this);
      }
      holders++;
      return true;
    }
  }

  /** Returns the bytes, for one who holds it. */
  ByteBuffer view() {
    synchronized (budget) {
      if (bytes == null) {
        throw new AssertionError("nobody holds the rendering of " + version);
      }
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
  }

  /** One who has held it does so no more. */
  void letGo() {
    synchronized (budget) {
      holders--;
      if (holders == 0 && !(kept && budget.spare(this))) {
        bytes = null;
        budget.giveBack(size);
      }
    }
  }

  /** It is there no longer than somebody holds it. */
  void forget() {
    synchronized (budget) {
      kept = false;
      if (holders == 0 && bytes != null) {
        budget.dropSpare(this);
      }
    }
  }

  /** The budget needs the room of it while it is spare, or it is forgotten. */
  void dropped() {
    synchronized (budget) {
      bytes = null;
    }
  }
}
