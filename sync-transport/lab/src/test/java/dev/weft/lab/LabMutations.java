package dev.weft.lab;

import dev.weft.store.Durability;
import net.bytebuddy.asm.Advice;

/** What is put into any code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
final class LabMutations {
  private LabMutations() {}

  /** For {@code DiskStore.append}: nothing is asked of the disk. */
  static final class NothingIsSynced {
    private NothingIsSynced() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 2, readOnly = false) Durability durability) {
      durability = Durability.WRITTEN;
    }
  }

  /** Nothing is done. */
  static final class NothingIsDone {
    private NothingIsDone() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }

  /** What is asked is so. */
  static final class ItIsSo {
    private ItIsSo() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean answer) {
      answer = true;
    }
  }

  /** What is asked is not so. */
  static final class ItIsNot {
    private ItIsNot() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean answer) {
      answer = false;
    }
  }
}
