package dev.weft.desktop;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * The relay of a demonstration, which can be killed and started again while editors use it.
 * Thread-safe.
 */
public interface DemoRelay {
  /** Returns where clients connect, which stays the same: {@code ws://host:port/path}. */
  URI uri();

  /**
   * Starts it, with what it has stored, at the same address. Returns when clients can connect.
   *
   * @throws IOException if it does not start, with the reason as a sentence
   * @throws IllegalStateException if it runs
   */
  void start() throws IOException;

  /**
   * Ends it as rudely as {@code kill -9} does: it can store and say nothing more. Returns when it
   * has ended, if it ran.
   */
  void kill();

  /** Returns what completes when the relay that was started last has ended, for whatever reason. */
  CompletableFuture<?> ended();

  /** Returns whether the relay that was started last has not ended. */
  default boolean isRunning() {
    return !ended().isDone();
  }
}
