package dev.weft.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what is written to it, each piece a constant time after it was written. What is under
 * way stands in a queue, so the time takes no bandwidth: whoever writes goes on at once, and waits
 * only where more is under way than a long and wide link holds. Written to by one thread.
 */
final class LateOutput extends OutputStream {
  private static final int MAX_PIECES_UNDER_WAY = 1 << 14;
  private static final Piece END = new Piece(new byte[0], 0);

  private final OutputStream out;
  private final long delayNanos;
  private final BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(MAX_PIECES_UNDER_WAY);
  private final Thread carrier = new Thread(this::carry, "late-output");
  private volatile @Nullable IOException failure;

  private LateOutput(OutputStream out, long delayNanos) {
    this.out = out;
    this.delayNanos = delayNanos;
  }

  /** Returns a stream that passes on to {@code out}, and closes that with itself. */
  static LateOutput to(OutputStream out, long delayNanos) {
    LateOutput late = new LateOutput(out, delayNanos);
    late.carrier.setDaemon(true);
    late.carrier.start();
    return late;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    IOException failed = failure;
    if (failed != null) {
      throw new IOException("what was written before did not arrive", failed);
    }
    put(
        new Piece(
            Arrays.copyOfRange(bytes, offset, offset + length), System.nanoTime() + delayNanos));
  }

  /** Ends when all that is under way has arrived, or is lost because the stream is closed. */
  @Override
  public void close() throws IOException {
    put(END);
    try {
      carrier.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    out.close();
  }

  private void put(Piece piece) throws IOException {
    try {
      underWay.put(piece);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException();
  }

  private void carry() {
    try {
      for (Piece piece = underWay.take(); piece != END; piece = underWay.take()) {
        // Once one is lost the rest is taken and lost, so that nobody waits for room.
        if (failure == null) {
          deliver(piece);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private void deliver(Piece piece) {
    for (long left = piece.left(); left > 0; left = piece.left()) {
      LockSupport.parkNanos(left);
    }
    try {
      out.write(piece.bytes);
      out.flush();
    } catch (IOException e) {
      failure = e;
    }
  }

  private static final class Piece {
    final byte[] bytes;
    final long dueNanos;

    Piece(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }

    long left() {
      return dueNanos - System.nanoTime();
    }
  }
}
