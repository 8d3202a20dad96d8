package dev.weft.cli.trace;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recorded history of edits: transactions, each made by one writer on the text that its parents
 * name, each a row of patches. Positions and lengths are Unicode code points. Immutable.
 *
 * <p>Held in columns, so that a trace of a million keystrokes is read into some tens of megabytes.
 */
public final class Trace {
  /** How a trace says who wrote what on which text. */
  public enum Kind {
    /** Every transaction is made on the text that the one before it left. */
    SEQUENTIAL,
    /** Numbered agents, each of them one replica; parents are transactions. */
    CONCURRENT,
    /**
     * Named agents that may work on several branches; every transaction is a replica of its own.
     */
    EVENT_GRAPH
  }

  private final String name;
  private final Kind kind;
  private final String startContent;
  private final @Nullable String endContent;
  private final int recordedTransactions;
  private final int[] writers;
  private final int writerCount;
  private final int[] parentStarts;
  private final int[] parents;
  private final int[] patchStarts;
  private final Patches patches;
  private final long events;
  private final boolean basicPlaneOnly;

  /**
   * @param parentStarts per transaction where its parents start in {@code parents}, and their end
   * @param patchStarts per transaction its first patch, and the end of the last one's
   */
  Trace(
      String name,
      Kind kind,
      String startContent,
      @Nullable String endContent,
      int recordedTransactions,
      int[] writers,
      int[] parentStarts,
      int[] parents,
      int[] patchStarts,
      Patches patches) {
    this.name = name;
    this.kind = kind;
    this.startContent = startContent;
    this.endContent = endContent;
    this.recordedTransactions = recordedTransactions;
    this.writers = writers;
    this.writerCount = Arrays.stream(writers).max().orElse(-1) + 1;
    this.parentStarts = parentStarts;
    this.parents = parents;
    this.patchStarts = patchStarts;
    this.patches = patches;
    long eventsSoFar = 0;
    boolean basic = codePoints(startContent) == startContent.length();
    for (int patch = 0; patch < patches.size(); patch++) {
      int inserted = codePoints(patches.inserted(patch));
      eventsSoFar += patches.deleted(patch) + (long) inserted;
      basic &= inserted == patches.inserted(patch).length();
    }
    this.events = eventsSoFar;
    this.basicPlaneOnly = basic;
  }

  /** Returns the name by which messages call the trace, its file's name as a rule. */
  public String name() {
    return name;
  }

  /** Returns how the trace says who wrote what. */
  public Kind kind() {
    return kind;
  }

  /** Returns the text before the first transaction, which every writer starts from. */
  public String startContent() {
    return startContent;
  }

  /** Returns the text that all transactions together must give, where the trace tells. */
  public Optional<String> endContent() {
    return Optional.ofNullable(endContent);
  }

  /**
   * Returns how many transactions were recorded. An event graph may have more in {@link
   * #transactionCount}: one in whose middle another branches off is held in pieces.
   */
  public int recordedTransactions() {
    return recordedTransactions;
  }

  /** Returns how many transactions there are to replay; parents stand before children. */
  public int transactionCount() {
    return writers.length;
  }

  /** Returns how many replicas write; where two inserts tie, the lower writer's stands first. */
  public int writerCount() {
    return writerCount;
  }

  /** Returns who makes the transaction, from 0 up to {@link #writerCount} exclusive. */
  public int writer(int transaction) {
    return writers[transaction];
  }

  /** Returns a copy of the list of transactions on whose merged text this one is made. */
  public int[] parents(int transaction) {
    return Arrays.copyOfRange(parents, parentStarts[transaction], parentStarts[transaction + 1]);
  }

  /** Returns how many single code points were inserted or deleted in all. */
  public long events() {
    return events;
  }

  /** Returns whether a code point is one UTF-16 unit in every text of this trace. */
  public boolean basicPlaneOnly() {
    return basicPlaneOnly;
  }

  Patches patches() {
    return patches;
  }

  /** The transaction's first patch; that of {@code transactionCount()} is the end of all. */
  int firstPatch(int transaction) {
    return patchStarts[transaction];
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
