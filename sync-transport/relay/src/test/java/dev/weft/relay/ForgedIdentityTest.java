package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who writes under the replica id of somebody who is there. Whoever comes is known by the token
 * that it shows; one that begins with "reader" may only read.
 */
class ForgedIdentityTest {
  private static final long ADAS = 0xa;
  private static final long BENS = 0xb;

  private static final Authenticator BY_TOKEN =
      (token, peer) ->
          CompletableFuture.completedFuture(
              token.startsWith("reader")
                  ? new Identity(token, null, document -> DocumentAccess.READ)
                  : Identity.ofWriter(token));

  @RegisterExtension final LogLines log = LogLines.of(RefusalLog.class);

  @TempDir Path directory;
  private TestRelay relay;

  @BeforeEach
  void setUp() {
    relay = TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(BY_TOKEN));
  }

  @AfterEach
  void tearDown() {
    relay.close();
  }

  private Author join(String token, long replica) {
    return Author.join(relay.uri(), replica, Author.DOCUMENT, token);
  }

  /** Closes the channel, and returns when the document is sure to hear of that before all else. */
  private static void leave(Author author) {
    author.peer.say(new ClientMessage.Close(1));
    author.peer.say(new ClientMessage.Ping(99, 0, null));
    author.peer.hear(RelayMessage.Pong.class, pong -> pong.nonce() == 99);
  }

  private static void assertForged(Author author) {
    RelayMessage.Fault fault = author.peer.hear(RelayMessage.Fault.class);
    assertThat(fault.refusal().code()).isEqualTo(Codes.FORGED_IDENTITY);
    assertThat(fault.refusal().retryable()).isTrue();
    assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
  }

  @Test
  void shouldRefuseWhatGoesOnUnderTheIdOfOneWhoIsThere() {
    try (Author ada = join("ada", ADAS);
        Author ben = join("ben", BENS)) {
      ada.type("by Ada, ");
      ben.awaitText("by Ada, ");
      try (Author forger = join("eve", ADAS)) {
        forger.type("not by Ada");

        assertForged(forger);
        assertThat(log.all())
            .anyMatch(
                each ->
                    each.matches(
                        "INFO document notes: channel 1 of session \\S+ of \"eve\" from 127\\.0\\.0\\.1:\\d+"
                            + " refused: forged-identity .*"));
      }
      ada.type("and on");

      ben.awaitText("by Ada, and on");
      ada.save("s1");
    }
  }

  @Test
  void shouldRefuseThemTooWhereTheyDoNotSayWhatTheyWriteUnder() {
    try (Author ada = join("ada", ADAS);
        Author forger = Author.over(Peer.greet(relay.uri(), "eve"), ADAS)) {
      ada.type("by Ada");
      ada.save("s0");
      forger.peer.say(new ClientMessage.Open(1, Author.DOCUMENT, forger.text.version(), 0, null));
      forger.caughtUp();
      forger.text.insert(0, "not ");
      forger.peer.say(
          new ClientMessage.Edits(
              1, Payload.of(forger.text.changesSince(ada.text.version())), null));

      assertForged(forger);
      ada.save("s1");
    }
  }

  @Test
  void shouldTakeFromOthersWhatTheWriterHasSaidToHave() {
    try (Author ada = Author.over(Peer.greet(relay.uri(), "ada"), ADAS);
        Author ben = join("ben", BENS);
        Author cem = join("cem", 0xc)) {
      // As after a crash of the relay: it has lost what two have, and the other is quicker.
      ada.text.insert(0, "kept by two");
      byte[] lost = ada.text.changesSince(VersionVector.EMPTY);
      ada.sayOpen(Author.DOCUMENT);
      ada.peer.hear(RelayMessage.Opened.class);
      ben.apply(Payload.of(lost));
      ben.sayEdits(lost);

      cem.awaitText("kept by two");
      ben.save("s1");
    }
  }

  @Test
  void shouldTakeWhatGoesOnUnderTheIdOfOneWhoHasLeft() {
    try (Author ada = join("ada", ADAS);
        Author ben = join("ben", BENS)) {
      ada.type("by Ada, ");
      ada.save("s1");
      try (Author other = join("eve", ADAS)) {
        leave(ada);
        other.type("by whoever has it");
        other.save("s2");
      }

      ben.awaitText("by Ada, by whoever has it");
    }
  }

  @Test
  void shouldTakeWhatSomebodyWritesWhoIsBackBeforeTheOldConnectionIsFoundDead() {
    try (Author before = join("ada", ADAS);
        Author ben = join("ben", BENS)) {
      before.type("before, ");
      ben.awaitText("before, ");
      try (Author back = join("ada", ADAS)) {
        back.type("after, ");
        ben.awaitText("before, after, ");
        leave(before);
        try (Author forger = join("eve", ADAS)) {
          forger.type("never");

          assertForged(forger);
        }
        back.type("and on");
        ben.awaitText("before, after, and on");
      }
    }
  }

  @Test
  void shouldNotLetReadersKeepWritersFromTheirIds() {
    try (Author reader = join("reader", ADAS);
        Author ada = join("ada", ADAS)) {
      ada.type("by Ada");
      reader.awaitText("by Ada");
    }
  }

  @Test
  void shouldTakeWhatSomebodyElseSaysAgain() {
    try (Author ada = join("ada", ADAS);
        Author ben = join("ben", BENS)) {
      ada.type("by Ada");
      ben.awaitText("by Ada");
      ben.sayEdits(ben.text.changesSince(VersionVector.EMPTY));

      ben.save("s1");
      ben.peer.hearNothingOf(RelayMessage.Fault.class);
    }
  }

  @Test
  void shouldTakeFromOthersWhatHasReachedTheRelayWithAGap() {
    try (Author ada = join("ada", ADAS);
        Author ben = join("ben", BENS);
        Author cem = join("cem", 0xc)) {
      ada.text.insert(0, "one ");
      VersionVector one = ada.text.version();
      ada.text.insert(4, "two");
      byte[] both = ada.text.changesSince(VersionVector.EMPTY);
      ada.sayEdits(ada.text.changesSince(one));
      ada.peer.hear(RelayMessage.Resend.class);
      ben.sayEdits(both);

      cem.awaitText("one two");
    }
  }

  @Test
  void shouldTakeAgainFromOthersWhatTheWriterHasForgotten() {
    try (Author before = join("ada", ADAS);
        Author ben = join("ben", BENS)) {
      before.type("by Ada");
      ben.awaitText("by Ada");
      try (Author forgetful = Author.over(Peer.greet(relay.uri(), "ada"), ADAS)) {
        forgetful.sayOpen(Author.DOCUMENT);
        forgetful.peer.hear(RelayMessage.Opened.class);
        ben.sayEdits(ben.text.changesSince(VersionVector.EMPTY));

        ben.save("s1");
        ben.peer.hearNothingOf(RelayMessage.Fault.class);
      }
    }
  }

  @Test
  void shouldLetSomebodyGoOnByAnotherConnectionOfTheSameName() {
    try (Author here = join("ada", ADAS);
        Author ben = join("ben", BENS);
        Author there = join("ada", ADAS)) {
      here.type("from here");

      ben.awaitText("from here");
      there.awaitText("from here");
    }
  }
}
