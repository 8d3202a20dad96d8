package dev.weft.crdt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The documents whose bytes are kept in {@code src/test/resources/golden}, one folder for each
 * version of the format: every later version has to read them. A new version gets a folder of its
 * own, written by {@link #main}; that of a released version is never written again.
 */
final class GoldenFiles {
  private static final Path ROOT = Path.of("src", "test", "resources", "golden");

  private GoldenFiles() {}

  /** The files of one document. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Golden(byte[] snapshot, byte[] shallow, byte[] update, byte[] vector, String text) {
    static Golden of(TextDocument document) {
      return new Golden(
          document.snapshot(),
          document.shallowSnapshot(middle(document)),
          document.changesSince(VersionVector.EMPTY),
          document.version().toBytes(),
          document.text());
    }

    static Golden read(int version, String name) throws IOException {
      Path folder = folder(version);
      return new Golden(
          Files.readAllBytes(folder.resolve(name + ".snapshot")),
          Files.readAllBytes(folder.resolve(name + ".shallow")),
          Files.readAllBytes(folder.resolve(name + ".update")),
          Files.readAllBytes(folder.resolve(name + ".vector")),
          Files.readString(folder.resolve(name + ".txt")));
    }

    /** Returns the version in the middle of the history. */
    private static VersionVector middle(TextDocument document) {
      return document.history().versionAfter(document.history().eventCount() / 2);
    }

    void write(int version, String name) throws IOException {
      Path folder = folder(version);
      Files.write(folder.resolve(name + ".snapshot"), snapshot);
      Files.write(folder.resolve(name + ".shallow"), shallow);
      Files.write(folder.resolve(name + ".update"), update);
      Files.write(folder.resolve(name + ".vector"), vector);
      Files.writeString(folder.resolve(name + ".txt"), text);
    }
  }

  static Path folder(int version) {
    return ROOT.resolve("v" + version);
  }

  /** Returns the documents by name, made anew. */
  static Map<String, TextDocument> documents() throws MalformedUpdateException {
    Map<String, TextDocument> documents = new LinkedHashMap<>();
    documents.put("empty", replica(1));
    documents.put("typed", typed());
    documents.put("deleted", deleted());
    documents.put("concurrent", concurrent());
    documents.put("planes", planes());
    documents.put("restored", restored());
    documents.put("repeated", repeated());
    documents.put("busy", busy());
    return documents;
  }

  private static TextDocument replica(long id) {
    return TextDocument.create(new ReplicaId(id));
  }

  private static TextDocument typed() {
    TextDocument document = replica(1);
    String text = "The weft is the thread that runs across the warps.";
    for (int i = 0; i < text.length(); i++) {
      document.insert(i, text.substring(i, i + 1));
    }
    return document;
  }

  /** Backspaces, deletions ahead, of a selection, and of what was typed in several pieces. */
  private static TextDocument deleted() {
    TextDocument document = typed();
    document.delete(49, 50);
    document.delete(48, 49);
    document.delete(4, 5);
    document.delete(4, 5);
    document.insert(10, "strong ");
    document.insert(14, "est");
    document.delete(6, 30);
    document.insert(0, "> ");
    return document;
  }

  /** Three replicas at one place, two of them before what a third has deleted by then. */
  private static TextDocument concurrent() throws MalformedUpdateException {
    TextDocument ada = replica(0xada);
    TextDocument bob = replica(-1);
    TextDocument cyd = replica(Long.MIN_VALUE);
    ada.insert(0, "warp");
    exchange(ada, bob, cyd);
    ada.insert(2, "AA");
    bob.insert(2, "BBB");
    bob.insert(3, "b");
    cyd.delete(0, 4);
    cyd.insert(0, "C");
    exchange(ada, bob);
    ada.insert(4, "after both");
    bob.delete(1, 4);
    exchange(ada, bob, cyd);
    cyd.replace(0, 3, "end");
    exchange(cyd, ada);
    return ada;
  }

  private static void exchange(TextDocument... replicas) throws MalformedUpdateException {
    for (TextDocument from : replicas) {
      for (TextDocument to : replicas) {
        to.apply(from.changesSince(to.version()));
      }
    }
  }

  /** Characters of one to four bytes in UTF-8, some of them deleted. */
  private static TextDocument planes() {
    TextDocument document = replica(1);
    document.insert(0, "a\u00e9\u4e2d\ud83e\uddf5z\ufffd\n\r\n\u0000");
    document.delete(1, 3);
    document.insert(1, "\ud83e\uddf6");
    document.delete(3, 5);
    return document;
  }

  /** Deletions undone and redone, of units that were deleted once and twice. */
  private static TextDocument restored() throws MalformedUpdateException {
    TextDocument ada = typed();
    TextDocument bob = replica(2);
    exchange(ada, bob);
    UndoHistory adasUndo = UndoHistory.of(ada).build();
    UndoHistory bobsUndo = UndoHistory.of(bob).build();
    ada.delete(4, 12);
    ada.delete(30, 31);
    ada.delete(29, 30);
    bob.delete(8, 20);
    exchange(ada, bob);
    undo(adasUndo, 3);
    exchange(ada, bob);
    undo(bobsUndo, 1);
    bob.delete(0, 4);
    exchange(ada, bob);
    if (adasUndo.redo().isEmpty()) {
      throw new AssertionError("there is something to redo");
    }
    ada.insert(6, "new ");
    exchange(ada, bob);
    return ada;
  }

  private static void undo(UndoHistory history, int steps) {
    for (int i = 0; i < steps; i++) {
      if (history.undo().isEmpty()) {
        throw new AssertionError("there is something to undo, step=" + i);
      }
    }
  }

  /** What repeats itself so much that its sections are padded. */
  private static TextDocument repeated() {
    TextDocument document = replica(1);
    document.insert(0, "abc ".repeat(20_000));
    document.delete(10_000, 12_000);
    for (int i = 0; i < 1_500; i++) {
      document.insert(50_000, "x");
      document.delete(5, 6);
    }
    return document;
  }

  /** Three replicas that edit here and there, and hear of each other now and then. */
  private static TextDocument busy() throws MalformedUpdateException {
    Random random = new Random(7);
    TextDocument[] replicas = {replica(3), replica(1), replica(2)};
    for (int i = 0; i < 600; i++) {
      TextDocument document = replicas[random.nextInt(3)];
      int length = document.length();
      int at = random.nextInt(length + 1);
      if (random.nextInt(3) > 0) {
        document.insert(at, "thread ".substring(0, 1 + random.nextInt(7)));
      } else {
        document.delete(at, Math.min(length, at + random.nextInt(9)));
      }
      if (random.nextInt(5) == 0) {
        document.apply(replicas[random.nextInt(3)].changesSince(document.version()));
      }
    }
    exchange(replicas);
    return replicas[0];
  }

  /** Writes the files of this version of the format, run in the folder of the module. */
  public static void main(String[] args) throws Exception {
    Files.createDirectories(folder(BinaryFormat.VERSION));
    for (Map.Entry<String, TextDocument> each : documents().entrySet()) {
      Golden.of(each.getValue()).write(BinaryFormat.VERSION, each.getKey());
    }
  }
}
