package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of the protocol side by side on one relay. */
class ProtocolVersionsTest {
  private static final SecondVersion SECOND = new SecondVersion();

  @TempDir Path directory;

  @Test
  void shouldLetOldAndNewClientsEditOneDocument() {
    try (TestRelay relay = start();
        Author old = Author.join(relay.uri(), 1);
        Peer peer = Peer.connect(relay.uri(), Long.MAX_VALUE, SECOND, SecondVersion.NAME);
        Author modern = Author.over(peer, 2)) {
      peer.hello();
      modern.open(Author.DOCUMENT);
      old.type("one ");
      modern.awaitText("one ");
      modern.type("two ");
      old.awaitText("one two ");
      old.type("three");
      modern.awaitText("one two three");
      assertThat(modern.save("s1").vector()).isEqualTo(old.text.version());

      assertThat(relay.server.connectionsByVersion())
          .isEqualTo(
              Map.of(
                  SecondVersion.NAME,
                  new ConnectionCount(1, 1),
                  Frames.SUBPROTOCOL,
                  new ConnectionCount(1, 1)));
    }
  }

  @Test
  void shouldCountConnectionsThatAreThereAndThatWere() {
    ProtocolVersions versions = new ProtocolVersions(List.of(SECOND, ProtocolVersion.V1));
    versions.connected(ProtocolVersion.V1);
    versions.connected(ProtocolVersion.V1);
    versions.connected(SECOND);

    versions.gone(ProtocolVersion.V1);

    assertThat(versions.counts())
        .containsExactly(
            Map.entry(SecondVersion.NAME, new ConnectionCount(1, 1)),
            Map.entry(Frames.SUBPROTOCOL, new ConnectionCount(1, 2)));
  }

  @Test
  void shouldForgetConnectionThatIsGone() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      hub.greet();
      Line second = hub.greet();
      second.vanish();

      assertThat(hub.hub.versions().counts())
          .containsExactly(Map.entry(Frames.SUBPROTOCOL, new ConnectionCount(1, 2)));
    }
  }

  @Test
  void shouldPickNewestThatBothSpeak() {
    try (TestRelay relay = start();
        Peer both =
            Peer.connect(
                relay.uri(),
                Long.MAX_VALUE,
                SECOND,
                SecondVersion.NAME,
                "weft.v3",
                Frames.SUBPROTOCOL);
        Peer old =
            Peer.connect(
                relay.uri(), Long.MAX_VALUE, Peer.Tongue.V1, Frames.SUBPROTOCOL, "weft.v0")) {
      both.hello();
      old.hello();

      assertThat(relay.server.connectionsByVersion().values())
          .containsOnly(new ConnectionCount(1, 1));
    }
  }

  @Test
  void shouldRefuseFrameThatIsNotOfTheVersionAgreedOn() {
    try (TestRelay relay = start();
        Peer peer = Peer.connect(relay.uri(), Long.MAX_VALUE, SECOND, SecondVersion.NAME)) {
      peer.hello();
      peer.say(new byte[] {1, 2, 3});

      assertThat(peer.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.MALFORMED);
    }
  }

  @Test
  void shouldNameVersionsWhenClientOffersNoneOfThem() {
    try (TestRelay relay = start()) {
      assertThatThrownBy(
              () -> Peer.connect(relay.uri(), Long.MAX_VALUE, Peer.Tongue.V1, "weft.v3", "weft.v0"))
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> {
                assertThat(e.getResponse().statusCode()).isEqualTo(400);
                assertThat(e.getResponse().body())
                    .asString()
                    .contains("weft.v2-test, weft.v1")
                    .doesNotContain("<");
              });
      assertThat(relay.server.connectionsByVersion().values())
          .containsOnly(new ConnectionCount(0, 0));
    }
  }

  private TestRelay start() {
    return TestRelay.start(
        directory, new Tuning(), builder -> builder.versions(List.of(SECOND, ProtocolVersion.V1)));
  }
}
