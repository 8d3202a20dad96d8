package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoredDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;

/** How large the store's files are beside what is in them. Not thread-safe. */
final class StoreSize {
  private static final String DATABASE = "weft.db";

  private final Script script;
  private final Path parent;

  StoreSize(Script script, Path parent) {
    this.script = script;
    this.parent = parent;
  }

  void measure(PrintWriter out) throws IOException {
    out.printf(
        Locale.ROOT,
        "%,d edits in commits of %d; in bytes.%n",
        script.patchCount(),
        StoredHistory.KEYSTROKES_A_COMMIT);
    try (ScratchDirectory directory = new ScratchDirectory(parent)) {
      TextDocument document;
      try (SqliteChangeStore store = open(directory)) {
        document = StoredHistory.write(script, store, StoredHistory.Tidying.NOTHING).document();
        printOpen(out, "a row each commit", directory);
      }
      printClosed(out, "a row each commit", directory);
      try (SqliteChangeStore store = open(directory)) {
        StoredHistory.compact(store);
        printOpen(out, "rows joined", directory);
      }
      printClosed(out, "rows joined", directory);
      try (SqliteChangeStore store = open(directory)) {
        VersionVector unused = StoredDocument.renewSnapshot(store, TypedText.DOCUMENT);
      }
      printClosed(out, "rows joined, and a snapshot", directory);

      print(
          out, "the raw history as one update", document.changesSince(VersionVector.EMPTY).length);
      print(out, "the document as one snapshot", document.snapshot().length);
      print(out, "its text in UTF-8", document.text().getBytes(StandardCharsets.UTF_8).length);
    }
    try (ScratchDirectory directory = new ScratchDirectory(parent)) {
      try (SqliteChangeStore store = open(directory)) {
        StoredHistory.Typed typed =
            StoredHistory.write(
                script, store, StoredHistory.Tidying.ROWS_JOINED_AND_SNAPSHOT_RENEWED);
        printOpen(out, "tidied as the client does", directory);
        typed.closeInOrder(store);
      }
      printClosed(out, "tidied as the client does", directory);
    }
  }

  private static void printOpen(PrintWriter out, String name, ScratchDirectory directory)
      throws IOException {
    print(out, name + ", open: " + DATABASE, directory.sizeOf(DATABASE));
    print(out, name + ", open: its log of writes", directory.sizeOf(DATABASE + "-wal"));
  }

  private static void printClosed(PrintWriter out, String name, ScratchDirectory directory)
      throws IOException {
    print(out, name + ", closed", directory.sizeOf(DATABASE));
  }

  private static void print(PrintWriter out, String name, long bytes) {
    out.printf(Locale.ROOT, "  %-54s%,14d%n", name, bytes);
  }

  private static SqliteChangeStore open(ScratchDirectory directory) {
    return SqliteChangeStore.open(directory.path(), new SecureRandom());
  }
}
