package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a save has come to. A save that is asked for while another waits joins it: both go on under
 * one id, which the receipt names, as one that covers what either does, as safely as either asked.
 * What was told to be pending ends under the id under which that was told. Immutable.
 *
 * @param saveId names the save
 * @param state what it has come to
 * @param version what it covers
 * @param at when it came to that, by this device's wall clock: for people, it orders nothing
 * @param receipt the proof, where it is acknowledged; else null
 * @param refusal why not, where it is refused; else null
 */
public record SaveProgress(
    String saveId,
    State state,
    VersionVector version,
    Instant at,
    @Nullable SaveReceipt receipt,
    @Nullable Refusal refusal) {

  /** The states of a save. Only from the first does it come to another. */
  public enum State {
    /**
     * It is kept on this device and asked for on every connection, after a restart too; or, if no
     * more than this device's disk was asked for, it is being flushed to that.
     */
    PENDING,
    /** It is done: the receipt says how safe. */
    ACKNOWLEDGED,
    /**
     * It was refused for good. The text is on this device, unless it is this device's store that
     * could not take it ({@link dev.weft.protocol.Codes#STORE_UNAVAILABLE}); whether it is
     * elsewhere is not known.
     */
    REFUSED
  }

  static SaveProgress pending(String saveId, VersionVector version, Instant at) {
    return new SaveProgress(saveId, State.PENDING, version, at, null, null);
  }

  static SaveProgress acknowledged(String saveId, SaveReceipt receipt, Instant at) {
    return new SaveProgress(saveId, State.ACKNOWLEDGED, receipt.version(), at, receipt, null);
  }

  static SaveProgress refused(String saveId, VersionVector version, Refusal why, Instant at) {
    return new SaveProgress(saveId, State.REFUSED, version, at, null, why);
  }
}
