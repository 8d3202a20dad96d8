package dev.weft.crdt;

/** To which side an {@link Anchor} holds when text is inserted right where it is. */
public enum Bias {
  /** To the unit on its left: what is inserted at the place comes behind the anchor. */
  LEFT,
  /** To the unit on its right: what is inserted at the place comes before the anchor. */
  RIGHT
}
