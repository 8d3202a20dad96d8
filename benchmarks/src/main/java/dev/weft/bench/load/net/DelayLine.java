package dev.weft.bench.load.net;

import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way: each piece comes out in its turn, so long after it went in as the network
 * takes. Confined to one thread.
 */
final class DelayLine<T> {
  private final Network network;
  private final Random random;
  private final ArrayDeque<Piece<T>> pieces = new ArrayDeque<>();
  private long lastNanos;
  private boolean used;

  DelayLine(Network network, Random random) {
    this.network = network;
    this.random = random;
  }

  private record Piece<T>(long dueNanos, T content) {}

  /** Puts something in, and returns when it comes out. */
  long add(T content, long nowNanos) {
    long due = nowNanos + network.latencyNanos();
    if (network.jitterNanos() > 0) {
      due += (long) (random.nextDouble() * network.jitterNanos());
    }
    if (used && lastNanos - due > 0) {
      due = lastNanos;
    }
    used = true;
    lastNanos = due;
    pieces.add(new Piece<>(due, content));
    return due;
  }

  /** Takes out what has come through, null if nothing has. */
  @Nullable T poll(long nowNanos) {
    Piece<T> first = pieces.peek();
    if (first == null || first.dueNanos - nowNanos > 0) {
      return null;
    }
    pieces.remove();
    return first.content;
  }
}
