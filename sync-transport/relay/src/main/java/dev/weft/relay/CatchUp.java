package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers "what am I missing", in parts of a bounded size. To a client that has nothing it gives
 * the newest snapshot at hand and then what has come since; to one that has something, the changes
 * that it lacks. Confined to the document's worker.
 *
 * <p>A long catch-up is cut once, into the versions that a client has on its way: who has taken one
 * part asks for the next by the version that it then has. A few such ways are kept, so that clients
 * that began with different versions do not make the text be cut anew with every part.
 */
final class CatchUp {
  /** How many ways are kept. */
  private static final int MAX_WAYS = 16;

  /** How many entries their vectors may have together, beside the newest way. */
  private static final int MAX_ENTRIES = 1 << 20;

  private final RelayedText text;
  private final int partBytes;
  private final int maxSnapshotBytes;
  private final int tailBytes;

  private @Nullable Snapshot snapshot;

  /** The ways of clients that lack much, that which was used last at the end. */
  private final Deque<Way> ways = new ArrayDeque<>();

  /**
   * Creates the answers of one document.
   *
   * @param stored a snapshot that was stored, if there is one
   */
  CatchUp(RelayedText text, RelayBounds bounds, @Nullable Snapshot stored) {
    this.text = text;
    // The other half of a frame is for the vectors that stand beside it.
    this.maxSnapshotBytes = bounds.connection().maxFrameBytes() / 2;
    this.partBytes = Math.min(bounds.partBytes(), maxSnapshotBytes);
    this.tailBytes = bounds.snapshotTailBytes();
    this.snapshot = stored;
  }

  /** The document at a version. */
  record Snapshot(VersionVector version, Payload bytes) {}

  /**
   * A part of a catch-up.
   *
   * @param update what to apply; empty if nothing is lacking
   * @param after what a client has after it
   * @param complete whether that is all
   */
  record Part(Payload update, VersionVector after, boolean complete) {}

  /**
   * How a client comes from one version to the next, and so on.
   *
   * @param next what it has after each part, by what it has before
   * @param entries how many entries the vectors have
   */
  private record Way(Map<VersionVector, VersionVector> next, long entries) {}

  /**
   * Returns the next part for a client that has {@code since}. O(replicas + what is returned).
   *
   * @param opening whether Opened tells it, which alone may have a snapshot
   */
  Part next(VersionVector since, boolean opening) {
    VersionVector version = text.version();
    if (since.includes(version)) {
      return new Part(Payload.EMPTY, since, true);
    }
    if (opening && since.isEmpty()) {
      Snapshot newest = snapshot();
      if (newest.bytes().size() <= maxSnapshotBytes) {
        return part(newest.bytes(), newest.version());
      }
    }
    VersionVector after = afterPart(since);
    if (after != null) {
      return part(since, after);
    }
    byte[] update = text.text().changesSince(since);
    if (update.length <= partBytes) {
      return part(Payload.of(update), since.merge(version));
    }
    Way way = cut(update, since);
    keep(way);
    return part(since, Objects.requireNonNull(way.next.get(since)));
  }

  /** Returns what a client on its way has after the next part; null if it is on none. */
  private @Nullable VersionVector afterPart(VersionVector since) {
    for (Way way : ways) {
      VersionVector after = way.next.get(since);
      if (after != null) {
        ways.remove(way);
        ways.addLast(way);
        return after;
      }
    }
    return null;
  }

  private void keep(Way way) {
    ways.addLast(way);
    long entries = ways.stream().mapToLong(Way::entries).sum();
    while (ways.size() > 1 && (ways.size() > MAX_WAYS || entries > MAX_ENTRIES)) {
      entries -= ways.removeFirst().entries;
    }
  }

  private Part part(VersionVector since, VersionVector after) {
    VersionVector version = text.version();
    return part(
        Payload.of(text.text().diff(since.intersect(version), after.intersect(version))), after);
  }

  private Part part(Payload update, VersionVector after) {
    return new Part(update, after, after.includes(text.version()));
  }

  private Way cut(byte[] update, VersionVector since) {
    Map<VersionVector, VersionVector> next = new HashMap<>();
    VersionVector before = since;
    VersionVector.Builder after = since.toBuilder();
    long entries = 0;
    int bytes = 0;
    for (Change change : pieces(update, since)) {
      if (bytes > 0 && bytes + change.sizeInBytes() > partBytes) {
        VersionVector between = after.build();
        next.put(before, between);
        entries += between.size();
        before = between;
        bytes = 0;
      }
      after.advance(change.replica(), change.end());
      bytes += change.sizeInBytes();
    }
    next.put(before, after.build());
    return new Way(next, entries + 2L * text.version().size());
  }

  /** Returns the changes of an update, none much longer than a part. */
  private List<Change> pieces(byte[] update, VersionVector since) {
    List<Change> pieces = new ArrayList<>();
    VersionVector.Builder before = since.intersect(text.version()).toBuilder();
    for (Change change : parse(update)) {
      if (change.sizeInBytes() <= partBytes) {
        pieces.add(change);
      } else {
        split(change, before.build(), pieces);
      }
      before.advance(change.replica(), change.end());
    }
    return pieces;
  }

  /**
   * A change is what somebody wrote on and on, however often it was sent meanwhile: it may be
   * longer than any frame.
   */
  private void split(Change change, VersionVector before, List<Change> pieces) {
    long middle = (change.start() + change.end()) / 2;
    List<Change> half = List.of();
    if (change.sizeInBytes() > partBytes && middle > change.start()) {
      VersionVector until = before.toBuilder().advance(change.replica(), middle).build();
      half = parse(text.text().diff(before, until));
    }
    // Of a surrogate pair there is no half.
    if (half.isEmpty() || half.get(0).end() >= change.end()) {
      pieces.add(change);
      return;
    }
    VersionVector between = before.toBuilder().advance(change.replica(), half.get(0).end()).build();
    split(half.get(0), before, pieces);
    split(change.since(between), between, pieces);
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the relay cannot read what it wrote", e);
    }
  }

  /**
   * Returns a snapshot that is not far behind: a new one if more has come since the last than it
   * saves.
   */
  private Snapshot snapshot() {
    Snapshot newest = snapshot;
    if (newest == null || isFarBehind(newest)) {
      newest = renew();
    }
    return newest;
  }

  private boolean isFarBehind(Snapshot from) {
    // Every event takes a byte or so in an update.
    long events = text.version().eventsSince(from.version);
    return events > Math.max(tailBytes, from.bytes.size() / 4) && isWorthwhile();
  }

  /**
   * Returns whether a new snapshot is, when changes of so many bytes have been stored behind the
   * last.
   */
  boolean isDue(long storedBehind) {
    int last = snapshot == null ? 0 : snapshot.bytes.size();
    return storedBehind > Math.max(tailBytes, last / 4) && isWorthwhile();
  }

  /**
   * Making one takes as long as the history is, however few bytes come of it: those of a document
   * take as long together as four times the last of them.
   */
  private boolean isWorthwhile() {
    VersionVector version = text.version();
    VersionVector last = snapshot == null ? VersionVector.EMPTY : snapshot.version;
    return version.eventsSince(last) > version.eventsSince(VersionVector.EMPTY) / 4;
  }

  /** Returns a snapshot of now. O(document). */
  Snapshot renew() {
    snapshot = new Snapshot(text.version(), Payload.of(text.text().snapshot()));
    return snapshot;
  }
}
