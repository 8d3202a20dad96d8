package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that does not read costs a bounded amount, and delays nobody. */
class RelaySlowReaderTest {
  private static final int EDITS = 400;
  private static final int UNITS = 10_000;

  @TempDir Path directory;

  @Test
  void shouldConflateForSlowReaderAndDelayNobodyElse() {
    Tuning small = new Tuning().outboundBytes(64 << 10);
    try (TestRelay relay = TestRelay.start(directory, small);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        // It takes in Welcome and Opened, and then nothing.
        Peer peer = Peer.connect(relay.uri(), 2)) {
      Author slow = Author.over(peer, 3);
      peer.say(new ClientMessage.Hello("slow/1", "", Capabilities.NONE, ""));
      peer.hear(RelayMessage.Welcome.class);
      slow.open(Author.DOCUMENT);

      Random random = new Random(5);
      for (int i = 0; i < EDITS; i++) {
        ada.type(noise(random));
        // One by one, so that they are not simply passed on together.
        ben.awaitVersion(ada.text.version());
      }
      assertThat(ben.text.text()).isEqualTo(ada.text.text());

      peer.read();
      int messages = 0;
      while (!slow.text.version().includes(ada.text.version())) {
        slow.hearEdits();
        messages++;
      }
      assertThat(slow.text.text()).isEqualTo(ada.text.text());
      assertThat(messages).isLessThan(EDITS / 2);

      ada.type("and on it goes");
      slow.awaitText(ada.text.text());
    }
  }

  /** Text that does not become smaller on the way. */
  private static String noise(Random random) {
    StringBuilder text = new StringBuilder(UNITS);
    for (int i = 0; i < UNITS; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}
