package dev.weft.protocol;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Generates messages, with a lean towards the ends of their ranges. */
final class Messages {
  private Messages() {}

  static Arbitrary<ClientMessage> client() {
    return Arbitraries.oneOf(
        Combinators.combine(text(256), text(2_000), capabilities(), text(256))
            .as(ClientMessage.Hello::new),
        text(2_000).map(ClientMessage.Renew::new),
        Combinators.combine(
                channel(),
                text(128),
                vector(),
                Arbitraries.longs(),
                Arbitraries.longs().map(ReplicaId::new).injectNull(0.3))
            .as(ClientMessage.Open::new),
        Combinators.combine(channel(), payload(), optionalVector()).as(ClientMessage.Edits::new),
        Combinators.combine(channel(), word(128), vector(), guarantee(), Arbitraries.longs())
            .as(ClientMessage.Save::new),
        presence(),
        Combinators.combine(Arbitraries.longs(), channelOrNone(), optionalVector())
            .as(ClientMessage.Ping::new),
        channel().map(ClientMessage.Close::new),
        Combinators.combine(times(), times()).as(ClientMessage.Report::new));
  }

  static Arbitrary<RelayMessage> relay() {
    return Arbitraries.oneOf(
        Combinators.combine(
                text(256), text(256), limits(), capabilities(), positive(), positive(), millis())
            .as(RelayMessage.Welcome::new),
        Combinators.combine(
                channel(),
                vector(),
                payload(),
                bool(),
                vector(),
                Arbitraries.of(RelayMessage.Access.class),
                optionalVector())
            .as(RelayMessage.Opened::new),
        Combinators.combine(channel(), payload(), bool(), optionalVector())
            .as(RelayMessage.Edits::new),
        Combinators.combine(channel(), vector()).as(RelayMessage.Resend::new),
        Combinators.combine(channel(), vector()).as(RelayMessage.Durable::new),
        Combinators.combine(channel(), word(128), vector(), guarantee())
            .as(RelayMessage.SaveAcknowledged::new),
        Combinators.combine(channel(), word(128), refusal()).as(RelayMessage.SaveRefused::new),
        presence(),
        Combinators.combine(Arbitraries.longs(), channelOrNone(), optionalVector())
            .as(RelayMessage.Pong::new),
        Combinators.combine(channelOrNone(), millis(), millis(), text(64), text(2_000))
            .as(RelayMessage.Throttle::new),
        Combinators.combine(bool(), text(64), text(2_000)).as(RelayMessage.StoreState::new),
        Combinators.combine(
                text(2_000), millis(), millis(), millis(), word(200).list().ofMaxSize(4))
            .as(RelayMessage.Drain::new),
        fault());
  }

  private static Arbitrary<List<Integer>> times() {
    return millis().list().ofMaxSize(ClientMessage.MAX_REPORTED_TIMES);
  }

  private static Arbitrary<RelayMessage> fault() {
    return Combinators.combine(
            Arbitraries.of(RelayMessage.Scope.class),
            channel(),
            refusal(),
            range().list().ofMaxSize(4))
        .as(
            (scope, channel, refusal, ranges) ->
                new RelayMessage.Fault(
                    scope, scope == RelayMessage.Scope.CONNECTION ? 0 : channel, refusal, ranges));
  }

  private static Arbitrary<RelayMessage.ChangeRange> range() {
    return Combinators.combine(
            replica(),
            Arbitraries.longs().between(0, Long.MAX_VALUE - 1),
            Arbitraries.longs().between(1, Long.MAX_VALUE))
        .as(
            (replica, a, b) ->
                new RelayMessage.ChangeRange(
                    replica, Math.min(a, b), Math.max(Math.max(a, b), Math.min(a, b) + 1)));
  }

  private static Arbitrary<Presence> presence() {
    return Combinators.combine(
            channel(),
            Arbitraries.longs(),
            Arbitraries.longs().greaterOrEqual(0),
            bool(),
            millis(),
            text(256),
            Arbitraries.integers().between(0, 0xFFFFFF),
            Combinators.combine(payload(), payload())
                .as(Presence.Selection::new)
                .list()
                .ofMaxSize(3))
        .as(
            (channel, participant, clock, gone, expiry, name, color, selections) ->
                new Presence(
                    channel,
                    participant,
                    clock,
                    gone,
                    expiry,
                    name,
                    color,
                    selections,
                    Payload.of(new byte[selections.size()])));
  }

  private static Arbitrary<Guarantee> guarantee() {
    return Combinators.combine(
            Arbitraries.of(Guarantee.Level.class), Arbitraries.integers().between(2, 9))
        .as(Guarantee::new);
  }

  private static Arbitrary<Refusal> refusal() {
    return Combinators.combine(word(64), text(2_000), bool(), millis()).as(Refusal::new);
  }

  private static Arbitrary<ConnectionLimits> limits() {
    return Combinators.combine(positive(), positive(), positive(), positive())
        .as(ConnectionLimits::new);
  }

  private static Arbitrary<Capabilities> capabilities() {
    return Combinators.combine(word(20).set().ofMaxSize(4), word(20).set().ofMaxSize(4))
        .as(Capabilities::new);
  }

  static Arbitrary<VersionVector> vector() {
    return Arbitraries.maps(replica(), Arbitraries.longs().greaterOrEqual(1))
        .ofMaxSize(5)
        .map(Messages::vector);
  }

  private static VersionVector vector(Map<ReplicaId, Long> nexts) {
    VersionVector.Builder builder = new VersionVector.Builder();
    nexts.forEach(builder::advance);
    return builder.build();
  }

  private static Arbitrary<@Nullable VersionVector> optionalVector() {
    return vector().injectNull(0.3);
  }

  private static Arbitrary<ReplicaId> replica() {
    return Arbitraries.longs().map(ReplicaId::new);
  }

  private static Arbitrary<Payload> payload() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Payload::of);
  }

  /** At most {@code maxBytes} in UTF-8. */
  private static Arbitrary<String> text(int maxBytes) {
    return Arbitraries.strings()
        .withChars('a', 'Z', ' ', '\n', '\u0000', 'ß', '中')
        .ofMaxLength(maxBytes / 3);
  }

  private static Arbitrary<String> word(int maxBytes) {
    return Arbitraries.strings().withChars("abcXYZ019._~-").ofMinLength(1).ofMaxLength(maxBytes);
  }

  private static Arbitrary<Integer> channel() {
    return positive();
  }

  private static Arbitrary<Integer> channelOrNone() {
    return millis();
  }

  private static Arbitrary<Integer> positive() {
    return Arbitraries.integers().greaterOrEqual(1);
  }

  private static Arbitrary<Integer> millis() {
    return Arbitraries.integers().greaterOrEqual(0);
  }

  private static Arbitrary<Boolean> bool() {
    return Arbitraries.of(true, false);
  }
}
