package dev.weft.bench.peers;

import dev.weft.cli.trace.Script;
import java.nio.ByteBuffer;
import org.automerge.AmValue;
import org.automerge.ChangeHash;
import org.automerge.Document;
import org.automerge.ObjectId;
import org.automerge.ObjectType;
import org.automerge.Transaction;

/**
 * Automerge on the JVM: its native library behind Java. One transaction of splices for each of the
 * trace's; positions in code points.
 */
final class AutomergeReplicas implements Replicated<AutomergeReplicas.Copy> {
  private static final String KEY = "text";

  /** A document and the text in it. */
  record Copy(Document document, ObjectId text) {}

  private final Script script;
  private final byte[] base;

  AutomergeReplicas(Script script) {
    this.script = script;
    Document document = new Document(actor(0));
    try (Transaction transaction = document.startTransaction()) {
      ObjectId text = transaction.set(ObjectId.ROOT, KEY, ObjectType.TEXT);
      transaction.spliceText(text, 0, 0, script.trace().startContent());
      transaction.commit();
    }
    base = document.save();
    document.free();
  }

  @Override
  public Copy empty() {
    // The text is found when there is one.
    return new Copy(new Document(actor(-1)), ObjectId.ROOT);
  }

  @Override
  public Copy reader() {
    return load(base);
  }

  @Override
  public Copy create(int writer) {
    Document start = Document.load(base);
    Copy copy = withText(start.fork(actor(writer + 1)));
    start.free();
    return copy;
  }

  @Override
  public Copy fork(Copy copy, int writer, boolean last) {
    Copy fork = new Copy(copy.document.fork(actor(writer + 1)), copy.text);
    if (last) {
      free(copy);
    }
    return fork;
  }

  @Override
  public void type(Copy copy, int transaction) {
    try (Transaction edits = copy.document.startTransaction()) {
      int end = script.firstPatch(transaction + 1);
      for (int patch = script.firstPatch(transaction); patch < end; patch++) {
        edits.spliceText(
            copy.text,
            script.codePointStart(patch),
            script.codePointsDeleted(patch),
            script.inserted(patch));
      }
      edits.commit();
    }
  }

  @Override
  public byte[] typeAndEncode(Copy copy, int transaction) {
    ChangeHash[] before = copy.document.getHeads();
    type(copy, transaction);
    return copy.document.encodeChangesSince(before);
  }

  @Override
  public void insert(Copy copy, int indexUtf16, int codePoint, String inserted) {
    try (Transaction edit = copy.document.startTransaction()) {
      edit.spliceText(copy.text, codePoint, 0, inserted);
      edit.commit();
    }
  }

  @Override
  public void apply(Copy copy, byte[] update) {
    copy.document.applyEncodedChanges(update);
  }

  @Override
  public byte[] history(Copy copy) {
    return copy.document.save();
  }

  @Override
  public byte[] snapshot(Copy copy) {
    return copy.document.save();
  }

  @Override
  public Copy load(byte[] snapshot) {
    return withText(Document.load(snapshot));
  }

  @Override
  public String text(Copy copy) {
    ObjectId text = copy.text.isRoot() ? withText(copy.document).text : copy.text;
    return copy.document.text(text).orElseThrow();
  }

  @Override
  public String sizeNote() {
    return "deleted text is in it";
  }

  @Override
  public void free(Copy copy) {
    copy.document.free();
  }

  private static Copy withText(Document document) {
    AmValue value = document.get(ObjectId.ROOT, KEY).orElseThrow();
    return new Copy(document, ((AmValue.Text) value).getId());
  }

  private static byte[] actor(int number) {
    return ByteBuffer.allocate(16).putInt(12, number).array();
  }
}
