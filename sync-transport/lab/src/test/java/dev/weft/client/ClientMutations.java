package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** What is put into the client's code, to break it. What it assigns, that reads. */
@SuppressWarnings("UnusedVariable")
public final class ClientMutations {
  private ClientMutations() {}

  /** For {@code Watermark.rose}: what was sent is safe. */
  public static final class SentIsSafe {
    private SentIsSafe() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.FieldValue("copy") LocalCopy copy,
        @Advice.Argument(value = 0, readOnly = false) VersionVector vector) {
      vector = copy.taken();
    }
  }

  /** For {@code Journal.relayHoldsDurably}: the outbox is empty once somebody asks. */
  public static final class OutboxIsTrimmedEarly {
    private OutboxIsTrimmedEarly() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.FieldValue("copy") LocalCopy copy,
        @Advice.Argument(value = 0, readOnly = false) VersionVector vector) {
      vector = copy.version();
    }
  }

  /** For {@code Heartbeat.isKnownAt}: what is shown is as old as the answer, not the question. */
  public static final class AnswersAreNews {
    private AnswersAreNews() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.FieldValue("environment") Environment environment,
        @Advice.Argument(value = 0, readOnly = false) long nanos) {
      nanos = environment.ticker().getAsLong();
    }
  }

  /** For {@code Save.copies}: one machine is enough. */
  public static final class OneIsEnough {
    private OneIsEnough() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) int copies) {
      copies = 1;
    }
  }

  /** For {@code StoredText.deadLetters}: nothing was refused. */
  public static final class NothingWasRefused {
    private NothingWasRefused() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) List<DeadLetter> letters) {
      letters = List.of();
    }
  }
}
