package dev.weft.bench.peers;

import dev.weft.bench.GapBuffer;
import dev.weft.cli.trace.Script;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.util.Arrays;

/**
 * Gap buffers in the hands of a trace's authors. Beside each a document of this library, a mere
 * reader, works out where in the buffer the others' edits stand; what an author types, and only
 * that is timed, touches the buffer alone.
 */
final class GapBufferReplicas implements Replicated<GapBufferReplicas.Followed> {
  private final Script script;
  private final byte[][] updates;

  /**
   * @param updates each transaction's update, of this library
   */
  GapBufferReplicas(Script script, byte[][] updates) {
    this.script = script;
    this.updates = updates;
  }

  /** A buffer and its reader. */
  static final class Followed {
    private final GapBuffer buffer;
    private final TextDocument reader;

    /** Transactions typed into the buffer that the reader has not seen. */
    private int[] typed = new int[16];

    private int typedCount;

    private boolean editsBuffer = true;

    Followed(GapBuffer buffer, TextDocument reader) {
      this.buffer = buffer;
      this.reader = reader;
      reader.observe(
          change -> {
            if (editsBuffer) {
              change
                  .edits()
                  .forEach(
                      edit ->
                          buffer.replace(
                              edit.index(), edit.index() + edit.deletedLength(), edit.inserted()));
            }
          });
    }

    private void typed(int transaction) {
      if (typedCount == typed.length) {
        typed = Arrays.copyOf(typed, 2 * typedCount);
      }
      typed[typedCount++] = transaction;
    }
  }

  @Override
  public Followed empty() {
    return reader();
  }

  @Override
  public Followed reader() {
    GapBuffer buffer = new GapBuffer();
    buffer.replace(0, 0, script.trace().startContent());
    return new Followed(buffer, script.newReader());
  }

  @Override
  public Followed create(int writer) {
    return reader();
  }

  @Override
  public Followed fork(Followed base, int writer, boolean last) {
    catchUp(base);
    // An id that writes nothing, since the update comes from elsewhere.
    return new Followed(new GapBuffer(base.buffer), base.reader.fork(new ReplicaId(-2L - writer)));
  }

  @Override
  public void type(Followed document, int transaction) {
    int end = script.firstPatch(transaction + 1);
    for (int patch = script.firstPatch(transaction); patch < end; patch++) {
      document.buffer.replace(script.start(patch), script.end(patch), script.inserted(patch));
    }
    document.typed(transaction);
  }

  @Override
  public byte[] typeAndEncode(Followed document, int transaction) {
    type(document, transaction);
    return updates[transaction];
  }

  @Override
  public void insert(Followed document, int indexUtf16, int codePoint, String inserted) {
    document.buffer.replace(indexUtf16, indexUtf16, inserted);
  }

  @Override
  public void apply(Followed document, byte[] update) {
    catchUp(document);
    applyTo(document.reader, update);
  }

  @Override
  public boolean saves() {
    return false;
  }

  @Override
  public byte[] history(Followed document) {
    throw new UnsupportedOperationException("a gap buffer has no history");
  }

  @Override
  public byte[] snapshot(Followed document) {
    throw new UnsupportedOperationException("a gap buffer has no history");
  }

  @Override
  public Followed load(byte[] snapshot) {
    throw new UnsupportedOperationException("a gap buffer has no history");
  }

  @Override
  public String text(Followed document) {
    return document.buffer.text();
  }

  @Override
  public String sizeNote() {
    throw new UnsupportedOperationException("a gap buffer has no history");
  }

  private void catchUp(Followed document) {
    for (int i = 0; i < document.typedCount; i++) {
      document.editsBuffer = false;
      applyTo(document.reader, updates[document.typed[i]]);
      document.editsBuffer = true;
    }
    document.typedCount = 0;
  }

  private static void applyTo(TextDocument reader, byte[] update) {
    try {
      reader.apply(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("an update just made cannot be read", e);
    }
  }
}
