package dev.weft.client;

import dev.weft.crdt.VersionVector;
import java.time.Duration;
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

  /** For {@code Heartbeat.sinceHeard}: the relay was heard just now. */
  public static final class AlwaysFresh {
    private AlwaysFresh() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Duration since) {
      since = Duration.ZERO;
    }
  }
}
