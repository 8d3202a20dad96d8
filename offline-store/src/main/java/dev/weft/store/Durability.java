package dev.weft.store;

/** What an append must survive before it returns; each level includes the ones before it. */
public enum Durability {
  /**
   * Survives the end of this process, whatever its cause: the changes are with the operating
   * system. A crash of the machine may take the last of them, but never an earlier one without all
   * that were appended after it.
   */
  WRITTEN,

  /**
   * Survives a crash of the machine: the disk has confirmed that it holds the changes, and all that
   * were appended to the store before them.
   */
  FSYNCED
}
