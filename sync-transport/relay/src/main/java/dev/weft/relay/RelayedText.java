package dev.weft.relay;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.Change;
import dev.weft.crdt.Limits;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relay's copy of an open document: takes changes in, in causal order, and refuses those that
 * refer to what does not exist, so that nothing is ever stored or passed on that a reader would
 * choke on. Confined to the document's worker.
 */
final class RelayedText {
  /** Where the kind of an update or a snapshot stands, and what it is for a snapshot. */
  private static final int KIND_OFFSET = 3;

  private static final int UPDATE = 1;

  private final TextDocument text;
  private final Limits limits;
  private final WaitingChanges waiting;
  private VersionVector version;

  RelayedText(TextDocument text, RelayBounds bounds) {
    this.text = text;
    Limits document = bounds.document();
    this.limits =
        new Limits(
            Math.min(document.maxUpdateBytes(), bounds.connection().maxFrameBytes()),
            document.maxReplicas(),
            document.maxRuns(),
            document.maxUnits(),
            document.maxBacklogChanges(),
            document.maxBacklogBytes());
    this.waiting = new WaitingChanges(bounds.waitingChanges(), bounds.waitingBytes());
    this.version = text.version();
  }

  /** Changes that were taken in together, and who sent them; null for another relay. */
  record Accepted(@Nullable Channel from, Payload update, List<Change> changes) {}

  /** A change that was not taken in, and never will be. */
  record Poisonous(@Nullable Channel from, Change change, MalformedUpdateException reason) {}

  /**
   * What became of an update.
   *
   * @param accepted what was taken in, that of other channels which waited for it included
   * @param poisonous what was refused
   * @param gap whether something of the update waits for what has not come
   */
  record Outcome(List<Accepted> accepted, List<Poisonous> poisonous, boolean gap) {}

  /** Returns what the document has. */
  VersionVector version() {
    return version;
  }

  /**
   * Returns whether a client has other changes than the document under the numbers of a version:
   * known where the document has all of it, and the client has said a digest. O(replicas), the
   * first time O(history).
   *
   * @param digest the client's digest of the version; 0: not told
   */
  boolean isForkedAt(VersionVector ofClient, long digest) {
    return digest != 0
        && version.includes(ofClient)
        && ofClient.includes(text.historyBase())
        && text.digest(ofClient) != digest;
  }

  TextDocument text() {
    return text;
  }

  /**
   * Returns what of an update is not here.
   *
   * @throws MalformedUpdateException if the bytes cannot be read, or are a snapshot
   */
  List<Change> unknown(Payload update) throws MalformedUpdateException {
    return read(update).stream().filter(change -> !change.isKnown(version)).toList();
  }

  /**
   * Returns the changes of an update.
   *
   * @throws MalformedUpdateException if the bytes cannot be read, or are a snapshot
   */
  List<Change> read(Payload update) throws MalformedUpdateException {
    byte[] bytes = update.bytes();
    // A snapshot is compressed: a few bytes of it can cost the relay hundreds of megabytes.
    if (bytes.length > KIND_OFFSET && bytes[KIND_OFFSET] != UPDATE) {
      throw new MalformedUpdateException(
          KIND_OFFSET,
          "kind 1 (update)",
          bytes[KIND_OFFSET] + " (a snapshot, which only a relay sends, or none)");
    }
    return Change.parse(bytes, limits);
  }

  /** Takes in what another relay has, as {@link #take} does. */
  Outcome takeFromRelay(List<Change> changes) {
    return take(null, changes, null);
  }

  /** Returns whether a change is the first of one replica more than may write the document. */
  boolean isOfOneTooMany(Change change) {
    return version.size() >= limits.maxReplicas() && version.next(change.replica()) == 0;
  }

  /** Returns whether anything waits for what has not come. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Takes changes in, as far as they are new and what they build on is there. The rest waits,
   * within bounds.
   *
   * @param from who has sent them; null for another relay
   * @param update their bytes as they came, if they came so
   */
  Outcome take(@Nullable Channel from, List<Change> changes, @Nullable Payload update) {
    Progress progress = new Progress(version);
    List<Change> ready = new ArrayList<>(changes.size());
    List<Change> early = new ArrayList<>();
    List<Change> known = new ArrayList<>();
    for (Change change : changes) {
      if (change.isKnown(version)) {
        known.add(change);
        continue;
      }
      if (progress.knows(change)) {
        continue;
      }
      if (progress.isReady(change)) {
        ready.add(change);
        progress.note(change);
      } else {
        early.add(change);
      }
    }
    List<Poisonous> poisonous = new ArrayList<>();
    if (!known.isEmpty()) {
      requireSame(from, known, poisonous);
    }
    List<Accepted> accepted = new ArrayList<>();
    if (!ready.isEmpty()) {
      // In the usual case the bytes are passed on as they came.
      Payload bytes =
          update != null && ready.size() == changes.size()
              ? update
              : Payload.of(Change.combine(ready));
      apply(new Accepted(from, bytes, ready), accepted, poisonous);
    }
    for (Change change : early) {
      waiting.add(from, change);
    }
    if (!waiting.isEmpty() && !accepted.isEmpty()) {
      release(accepted, poisonous);
    }
    Progress reached = new Progress(version);
    boolean gap = early.stream().anyMatch(change -> !reached.knows(change));
    return new Outcome(accepted, poisonous, gap);
  }

  /**
   * Requires that changes that are known by their numbers are those that are known: all at once,
   * since each alone costs what the document's replicas do, and any number may be said again.
   */
  private void requireSame(@Nullable Channel from, List<Change> known, List<Poisonous> poisonous) {
    apply(
        new Accepted(from, Payload.of(Change.combine(known)), known), new ArrayList<>(), poisonous);
  }

  private void release(List<Accepted> accepted, List<Poisonous> poisonous) {
    for (WaitingChanges.Waiting each : waiting.takeReady(new Progress(version))) {
      apply(
          new Accepted(each.from(), Payload.of(each.change().toBytes()), List.of(each.change())),
          accepted,
          poisonous);
    }
  }

  private void apply(Accepted offered, List<Accepted> accepted, List<Poisonous> poisonous) {
    MalformedUpdateException reason = tryApply(offered.update());
    if (reason == null) {
      accepted.add(offered);
      return;
    }
    List<Change> changes = offered.changes();
    if (changes.size() == 1) {
      poisonous.add(new Poisonous(offered.from(), changes.get(0), reason));
      return;
    }
    // By halves, to tell the good from the bad in few steps however many there are. What builds on
    // a bad one is neither: it is not ready, and its client will hear of the bad one.
    int before = poisonous.size();
    int middle = changes.size() / 2;
    applyReady(offered.from(), changes.subList(0, middle), accepted, poisonous);
    // A client hears of one, and says the rest again without it; a relay would not be asked.
    if (offered.from() == null || poisonous.size() == before) {
      applyReady(offered.from(), changes.subList(middle, changes.size()), accepted, poisonous);
    }
  }

  private void applyReady(
      @Nullable Channel from,
      List<Change> changes,
      List<Accepted> accepted,
      List<Poisonous> poisonous) {
    Progress progress = new Progress(version);
    List<Change> ready = new ArrayList<>(changes.size());
    for (Change change : changes) {
      if (progress.isReady(change)) {
        ready.add(change);
        progress.note(change);
      }
    }
    if (!ready.isEmpty()) {
      apply(new Accepted(from, Payload.of(Change.combine(ready)), ready), accepted, poisonous);
    }
  }

  private @Nullable MalformedUpdateException tryApply(Payload update) {
    ApplyResult result;
    try {
      result = text.apply(update.bytes());
    } catch (MalformedUpdateException e) {
      return e;
    }
    if (!result.isComplete()) {
      throw new AssertionError("changes that were ready were not applied: " + result);
    }
    version = text.version();
    return null;
  }

  /** Forgets what waits of a channel that is closed. */
  void forget(Channel channel) {
    waiting.forget(channel);
  }
}
