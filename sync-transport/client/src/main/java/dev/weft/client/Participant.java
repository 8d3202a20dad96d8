package dev.weft.client;

import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.TextDocument;
import dev.weft.protocol.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Somebody else who has the text open, as last heard. Immutable, but for the time that passes.
 *
 * <p>All of it comes from outside: escape the name where it is shown as markup.
 */
public final class Participant {
  private final long id;
  private final String name;
  private final int color;
  private final List<AnchoredSelection> selections;
  private final Payload extension;
  private final long changedAtNanos;
  private final LongSupplier ticker;

  Participant(
      long id,
      String name,
      int color,
      List<AnchoredSelection> selections,
      Payload extension,
      long changedAtNanos,
      LongSupplier ticker) {
    this.id = id;
    this.name = name;
    this.color = color;
    this.selections = List.copyOf(selections);
    this.extension = extension;
    this.changedAtNanos = changedAtNanos;
    this.ticker = ticker;
  }

  /** Returns a random number that is the participant's for as long as it shows itself. */
  public long id() {
    return id;
  }

  /** Returns what to call the participant; may be empty, and another's may be equal. */
  public String name() {
    return name;
  }

  /** Returns the participant's color, {@code 0xRRGGBB}. */
  public int color() {
    return color;
  }

  /**
   * Returns where the participant's carets and selections are in the text now, the main one first.
   * One in text that has not come here yet is left out. O(selections x log spans).
   *
   * @param document the text, as {@link SharedText#read} gives it
   */
  public List<Selection> selections(TextDocument document) {
    return selections.stream().map(each -> each.in(document)).flatMap(Optional::stream).toList();
  }

  /** Returns what the participant's application has added; empty if nothing. */
  public byte[] extension() {
    return extension.bytes().clone();
  }

  /** Returns how long the participant has not moved, as far as was heard. */
  public Duration idleFor() {
    return Duration.ofNanos(Math.max(0, ticker.getAsLong() - changedAtNanos));
  }

  long changedAtNanos() {
    return changedAtNanos;
  }

  /** Returns the name and the id. */
  @Override
  public String toString() {
    return name + " (" + Long.toHexString(id) + ")";
  }
}
