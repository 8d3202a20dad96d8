package dev.weft.store;

import dev.weft.crdt.VersionVector;
import net.bytebuddy.asm.Advice;

/** What is put into the store's code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
public final class StoreMutations {
  private StoreMutations() {}

  /** For {@code CausalAppend.of}: everything is new. */
  public static final class NothingIsKnown {
    private NothingIsKnown() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 1, readOnly = false) VersionVector before) {
      before = VersionVector.EMPTY;
    }
  }
}
