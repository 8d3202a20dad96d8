package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import java.time.Instant;
import java.util.List;

/**
 * Changes that cannot reach the relay, because it refused them for good or because what they build
 * on was lost with a damaged store, and why. Kept until somebody retries or discards it. Immutable.
 */
public final class DeadLetter {
  /** The code of changes that a damaged store had, without what they build on. */
  public static final String STORE_DAMAGED = "store-damaged";

  /**
   * The code of changes that are in no document: they build on what was discarded, or a damaged
   * store had them in no use.
   */
  public static final String LEFT_OUT = "left-out";

  /** The longest code, in characters. */
  public static final int MAX_CODE_LENGTH = 64;

  /** The longest reason, in characters. */
  public static final int MAX_REASON_LENGTH = 2_048;

  private final long number;
  private final DocumentId document;
  private final String code;
  private final String reason;
  private final Instant refusedAt;
  private final byte[] update;

  /**
   * Creates a dead letter, which owns {@code update} from here on: the caller must not change it.
   *
   * @param number names the letter within its store; never used twice
   * @param code why, for programs
   * @param reason why, as a sentence; it comes from outside: escape it where it is shown
   * @param refusedAt when, by the clock of the machine that was refused
   * @param update the changes as one update in the public format
   */
  public DeadLetter(
      long number,
      DocumentId document,
      String code,
      String reason,
      Instant refusedAt,
      byte[] update) {
    this.number = number;
    this.document = document;
    this.code = code;
    this.reason = reason;
    this.refusedAt = refusedAt;
    this.update = update;
  }

  /** Requires what a store keeps, before it keeps it. */
  static void requireValid(String code, String reason, List<Change> changes) {
    requireLength("code", code, MAX_CODE_LENGTH);
    requireLength("reason", reason, MAX_REASON_LENGTH);
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("a dead letter has at least one change");
    }
  }

  private static void requireLength(String name, String value, int max) {
    if (value.length() > max) {
      throw new IllegalArgumentException(
          name + " has at most " + max + " characters, length=" + value.length());
    }
  }

  /** Returns the number that names the letter within its store. */
  public long number() {
    return number;
  }

  /** Returns the document that the changes are of. */
  public DocumentId document() {
    return document;
  }

  /**
   * Returns why, for programs: a code of the relay's, {@link #STORE_DAMAGED} or {@link #LEFT_OUT}.
   */
  public String code() {
    return code;
  }

  /** Returns why, for a person. It comes from outside: escape it where it is shown. */
  public String reason() {
    return reason;
  }

  /** Returns when, by the clock of this machine, which may be wrong and orders nothing. */
  public Instant refusedAt() {
    return refusedAt;
  }

  /**
   * Returns whether the changes are in the document, where they hold back what was edited after
   * them. Those that were {@linkplain #LEFT_OUT left out} of it, or that the repair of a damaged
   * store could not place, are not.
   */
  public boolean holdsBack() {
    return !code.equals(STORE_DAMAGED) && !code.equals(LEFT_OUT);
  }

  /** Returns a copy of the changes as one update, which {@code weft import} takes in. */
  public byte[] update() {
    return update.clone();
  }

  /** Returns the changes, in causal order. */
  public List<Change> changes() {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new StoreDamagedException(
          "dead letter " + number + " of document " + document + " cannot be read", e);
    }
  }

  /** Returns the number, the document and the code. */
  @Override
  public String toString() {
    return "dead letter " + number + " of document " + document + ": " + code;
  }
}
