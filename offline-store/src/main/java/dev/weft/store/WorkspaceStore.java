package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The store of one device's workspace: beside the log, under which replica ids this device writes,
 * which of its changes the relay does not hold durably yet (the outbox), and the saves that wait
 * for an answer. All of it outlives restarts. The promises of {@link ChangeStore} hold for it too.
 *
 * <h2>Identity</h2>
 *
 * <p>A replica id names everything that was ever written under it, so it is used again only by who
 * holds all of that. {@link #replicaId} marks the id durably as held; {@link #releaseReplicaId}
 * gives it back with a proof: the next sequence number, which must be exactly what the log has. An
 * id that was not given back (the process died, or the disk failed, and what was typed last may
 * have been sent but not stored) is retired when the store or the document is opened next, and the
 * document gets a new one. So are all ids of a store that was copied or put back from a backup,
 * whose original may have gone on writing. Retired ids stay {@linkplain #ownReplicas own}: their
 * unsent changes stay in the outbox.
 *
 * <h2>Dead letters</h2>
 *
 * <p>What a relay refuses for good stays in the log and in the text, and so does what builds on it;
 * a dead letter keeps the reason, and the changes once more, until somebody {@linkplain
 * #removeDeadLetter retries} or {@linkplain #discardDeadLetter discards} them.
 */
public interface WorkspaceStore extends ChangeStore {

  /**
   * Returns the replica id for a new writer of {@code document}, held from now on: the one that was
   * given back last, otherwise a new one. An id that is still held is retired first, since whoever
   * has it may have sent what the log does not have. So each copy of the document that is opened
   * takes its id by a call of its own, and no two write under one.
   *
   * <p>The id returned may have written before; a writer therefore loads what the store holds
   * before it writes. Durable as {@link Durability#FSYNCED}. To have one is not to have anything of
   * the document: one that was only looked at is none of the {@link #documents}.
   */
  ReplicaId replicaId(DocumentId document);

  /**
   * Gives the id of {@link #replicaId} back, after everything written under it has been appended.
   * Returns whether it will be used again: only if {@code nextSequence} is what the log says. If
   * not, the next caller gets a new id, and nothing else is lost. Does nothing, and returns false,
   * if the id is not held: a writer that closes late must not give back its successor's.
   *
   * @param replica the id to give back
   * @param nextSequence the next sequence number of the id: {@link
   *     dev.weft.crdt.TextDocument#nextSequence}
   */
  boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence);

  /**
   * Has an id of this device's never be used again, held or not: somebody else turned out to write
   * under it. Durable as {@link Durability#FSYNCED}; does nothing if the id is not one of them.
   */
  void retireReplicaId(DocumentId document, ReplicaId replica);

  /**
   * Returns every replica id under which this device has written {@code document} or may, oldest
   * first.
   */
  List<ReplicaId> ownReplicas(DocumentId document);

  /**
   * Returns what the relay has said to hold durably of {@code document}; empty before it said
   * anything.
   */
  VersionVector relayDurable(DocumentId document);

  /**
   * Notes that the relay holds {@code durable} durably: merged with what it said before. This alone
   * takes changes out of the outbox.
   */
  void advanceRelayDurable(DocumentId document, VersionVector durable);

  /**
   * Returns the outbox: this device's own changes of {@code document} that the relay is not known
   * to hold durably, in causal order. Costs as {@link #readSince} does.
   */
  default List<Change> outbox(DocumentId document) {
    Set<ReplicaId> own = new HashSet<>(ownReplicas(document));
    VersionVector held = version(document);
    VersionVector durable = relayDurable(document);
    VersionVector.Builder seen = new VersionVector.Builder();
    for (ReplicaId replica : held.replicas()) {
      seen.advance(replica, own.contains(replica) ? durable.next(replica) : held.next(replica));
    }
    List<Change> outbox = new ArrayList<>(readSince(document, seen.build()));
    outbox.removeIf(change -> !own.contains(change.replica()));
    return outbox;
  }

  /** Returns how much the {@link #outbox} holds. O(replica ids + log rows in the outbox). */
  OutboxSize outboxSize(DocumentId document);

  /**
   * Keeps changes that were refused for good. Durable as {@link Durability#FSYNCED}.
   *
   * @param code why, for programs; at most {@link DeadLetter#MAX_CODE_LENGTH} characters
   * @param reason why, for a person; at most {@link DeadLetter#MAX_REASON_LENGTH} characters
   * @param refusedAt when, by this machine's clock; kept to the millisecond
   * @param changes what was refused, at least one, in causal order
   * @return the letter, with a number that no other of this store had or will have
   * @throws IllegalArgumentException if there is no change, or a text is too long
   */
  DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes);

  /** Returns the dead letters of {@code document}, oldest first. */
  List<DeadLetter> deadLetters(DocumentId document);

  /**
   * Forgets a dead letter, because its changes are tried again: they are in the outbox as they were
   * all the time. Returns whether it was there.
   */
  boolean removeDeadLetter(DocumentId document, long number);

  /**
   * Forgets a dead letter, and takes its changes and all that builds on them out of the log: the
   * document is then what it would be without them. The ids under which they were written are
   * retired. Durable as {@link Durability#FSYNCED}. O(history).
   *
   * @return how many events were taken out; 0 if the log had none of them
   * @throws IllegalArgumentException if there is no such letter
   * @throws IllegalStateException if somebody writes the document: its replica id is held
   */
  long discardDeadLetter(DocumentId document, long number);

  /**
   * Keeps a save until it is removed; one of the same id is replaced. Durable as {@link
   * Durability#FSYNCED}, together with everything appended before, when this returns.
   *
   * @throws IllegalArgumentException if the save covers anything that the store does not hold
   */
  void putPendingSave(DocumentId document, PendingSave save);

  /** Returns the saves of {@code document} that wait for an answer, oldest first. */
  List<PendingSave> pendingSaves(DocumentId document);

  /** Forgets a save, because it was acknowledged or refused; does nothing if it is unknown. */
  void removePendingSave(DocumentId document, String saveId);
}
