package dev.weft.crdt;

import net.bytebuddy.asm.Advice;

/** What is put into the core's code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
public final class CoreMutations {
  private CoreMutations() {}

  /** For {@code SiblingSearch.find}: whoever comes later stands behind, whatever its id. */
  public static final class ArrivalDecides {
    private ArrivalDecides() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 2, readOnly = false) long replica) {
      replica = -1;
    }
  }
}
