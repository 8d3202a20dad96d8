package dev.weft.relay;

/** What a client may do with a document. */
public enum DocumentAccess {
  /** Nothing: the document is not opened for it. */
  NONE,
  /** Read it, and show where it is; edits and saves are refused. */
  READ,
  /** Everything. */
  WRITE
}
