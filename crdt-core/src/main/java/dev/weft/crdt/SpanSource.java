package dev.weft.crdt;

/** An order of units that an empty {@link SpanTree} can be filled with. */
interface SpanSource {
  /** Appends all spans to empty nodes, and puts inner nodes above them. */
  void moveTo(SpanNodes nodes);

  int unitCount();

  /** Returns which units are deleted; the caller's to keep. */
  UnitSet deleted();
}
