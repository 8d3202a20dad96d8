package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DeadLetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether edits of a text may go out: what the relay has refused of them for good, and whether it
 * lets this client write at all. While something is refused, nothing goes out, and no save is done.
 * Confined to the loop, but for {@link #letters}.
 *
 * <p>A relay may say first that the text can be written, and then refuse edits as read-only. It is
 * not believed a second time on the same connection, or the edits would go back and forth for ever.
 */
final class RefusedEdits {
  private final DeadLetters letters;
  private final Saves saves;
  private final LocalCopy copy;
  private final Session session;
  private boolean readOnly;
  private long refusedOnConnection;

  RefusedEdits(DeadLetters letters, Saves saves, LocalCopy copy, Session session) {
    this.letters = letters;
    this.saves = saves;
    this.copy = copy;
    this.session = session;
    this.readOnly = letters.areForReadingOnly();
  }

  /** Returns why edits are refused for good; null if they are not. */
  @Nullable Refusal why() {
    return letters.refusal();
  }

  /** Returns what was refused. May be called by any thread. */
  List<DeadLetter> letters() {
    return letters.all();
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** What comes after a refused change builds on it: none of it can be sent. Reading goes on. */
  void refuse(Refusal why) {
    if (why.code().equals(Codes.READ_ONLY)) {
      // On this connection nothing else is to be expected, whatever it said before.
      refusedOnConnection = session.connections();
    }
    copy.linkLost();
    letters.refused(why);
    saves.refuseAll(why);
  }

  /** The relay says what it lets this client do: what was only to be read may be written now. */
  void granted(RelayMessage.Access access) {
    boolean wasReadOnly = readOnly;
    readOnly = access == RelayMessage.Access.READ;
    boolean mayWriteNow =
        !readOnly && (wasReadOnly || session.connections() != refusedOnConnection);
    if (mayWriteNow && letters.areForReadingOnly()) {
      retry();
    }
  }

  /** What was refused is to be sent again. */
  void retry() {
    letters.retry();
    saves.forgetRefusal();
  }

  /**
   * The relay holds {@code durable}, which may be more than it refused.
   *
   * @return whether edits that were held back may go out now
   */
  boolean relayHolds(VersionVector durable) {
    boolean held = why() != null;
    letters.relayHolds(durable);
    return held && why() == null;
  }

  /** The text has all that the relay has. */
  void inStep() {
    letters.inStep();
  }
}
