package dev.weft.relay;

import java.time.Duration;

/**
 * How long documents may wait for a worker, and how much may wait for the store, before the relay
 * leaves out what matters least. Immutable.
 *
 * @param presence how long documents wait, on average, when presence is left out
 * @param keystrokes when clients are asked to gather keystrokes longer
 * @param openings when no more documents are opened
 * @param unwrittenBytes how many bytes of all documents' changes may wait for the store; with half
 *     of it clients are asked to gather keystrokes, with all of it no more is taken in
 * @param documentBytes how much memory open documents may take, estimated
 */
record LoadBounds(
    Duration presence,
    Duration keystrokes,
    Duration openings,
    long unwrittenBytes,
    long documentBytes) {
  static final LoadBounds DEFAULT =
      new LoadBounds(
          Duration.ofMillis(10),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8),
          Runtime.getRuntime().maxMemory() / 2);
}
