package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import net.bytebuddy.asm.Advice;

/** What is put into the relay's code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
public final class RelayMutations {
  private RelayMutations() {}

  /** For {@code PendingSaves.add}: a save is done once its edits are here. */
  public static final class SavedOnceItIsHere {
    private SavedOnceItIsHere() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This PendingSaves saves, @Advice.Argument(2) VersionVector version) {
      saves.flushed(version);
    }
  }
}
