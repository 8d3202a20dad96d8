package dev.weft.bench.load.dialect;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What one client says and understands of a server's protocol, about one document, on one
 * connection after the other. It has the text that it writes itself, and of others' edits only how
 * many came: it merges nothing. Confined to the loop.
 */
public interface Speaker {
  /** A connection is there: says who is there, and opens the document with what was seen before. */
  void begin(Consumer<byte[]> wire);

  /** Takes in a message. */
  void hear(ByteBuffer message);

  /** Makes the next edit in the own text; nothing is said. */
  void type();

  /** Says everything that was typed since, in one message. */
  void sayEdits();

  /**
   * Returns how many events the own text has: what a reader that has all of it will have counted.
   */
  long events();

  /** Asks that everything said so far be made safe. */
  void save(String id);

  /** Says where the caret is. */
  void showCaret(long clock);

  /**
   * Asks for a sign of life.
   *
   * @param nonce comes back in the answer, where the protocol has one of its own
   */
  void ask(long nonce);

  /** Is told what a client hears. */
  interface Ear {
    /** The document is open, and all that it had is here. */
    void caughtUp();

    /** Everything of a writer is here up to so many events. */
    void progress(long writer, long events);

    /** A sign of life was answered. */
    void answered(long nonce);

    /** A save is done. */
    void saved(String id, String guarantee);

    /**
     * A save was not done.
     *
     * @param retryAfterMillis when to try again; negative for never
     */
    void saveRefused(String id, String code, long retryAfterMillis);

    /** Fewer messages are asked for. */
    void throttled(String code, long windowMillis, long lastsMillis);

    /** Something else was refused. */
    void refused(String code, String reason);

    /** Somebody's caret is somewhere else. */
    void caret(long writer, long clock);

    /** What came is not what the protocol says. */
    void puzzled(String reason);
  }
}
