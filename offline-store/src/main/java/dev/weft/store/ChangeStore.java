package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.util.List;
import java.util.Optional;

/**
 * A durable log of the changes of many documents: what a relay writes to, and, as {@link
 * WorkspaceStore}, what keeps a person's work on their own device.
 *
 * <h2>What an implementation promises</h2>
 *
 * <ul>
 *   <li><b>Atomic.</b> An append is stored whole or not at all, whatever dies when. An append that
 *       throws has stored nothing, and the store goes on working: the same append may be tried
 *       again.
 *   <li><b>Idempotent.</b> A change that is already there is not stored twice; appending only such
 *       changes succeeds, and with {@link Durability#FSYNCED} still makes them durable.
 *   <li><b>Causal.</b> At every moment the changes of a document are closed under causality: a
 *       change is there only if its predecessor and all its dependencies are. Hence a version
 *       vector describes them completely.
 *   <li><b>Ordered.</b> What is appended later is never more durable than what was appended
 *       earlier, of whatever document: a crash leaves a prefix of the appends. In particular an
 *       append with {@link Durability#FSYNCED}, even of no change, makes all earlier appends as
 *       durable.
 *   <li><b>Visible at once.</b> What an append stored, every call that begins after it has returned
 *       sees.
 *   <li><b>Checked.</b> What is read is compared with a checksum made when it was written. Damage
 *       is reported ({@link StoreDamagedException}), never returned as data and never overwritten.
 *   <li><b>Thread-safe.</b> Any thread may call anything; appends are serialised, and reading does
 *       not wait for the disk to confirm an append.
 * </ul>
 *
 * <p>Every method but {@link #close} throws {@link StoreException} if the store cannot be read or
 * written, and {@link IllegalStateException} if it is closed. A document that the store has never
 * heard of is an empty one; asking about it does not create it.
 *
 * <p>{@code ChangeStoreContract}, in this module's test artifact, checks these promises for any
 * implementation.
 */
public interface ChangeStore extends AutoCloseable {

  /** Returns the documents that the store holds anything of, ascending. O(documents). */
  List<DocumentId> documents();

  /**
   * Returns what the store holds of {@code document}: exactly the events that this vector includes.
   * Empty if it is unknown. O(1) for a document in recent use, else O(replicas · log changes).
   */
  VersionVector version(DocumentId document);

  /**
   * Appends changes and returns the version after it. Returns only when they are as durable as
   * asked. What of them the store has is skipped. O(changes · log changes stored).
   *
   * @param changes in causal order: each one's dependencies are stored or stand before it
   * @throws IllegalArgumentException if a change's predecessor or one of its dependencies is
   *     missing; nothing is appended then
   */
  VersionVector append(DocumentId document, List<Change> changes, Durability durability);

  /**
   * Returns the changes of {@code document} that {@code seen} has not, in causal order, and of a
   * change that it has the beginning of, the rest. What {@code seen} has and the store has not is
   * of no account. O(log changes stored) for each replica that is behind, beside what it returns.
   */
  List<Change> readSince(DocumentId document, VersionVector seen);

  /** Returns the latest snapshot of {@code document}. */
  Optional<StoredSnapshot> snapshot(DocumentId document);

  /**
   * Keeps a snapshot in the place of the one before; ignored if that one has seen more. A snapshot
   * saves reading the log from its beginning, it never replaces the log: losing it loses nothing.
   * Hence a store may refuse one, by {@link StoreException}, that would take the room it needs for
   * the log.
   *
   * @param version what the snapshot has seen
   * @param snapshot what {@link dev.weft.crdt.TextDocument#snapshot} wrote; copied
   * @throws IllegalArgumentException if {@code version} has seen anything that the store has not
   */
  void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot);

  /**
   * Does a bounded piece of housekeeping, if some is due: whatever makes the store smaller or
   * quicker and nothing of what it holds different. Worth calling now and then, when nobody waits;
   * an append meanwhile waits some milliseconds at most. By default there is none.
   *
   * @return whether more is due
   */
  default boolean compact() {
    return false;
  }

  /**
   * Closes the store. What was appended is then as durable as {@link Durability#FSYNCED}. Closing
   * again does nothing.
   *
   * @throws StoreException if the disk does not confirm; the store is closed nevertheless
   */
  @Override
  void close();
}
