package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.RelayMessage;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

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

  /** For {@code StoreHealth.begin}: a store that has failed is never tried again. */
  public static final class OnceOpenAlwaysOpen {
    private OnceOpenAlwaysOpen() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This StoreHealth health,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC)
            @Nullable Object attempt) {
      if (!health.state().available()) {
        attempt = null;
      }
    }
  }

  /** For {@code RelayHub.tellAll}: that the store is well again is not told. */
  public static final class BadNewsOnly {
    private BadNewsOnly() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.Argument(0) RelayMessage.StoreState state) {
      return state.available();
    }
  }
}
