package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.crdt.fixture.NaiveDocument;
import java.util.ArrayList;
import java.util.List;

/**
 * One replica held three times: by a {@link TextDocument}, by a {@link NaiveDocument}, and by a
 * plain text that follows the document's observers. All take in the same edits and the same
 * updates, and after every step they are compared and the document's invariants checked. Not
 * thread-safe.
 */
final class CheckedReplica {

  /** What one replica sends to another: bytes for the document, operations for the naive one. */
  static final class Update {
    private final byte[] bytes;
    private final List<NaiveDocument.Operation> operations;

    Update(byte[] bytes, List<NaiveDocument.Operation> operations) {
      this.bytes = bytes;
      this.operations = operations;
    }

    byte[] bytes() {
      return bytes;
    }

    List<NaiveDocument.Operation> operations() {
      return operations;
    }

    /** Returns one update with what both hold, this one's part first. */
    Update and(Update next) throws MalformedUpdateException {
      List<Change> changes = new ArrayList<>(Change.parse(bytes));
      changes.addAll(Change.parse(next.bytes));
      List<NaiveDocument.Operation> both = new ArrayList<>(operations);
      both.addAll(next.operations);
      return new Update(Change.combine(changes), both);
    }
  }

  private final ReplicaId id;
  private final int nodeCapacity;
  private final NaiveDocument naive;
  private TextDocument document;
  private StringBuilder mirror = new StringBuilder();
  private TextChange.Origin expectedOrigin = TextChange.Origin.LOCAL;
  private int notifications;
  private int depth;

  /** Creates an empty replica whose tree nodes hold {@code nodeCapacity} entries. */
  CheckedReplica(ReplicaId id, int nodeCapacity) {
    this.id = id;
    this.nodeCapacity = nodeCapacity;
    this.naive = new NaiveDocument(id);
    this.document = TextDocument.create(id, Limits.DEFAULT, nodeCapacity);
    Subscription unused = document.observe(this::follow);
  }

  TextDocument document() {
    return document;
  }

  NaiveDocument naive() {
    return naive;
  }

  String text() {
    return document.text();
  }

  VersionVector version() {
    return document.version();
  }

  /** Replaces {@code [start, end)}, by the narrowest method that does it. */
  void edit(int start, int end, String text) {
    expectedOrigin = TextChange.Origin.LOCAL;
    int before = notifications;
    if (start == end) {
      document.insert(start, text);
    } else if (text.isEmpty()) {
      document.delete(start, end);
    } else {
      document.replace(start, end, text);
    }
    naive.delete(start, end);
    naive.insert(start, text);
    if (depth == 0) {
      boolean changed = start < end || !text.isEmpty();
      assertThat(notifications - before).as("calls of the observer").isEqualTo(changed ? 1 : 0);
      check();
    }
  }

  /**
   * Restores what some deletes deleted: up to {@code count}, of one replica with sequence numbers
   * in a row, from any of all that there are on. A surrogate pair is restored as a whole.
   */
  void restore(int any, int count) throws MalformedUpdateException {
    List<EventId> deletes = naive.deletes();
    if (deletes.isEmpty()) {
      return;
    }
    EventId first = deletes.get(any % deletes.size());
    List<EventId> restored = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EventId next = new EventId(first.replica(), first.sequence() + i);
      if (deletes.contains(next)) {
        restored.add(next);
      } else {
        break;
      }
    }
    if (!naive.areWhole(restored)) {
      return;
    }
    expectedOrigin = TextChange.Origin.REMOTE;
    Restores.restore(document, first, restored.size());
    naive.restore(restored);
    check();
  }

  /** Has the observer expect edits that this replica is not told of. */
  void expectLocal() {
    expectedOrigin = TextChange.Origin.LOCAL;
  }

  /** Runs edits as one transaction. */
  void transact(Runnable edits) {
    int before = notifications;
    VersionVector versionBefore = document.version();
    expectedOrigin = TextChange.Origin.LOCAL;
    depth++;
    document.transact(edits);
    depth--;
    boolean changed = !document.version().equals(versionBefore);
    assertThat(notifications - before).as("calls of the observer").isEqualTo(changed ? 1 : 0);
    check();
  }

  /** Returns everything that {@code seen} lacks. */
  Update changesSince(VersionVector seen) {
    return new Update(document.changesSince(seen), naive.operationsSince(seen));
  }

  /** Returns what this replica itself did from the sequence number on. */
  Update ownChangesSince(long sequence) {
    List<NaiveDocument.Operation> own =
        naive.operationsSince(VersionVector.of(id, sequence)).stream()
            .filter(operation -> operation.id().replica().equals(id))
            .toList();
    return new Update(document.ownChangesSince(sequence), own);
  }

  /** Takes an update in, checks what the document says of it, and returns that. */
  ApplyResult receive(Update update) throws MalformedUpdateException {
    expectedOrigin = TextChange.Origin.REMOTE;
    int before = notifications;
    VersionVector versionBefore = document.version();
    ApplyResult result = document.apply(update.bytes);
    int performed = naive.receive(update.operations);

    assertThat(result.applied()).as("units applied").isEqualTo(performed);
    assertThat(document.version().eventsSince(versionBefore))
        .as("units by version vector")
        .isEqualTo(performed);
    assertThat(result.waiting() > 0).as("whether changes wait").isEqualTo(naive.waiting() > 0);
    assertThat(result.missing().isEmpty())
        .as("whether none are missing")
        .isEqualTo(naive.waiting() == 0);
    assertThat(result.missing()).noneMatch(document.version()::includes);
    assertThat(result.dropped()).as("dropped").isZero();
    assertThat(result.rejected()).as("rejected").isEmpty();
    assertThat(notifications - before)
        .as("calls of the observer")
        .isBetween(0, performed > 0 ? 1 : 0);
    check();
    return result;
  }

  /** Takes an update in that is here already, and checks that this changes nothing. */
  void receiveAgain(Update update) throws MalformedUpdateException {
    byte[] snapshotBefore = document.snapshot();
    ApplyResult result = receive(update);
    assertThat(result.applied()).isZero();
    assertThat(document.snapshot()).isEqualTo(snapshotBefore);
  }

  /**
   * Starts over from a snapshot, as a process does that was restarted: what waited is lost. With
   * {@code apply} the snapshot is taken in as an update by an empty document, else loaded.
   */
  void restart(boolean apply) throws MalformedUpdateException {
    byte[] snapshot = document.snapshot();
    if (apply) {
      document = TextDocument.create(id, Limits.DEFAULT, nodeCapacity);
      ApplyResult result = document.apply(snapshot);
      assertThat(result.isComplete()).isTrue();
    } else {
      document = TextDocument.load(id, snapshot, Limits.DEFAULT, nodeCapacity);
    }
    mirror = new StringBuilder(document.text());
    Subscription unused = document.observe(this::follow);
    naive.forgetWaiting();
    check();
  }

  /** Compares the document with the naive one and with the observers' text. */
  void check() {
    document.checkInvariants();
    String text = document.text();
    assertThat(text).as("text of %s", id).isEqualTo(naive.text());
    assertThat(document.version()).as("version of %s", id).isEqualTo(naive.version());
    assertThat(document.length()).isEqualTo(text.length());
    assertThat(document.nextSequence()).isEqualTo(naive.version().next(id));
    assertThat(mirror.toString()).as("text of the observer").isEqualTo(text);
    requireWellFormed(text);
  }

  static void requireWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(unit)) {
        fail("unpaired surrogate at " + i + " of \"" + text + "\"");
      }
    }
  }

  private void follow(TextChange change) {
    notifications++;
    assertThat(change.origin()).isEqualTo(expectedOrigin);
    assertThat(change.edits()).isNotEmpty();
    for (TextChange.Edit edit : change.edits()) {
      assertThat(edit.index()).isBetween(0, mirror.length());
      assertThat(edit.deletedLength()).isBetween(0, mirror.length() - edit.index());
      mirror.replace(edit.index(), edit.index() + edit.deletedLength(), edit.inserted());
    }
    assertThat(mirror.toString()).as("text of the observer, inside it").isEqualTo(document.text());
  }
}
