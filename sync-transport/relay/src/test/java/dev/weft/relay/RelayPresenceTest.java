package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is where: passed on, shown to who comes later, and taken back. */
class RelayPresenceTest {
  @TempDir Path directory;

  @Test
  void shouldShowPresenceToOthersAndLaterToWhoComes() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.peer.say(at(1, 3));
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(at(1, 3));
      ada.peer.say(at(2, 9));
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(at(2, 9));

      Author cyd = Author.join(relay.uri(), 3);

      assertThat(cyd.peer.hear(Presence.class)).isEqualTo(at(2, 9));
      cyd.close();
    }
  }

  @Test
  void shouldIgnorePresenceWhenItIsOld() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.peer.say(at(5, 3));
      ada.peer.say(at(4, 1));
      ada.peer.say(at(6, 7));

      assertThat(ben.peer.hear(Presence.class).clock()).isEqualTo(5);
      assertThat(ben.peer.hear(Presence.class).clock()).isEqualTo(6);
    }
  }

  @Test
  void shouldTellThatParticipantIsGoneWhenConnectionOrChannelEnds() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.peer.say(at(1, 3));
      ben.peer.hear(Presence.class);

      ada.peer.close();
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(Presence.gone(1, 0xada, 2));

      ada.reconnect(relay.uri(), Author.DOCUMENT);
      ada.peer.say(at(3, 3));
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(at(3, 3));
      ada.peer.say(new ClientMessage.Close(1));
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(Presence.gone(1, 0xada, 4));
    }
  }

  private static Presence at(long clock, int where) {
    Payload anchor = Payload.of(new byte[] {(byte) where});
    return new Presence(
        1,
        0xada,
        clock,
        false,
        0,
        "Ada",
        0xff0000,
        List.of(new Presence.Selection(anchor, anchor)),
        Payload.EMPTY);
  }
}
