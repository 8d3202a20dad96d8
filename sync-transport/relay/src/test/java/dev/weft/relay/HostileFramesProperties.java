package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a client sends, over a real socket: it is answered, passed over, or refused with a code
 * that says whose fault it is, and the two who write the same document notice nothing.
 */
class HostileFramesProperties {
  /** What a client may be refused for. That the relay had a fault is not among them. */
  private static final Set<String> CODES =
      Set.of(
          Codes.MALFORMED,
          Codes.WRONG_STATE,
          Codes.TOO_LARGE,
          Codes.UNSUPPORTED_CAPABILITY,
          Codes.BAD_DOCUMENT_ID,
          Codes.FORKED_IDENTITY);

  /** Whoever was not refused is asked this, and answers what it was told behind. */
  private static final long LAST = 0x1a57;

  private static Path directory;
  private static TestRelay relay;
  private static Bystanders bystanders;

  @BeforeContainer
  static void start() {
    try {
      directory = Files.createTempDirectory("weft-hostile");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    relay = TestRelay.start(directory, new Tuning().hello(Duration.ofSeconds(10)));
    bystanders = new Bystanders(relay.uri());
  }

  @AfterContainer
  static void stop() throws IOException {
    bystanders.close();
    relay.close();
    try (var files = Files.walk(directory)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Property(tries = 60)
  void shouldRefuseWhatIsNoFrame(@ForAll("damaged") List<byte[]> frames) {
    assertHeldOff(frames, true);
  }

  @Property(tries = 60)
  void shouldKeepToTheOrderOfTheProtocol(
      @ForAll("messages") List<ClientMessage> messages, @ForAll boolean greets) {
    assertHeldOff(messages.stream().map(Frames::encode).toList(), greets);
  }

  private static void assertHeldOff(List<byte[]> frames, boolean greets) {
    try (Peer peer = Peer.connect(relay.uri())) {
      if (greets) {
        peer.hello();
        peer.say(new ClientMessage.Open(1, Author.DOCUMENT, VersionVector.EMPTY));
      }
      frames.forEach(peer::say);
      if (greets) {
        peer.say(new ClientMessage.Ping(LAST, 0, null));
      }
      RelayMessage last = hearOut(peer, greets);
      if (last instanceof RelayMessage.Fault fault) {
        assertThat(fault.refusal().reason()).isNotBlank();
        assertThat(peer.closed().status()).isIn(1002, 1008, 1009);
      }
    }
    bystanders.assertUndisturbed();
  }

  /** Hears until the connection is refused, or all that was said is answered. */
  private static RelayMessage hearOut(Peer peer, boolean greets) {
    while (true) {
      RelayMessage next = peer.next();
      if (next instanceof RelayMessage.Fault fault) {
        assertThat(CODES).contains(fault.refusal().code());
        if (fault.scope() == RelayMessage.Scope.CONNECTION) {
          return fault;
        }
      } else if (next instanceof RelayMessage.Pong pong && pong.nonce() == LAST) {
        return pong;
      } else if (!greets && next instanceof RelayMessage.Welcome) {
        // It has greeted by itself: then it is asked.
        peer.say(new ClientMessage.Ping(LAST, 0, null));
      }
    }
  }

  @Provide
  Arbitrary<List<ClientMessage>> messages() {
    return message().list().ofMinSize(1).ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<byte[]>> damaged() {
    Arbitrary<byte[]> whole = message().map(Frames::encode);
    Arbitrary<byte[]> cut =
        Combinators.combine(whole, Arbitraries.doubles().between(0, 1))
            .as((frame, at) -> java.util.Arrays.copyOf(frame, (int) (frame.length * at)));
    Arbitrary<byte[]> flipped =
        Combinators.combine(whole, Arbitraries.integers().between(0, 1 << 20))
            .as(
                (frame, bit) -> {
                  byte[] other = frame.clone();
                  other[(bit >> 3) % other.length] ^= (byte) (1 << (bit & 7));
                  return other;
                });
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    return Arbitraries.oneOf(whole, cut, flipped, noise).list().ofMinSize(1).ofMaxSize(6);
  }

  private static Arbitrary<ClientMessage> message() {
    Arbitrary<Integer> channel = Arbitraries.of(1, 1, 1, 2, 3, 900);
    Arbitrary<VersionVector> vector =
        Combinators.combine(
                Arbitraries.of(0xaL, 0xbL, 0xcL), Arbitraries.longs().between(1, Long.MAX_VALUE))
            .as((replica, next) -> VersionVector.of(new ReplicaId(replica), next));
    Arbitrary<ClientMessage> open =
        Combinators.combine(
                channel,
                Arbitraries.of(Author.DOCUMENT, "other", "../up", "", "<b>"),
                vector,
                Arbitraries.longs(),
                Arbitraries.of(0xaL, 0xbL, 0xcL).map(ReplicaId::new).injectNull(0.5))
            .as(ClientMessage.Open::new);
    Arbitrary<ClientMessage> edits =
        Combinators.combine(channel, payload(), vector.injectNull(0.5))
            .as(ClientMessage.Edits::new);
    Arbitrary<ClientMessage> save =
        Combinators.combine(channel, Arbitraries.of("s", "a1"), vector, Arbitraries.longs())
            .as((c, id, v, digest) -> new ClientMessage.Save(c, id, v, Guarantee.FSYNCED, digest));
    Arbitrary<ClientMessage> ping =
        Combinators.combine(Arbitraries.of(0, 1, 2), vector.injectNull(0.5))
            .as((c, v) -> new ClientMessage.Ping(5, c, v));
    Arbitrary<ClientMessage> presence =
        Combinators.combine(channel, Arbitraries.longs().between(0, Long.MAX_VALUE))
            .as(
                (c, clock) ->
                    new Presence(c, 9, clock, false, 100, "eve", 0, List.of(), Payload.EMPTY));
    Arbitrary<ClientMessage> other =
        Arbitraries.of(
            new ClientMessage.Hello("eve/1", "", Capabilities.NONE, ""),
            new ClientMessage.Hello(
                "eve/1", "", new Capabilities(Set.of("telepathy"), Set.of()), ""),
            new ClientMessage.Renew("token"),
            new ClientMessage.Close(1),
            new ClientMessage.Close(77),
            new ClientMessage.Report(List.of(1), List.of()));
    return Arbitraries.oneOf(open, edits, save, ping, presence, other);
  }

  /** Updates that are none, that are snapshots, and those of who pretends to be somebody else. */
  private static Arbitrary<Payload> payload() {
    TextDocument forged = TextDocument.create(new ReplicaId(0xa));
    forged.insert(0, "forged");
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(64).map(Payload::of),
        Arbitraries.of(
            Payload.EMPTY,
            Payload.of(forged.changesSince(VersionVector.EMPTY)),
            Payload.of(forged.snapshot())));
  }
}
