package dev.weft.bench.load.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A client of a server for Yjs. It opens the document, writes and counts; carets and saves, of
 * which one server or both know nothing, it does not say. Confined to the loop.
 */
final class YSpeaker implements Speaker {
  private static final int SYNC = 0;
  private static final int AUTH = 2;
  private static final int SYNC_REPLY = 4;
  private static final int STEP_1 = 0;
  private static final int STEP_2 = 1;
  private static final int UPDATE = 2;

  /** A vector, or an update, of nothing. */
  private static final byte[] NO_VECTOR = {0};

  private static final byte[] NO_UPDATE = {0, 0};

  private final String addressed;
  private final Edits edits;
  private final Ear ear;
  private final YText text;
  private final YUpdates updates = new YUpdates();
  private Consumer<byte[]> wire = YSpeaker::nowhere;

  /**
   * Creates a client.
   *
   * @param addressed the document, where each message names it; empty where none does
   */
  YSpeaker(String addressed, long writer, Edits edits, Ear ear) {
    this.addressed = addressed;
    this.edits = edits;
    this.ear = ear;
    this.text = new YText(writer);
  }

  private static void nowhere(byte[] message) {}

  @Override
  public void begin(Consumer<byte[]> newWire) {
    wire = newWire;
    if (!addressed.isEmpty()) {
      ByteArrayOutputStream out = message(AUTH);
      Lib0.writeNumber(out, 0);
      Lib0.writeText(out, "");
      wire.accept(out.toByteArray());
    }
    sync(STEP_1, NO_VECTOR);
  }

  private ByteArrayOutputStream message(int type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!addressed.isEmpty()) {
      Lib0.writeText(out, addressed);
    }
    Lib0.writeNumber(out, type);
    return out;
  }

  private void sync(int step, byte[] content) {
    ByteArrayOutputStream out = message(SYNC);
    Lib0.writeNumber(out, step);
    Lib0.writeBytes(out, content);
    wire.accept(out.toByteArray());
  }

  @Override
  public void type() {
    edits.next(text.length(), text::replace);
  }

  @Override
  public void sayEdits() {
    sync(UPDATE, text.takeUpdate());
  }

  @Override
  public long events() {
    return text.events();
  }

  @Override
  public void save(String id) {
    throw new UnsupportedOperationException("the server knows no saves");
  }

  @Override
  public void showCaret(long clock) {
    throw new UnsupportedOperationException("carets are not compared");
  }

  @Override
  public void ask(long nonce) {
    throw new UnsupportedOperationException("the server is asked by the WebSocket's pings");
  }

  @Override
  public void hear(ByteBuffer message) {
    try {
      if (!addressed.isEmpty()) {
        ByteBuffer unused = Lib0.readBytes(message);
      }
      long type = Lib0.readNumber(message);
      if (type == SYNC || type == SYNC_REPLY) {
        hearSync(message);
      } else if (type == AUTH) {
        hearAuth(message);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      ear.puzzled(String.valueOf(e.getMessage()));
    }
  }

  private void hearSync(ByteBuffer message) {
    long step = Lib0.readNumber(message);
    ByteBuffer content = Lib0.readBytes(message);
    if (step == STEP_1) {
      sync(STEP_2, NO_UPDATE);
      return;
    }
    updates.take(content, ear::progress);
    if (step == STEP_2) {
      ear.caughtUp();
    }
  }

  private void hearAuth(ByteBuffer message) {
    if (Lib0.readNumber(message) == 1) {
      ear.refused("unauthorised", Lib0.readText(message));
    }
  }
}
