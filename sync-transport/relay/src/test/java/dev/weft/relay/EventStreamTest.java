package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** How events go out. */
class EventStreamTest {
  private int left = 20_000;

  @Test
  void shouldNotNestEventsThatComeWhileOneIsWritten() {
    EventStream[] stream = new EventStream[1];
    Content.Sink sink =
        (last, bytes, callback) -> {
          // As the document's worker does on its own thread, at this moment.
          if (left-- > 0) {
            stream[0].give(TextEvents.HEARTBEAT);
          }
          callback.succeeded();
        };
    stream[0] = new EventStream(sink, Callback.NOOP, () -> {});

    stream[0].restart(null);

    assertThat(left).isNegative();
  }
}
