package dev.weft.desktop.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of one connection. One thread takes what an end sends, no faster than the rate; the
 * other gives it to the other end, no sooner than the latency, in the same order. Not thread-safe
 * but for these two.
 *
 * <p>What is between the two is bounded: if it is full, no more is taken, and TCP holds back who
 * sends. An end of the stream, or of the whole connection, takes as long as all else.
 */
final class Flow {
  /** Twice what the fastest of the slow rates sends within the longest latency, and more. */
  static final int MOST_UNDER_WAY_BYTES = 1 << 20;

  /** What a piece takes beside its bytes: else very many tiny ones would. */
  private static final int PIECE_OVERHEAD_BYTES = 64;

  private final Socket from;
  private final Socket to;
  private final Conditions conditions;
  private final ReentrantLock lane;
  private final Semaphore room = new Semaphore(MOST_UNDER_WAY_BYTES);
  private final BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>();

  /**
   * Creates a flow.
   *
   * @param lane is held while a piece is being sent: those who share it share the rate
   */
  Flow(Socket from, Socket to, Conditions conditions, ReentrantLock lane) {
    this.from = from;
    this.to = to;
    this.conditions = conditions;
    this.lane = lane;
  }

  /** Takes what comes until there is no more. */
  void take() throws InterruptedException {
    byte[] buffer = new byte[conditions.pieceBytes()];
    try {
      InputStream in = from.getInputStream();
      int read = 0;
      while (read >= 0) {
        conditions.awaitPassing();
        int most = conditions.pieceBytes();
        buffer = buffer.length < most ? new byte[most] : buffer;
        read = in.read(buffer, 0, most);
        if (read > 0) {
          send(Arrays.copyOf(buffer, read));
        }
      }
      put(new Piece(Kind.END, new byte[0], System.nanoTime()));
    } catch (IOException e) {
      // The end that sends is gone; the other one learns of it when the news arrive there.
      put(new Piece(Kind.RESET, new byte[0], System.nanoTime()));
    }
  }

  private void send(byte[] bytes) throws InterruptedException {
    lane.lockInterruptibly();
    try {
      conditions.awaitSent(bytes.length);
    } finally {
      lane.unlock();
    }
    put(new Piece(Kind.BYTES, bytes, System.nanoTime()));
  }

  private void put(Piece piece) throws InterruptedException {
    room.acquire(piece.size());
    underWay.add(piece);
  }

  /**
   * Gives on what was taken, when its time has come. Returns when that was the end of the stream.
   *
   * @throws IOException if the whole connection has ended, or the end that this gives to is gone
   */
  void give() throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    while (true) {
      Piece piece = underWay.take();
      conditions.awaitArrival(piece.sentNanos);
      switch (piece.kind) {
        case BYTES -> write(out, piece.bytes);
        case END -> {
          to.shutdownOutput();
          return;
        }
        case RESET -> throw new IOException("the end that sends is gone");
      }
      room.release(piece.size());
    }
  }

  private void write(OutputStream out, byte[] bytes) throws IOException, InterruptedException {
    try {
      out.write(bytes);
    } catch (IOException e) {
      // It takes as long until the end that sends learns that the other is gone.
      conditions.awaitArrival(System.nanoTime());
      throw e;
    }
  }

  private enum Kind {
    BYTES,
    END,
    RESET
  }

  /**
   * What is on its way.
   *
   * @param bytes none but for {@link Kind#BYTES}
   * @param sentNanos when the last of it was sent
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, written once.
  private record Piece(Kind kind, byte[] bytes, long sentNanos) {
    int size() {
      return bytes.length + PIECE_OVERHEAD_BYTES;
    }
  }
}
