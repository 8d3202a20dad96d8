package dev.weft.protocol;

import java.util.List;

/**
 * Where someone is in a document; said by a client of itself and by a relay of others. The newest
 * wins; it is never stored and may be lost. Immutable.
 *
 * @param channel the document's channel on the connection that carries the message
 * @param participant who: a random number, the same for as long as the client shows itself
 * @param clock counts the participant's messages; a lower one than was seen is old
 * @param gone whether the participant has left; nothing else is told then
 * @param expiresAfterMillis when to forget the participant if nothing newer comes; 0 for 30 s
 * @param name what to call the participant; text from outside: escape it where it is shown
 * @param color {@code 0xRRGGBB}
 * @param selections carets and selections
 * @param extension the embedding application's own
 */
public record Presence(
    int channel,
    long participant,
    long clock,
    boolean gone,
    int expiresAfterMillis,
    String name,
    int color,
    List<Selection> selections,
    Payload extension)
    implements ClientMessage, RelayMessage.OfChannel {
  /** When a participant is forgotten who does not say it otherwise. */
  public static final int DEFAULT_EXPIRY_MILLIS = 30_000;

  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 256;

  /** The most selections. */
  public static final int MAX_SELECTIONS = 256;

  /**
   * Creates the message with a copy of the list.
   *
   * @throws IllegalArgumentException if a value is out of its bounds
   */
  public Presence {
    Bounds.requireChannel(channel);
    if (clock < 0) {
      throw new IllegalArgumentException("clock must not be negative, clock=" + clock);
    }
    Bounds.requireNotNegative("expiresAfterMillis", expiresAfterMillis);
    Bounds.requireLength("name", name, MAX_NAME_BYTES);
    if (color < 0 || color > 0xFFFFFF) {
      throw new IllegalArgumentException(
          "color must be from 0x000000 to 0xffffff, color=0x" + Integer.toHexString(color));
    }
    Bounds.requireCount("selections", selections, MAX_SELECTIONS);
    selections = List.copyOf(selections);
  }

  /** Returns the message that a participant has left. */
  public static Presence gone(int channel, long participant, long clock) {
    return new Presence(channel, participant, clock, true, 0, "", 0, List.of(), Payload.EMPTY);
  }

  @Override
  public Presence onChannel(int other) {
    return new Presence(
        other, participant, clock, gone, expiresAfterMillis, name, color, selections, extension);
  }

  /**
   * A caret, where both ends are equal, or a selection.
   *
   * @param anchor the end that stays while the selection is extended
   * @param head the end that moves: the caret
   */
  public record Selection(Payload anchor, Payload head) {}
}
