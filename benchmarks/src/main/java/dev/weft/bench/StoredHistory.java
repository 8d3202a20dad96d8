package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.Durability;
import dev.weft.store.StoredDocument;
import dev.weft.store.WorkspaceStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Types a whole sequential trace into a store, in commits of a few keystrokes, on one thread: what
 * a person leaves there who writes for an afternoon. The store is tidied in between by the rule of
 * the client, but always at the same keystrokes. Stateless.
 */
final class StoredHistory {
  /** What the client's window of 50 ms gathers from somebody who types 100 keystrokes a second. */
  static final int KEYSTROKES_A_COMMIT = 5;

  // The rule of the client's Housekeeping and Journal.
  private static final int COMPACT_AFTER_WRITES = 256;
  private static final long TAIL_CHANGES = 4_096;
  private static final int TAIL_PART = 8;
  private static final long SNAPSHOT_AFTER_EVENTS = 2_000;

  private StoredHistory() {}

  /** What is done beside appending. */
  enum Tidying {
    NOTHING,
    ROWS_JOINED,
    ROWS_JOINED_AND_SNAPSHOT_RENEWED
  }

  /** The document that was typed, and what the snapshot in the store has of it. */
  record Typed(TextDocument document, VersionVector snapshotVersion) {
    /** Returns how many events the store has behind the snapshot. */
    long tailEvents() {
      return document.version().eventsSince(snapshotVersion);
    }

    /** Does what closing the text does: renews the snapshot and gives the replica id back. */
    void closeInOrder(WorkspaceStore store) {
      if (tailEvents() >= SNAPSHOT_AFTER_EVENTS) {
        store.putSnapshot(TypedText.DOCUMENT, document.version(), document.snapshot());
      }
      boolean released =
          store.releaseReplicaId(TypedText.DOCUMENT, document.replica(), document.nextSequence());
      if (!released) {
        throw new AssertionError("the store has not all that was typed");
      }
    }
  }

  /** Types the trace into an empty store. */
  static Typed write(Script script, WorkspaceStore store, Tidying tidying) {
    ReplicaId replica = store.replicaId(TypedText.DOCUMENT);
    VersionVector snapshotVersion = VersionVector.EMPTY;
    int writes = 0;
    Typing typing = new Typing(script, replica);
    while (typing.hasNext()) {
      VersionVector stored =
          store.append(TypedText.DOCUMENT, typing.next(KEYSTROKES_A_COMMIT), Durability.WRITTEN);
      writes++;
      boolean snapshotIsDue =
          tidying == Tidying.ROWS_JOINED_AND_SNAPSHOT_RENEWED
              && stored.eventsSince(snapshotVersion)
                  > Math.max(
                      TAIL_CHANGES, snapshotVersion.eventsSince(VersionVector.EMPTY) / TAIL_PART);
      if (snapshotIsDue) {
        snapshotVersion = StoredDocument.renewSnapshot(store, TypedText.DOCUMENT);
      }
      if (snapshotIsDue || (tidying != Tidying.NOTHING && writes >= COMPACT_AFTER_WRITES)) {
        compact(store);
        writes = 0;
      }
    }
    RecordedTraces.requireEndContent(script.trace(), typing.document.text());
    return new Typed(typing.document, snapshotVersion);
  }

  /** Compacts until nothing is due. */
  static void compact(ChangeStore store) {
    boolean more;
    do {
      more = store.compact();
    } while (more);
  }

  /** Returns the changes of the whole trace, in groups of so many keystrokes. */
  static List<List<Change>> groups(Script script, int keystrokes) {
    List<List<Change>> groups = new ArrayList<>();
    Typing typing = new Typing(script, new ReplicaId(0x5eed_5eed_5eed_5eedL));
    while (typing.hasNext()) {
      groups.add(typing.next(keystrokes));
    }
    return groups;
  }

  /** A trace being typed, and taken out as the client does. */
  private static final class Typing {
    private final Script script;
    private final TextDocument document;
    private int patch;
    private long taken;

    Typing(Script script, ReplicaId replica) {
      this.script = script;
      document = TextDocument.create(replica);
      document.insert(0, script.trace().startContent());
    }

    boolean hasNext() {
      return patch < script.patchCount();
    }

    List<Change> next(int keystrokes) {
      int end = Math.min(patch + keystrokes, script.patchCount());
      for (; patch < end; patch++) {
        document.replace(script.start(patch), script.end(patch), script.inserted(patch));
      }
      byte[] update = document.ownChangesSince(taken);
      taken = document.nextSequence();
      try {
        return Change.parse(update);
      } catch (MalformedUpdateException e) {
        throw new AssertionError("a document wrote an update that cannot be read", e);
      }
    }
  }
}
