package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How much memory that takes which is being given to slow readers, of all documents together: texts
 * to those who only read, or answers to those who poll. What of it nobody uses may have the room
 * that is left, and makes way. Thread-safe.
 */
final class ReaderBudget {
  private final long maxBytes;

  // Guarded by this.
  private final Set<Rendering> spares = new LinkedHashSet<>();
  private long spareBytes;
  private long used;

  /**
   * Creates a budget of which nothing is used.
   *
   * @param maxBytes how much there may be; the first is let in however long it is
   */
  ReaderBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Requires that there is room for more, and makes it where something is spare.
   *
   * @throws RefusedException if there is not
   */
  synchronized void require(long bytes) throws RefusedException {
    if (used > 0 && used + bytes > maxBytes) {
      throw new RefusedException(
          Refusal.forNow(
              Codes.OVERLOADED, "The relay is giving too much to those who read slowly.", 5_000));
    }
    while (!spares.isEmpty() && used + spareBytes + bytes > maxBytes) {
      dropSpare(spares.iterator().next());
    }
  }

  /**
   * Counts more in.
   *
   * @throws RefusedException if there is no room for it
   */
  synchronized void take(long bytes) throws RefusedException {
    require(bytes);
    used += bytes;
  }

  /** Counts out what was counted in. */
  synchronized void giveBack(long bytes) {
    used -= bytes;
  }

  /** Returns how much is used, without what is spare. */
  synchronized long used() {
    return used;
  }

  /** Returns how much is spare. */
  synchronized long spareBytes() {
    return spareBytes;
  }

  /** Nobody uses a rendering any more: keeps it if there is room, and returns whether it does. */
  synchronized boolean spare(Rendering rendering) {
    if (used + spareBytes > maxBytes) {
      return false;
    }
    used -= rendering.size();
    spareBytes += rendering.size();
    spares.add(rendering);
    return true;
  }

  /** Somebody uses a spare rendering again. */
  synchronized void useSpare(Rendering rendering) {
    remove(rendering);
    used += rendering.size();
  }

  /** Lets a spare rendering go. */
  synchronized void dropSpare(Rendering rendering) {
    remove(rendering);
    rendering.dropped();
  }

  private void remove(Rendering rendering) {
    if (!spares.remove(rendering)) {
      throw new AssertionError("not spare: the rendering of " + rendering.version);
    }
    spareBytes -= rendering.size();
  }
}
