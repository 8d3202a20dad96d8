package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.List;

/** Somebody who writes a document, for tests: makes changes and takes in those of others. */
public final class Author {
  private final TextDocument document;

  /** Creates an author of an empty document, who writes under the given id. */
  public Author(ReplicaId replica) {
    document = TextDocument.create(replica);
  }

  /** Creates an author of an empty document, who writes under the id of these bits. */
  public Author(long replica) {
    this(new ReplicaId(replica));
  }

  /** Inserts at the end, and returns the change. */
  public List<Change> type(String text) {
    long next = document.nextSequence();
    document.insert(document.length(), text);
    return ownSince(next);
  }

  /** Inserts at an index, and returns the change. */
  public List<Change> typeAt(int index, String text) {
    long next = document.nextSequence();
    document.insert(index, text);
    return ownSince(next);
  }

  /** Deletes a range, and returns the change. */
  public List<Change> delete(int start, int end) {
    long next = document.nextSequence();
    document.delete(start, end);
    return ownSince(next);
  }

  /** Returns the author's own changes from a sequence number on. */
  public List<Change> ownSince(long sequence) {
    return parse(document.ownChangesSince(sequence));
  }

  /** Returns the author's and others' changes that {@code seen} lacks. */
  public List<Change> since(VersionVector seen) {
    return parse(document.changesSince(seen));
  }

  /** Returns what {@code to} has seen and {@code from} has not. */
  public List<Change> between(VersionVector from, VersionVector to) {
    return parse(document.diff(from, to));
  }

  /** Takes changes in, all of which must be new or known and none of which may have to wait. */
  public void read(List<Change> changes) {
    try {
      if (!document.apply(Change.combine(changes)).isComplete()) {
        throw new AssertionError("changes are missing before " + changes);
      }
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the document's snapshot. */
  public byte[] snapshot() {
    return document.snapshot();
  }

  /** Returns who writes. */
  public ReplicaId replica() {
    return document.replica();
  }

  /** Returns the author's next sequence number. */
  public long ownNext() {
    return document.nextSequence();
  }

  /** Returns what the author has seen. */
  public VersionVector version() {
    return document.version();
  }

  /** Returns the text. */
  public String text() {
    return document.text();
  }

  /** Returns the text's length in UTF-16 units. */
  public int length() {
    return document.length();
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }
}
