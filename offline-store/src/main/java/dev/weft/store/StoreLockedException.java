package dev.weft.store;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Says that a store is open elsewhere, and by which process: one process at a time owns a store.
 */
public final class StoreLockedException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Negative if the holder did not leave its process id. */
  private final long holderPid;

  StoreLockedException(Path directory, OptionalLong holderPid, String holder) {
    super(
        "the store in "
            + directory
            + " is in use by "
            + holder
            + "; close it there first, or use another directory");
    this.holderPid = holderPid.orElse(-1);
  }

  /**
   * Returns the id of the process that holds the store, which may be this one; empty if it could
   * not be told.
   */
  public OptionalLong holderPid() {
    return holderPid < 0 ? OptionalLong.empty() : OptionalLong.of(holderPid);
  }
}
