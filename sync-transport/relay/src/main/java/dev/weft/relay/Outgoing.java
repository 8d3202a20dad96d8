package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.RelayMessage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits in a {@link SendQueue}, and what must be known of it there. Immutable.
 *
 * <p>Most are frames already. Those that say little but a vector become one only when they are
 * sent: channels of a document share the vector, and each would have a copy.
 */
final class Outgoing {
  /** What a message costs beside its frame, so that a queue of tiny ones is bounded too. */
  private static final int OVERHEAD_BYTES = 64;

  final Kind kind;
  final RelayMessage message;

  /** Null as long as the message is not sent. */
  private final byte @Nullable [] frame;

  /** Whose it is; null where it is about the connection. */
  final @Nullable Feed feed;

  /**
   * Of edits, what the client had before them; of a watermark, the watermark; of a pong, what it
   * says that the client has.
   */
  final VersionVector vector;

  /** Of a pong, what the client has said to have. */
  final VersionVector told;

  /** Of presence, the participant; of a pong, its nonce. */
  final long id;

  private Outgoing(
      Kind kind,
      RelayMessage message,
      byte @Nullable [] frame,
      @Nullable Feed feed,
      VersionVector vector,
      VersionVector told,
      long id) {
    this.kind = kind;
    this.message = message;
    this.frame = frame;
    this.feed = feed;
    this.vector = vector;
    this.told = told;
    this.id = id;
  }

  /** What may happen to a message that waits. */
  enum Kind {
    /** Nothing: it is sent. */
    ANSWER,
    /** Dropped, and its channel owed. */
    EDITS,
    /** Replaced by a newer one. */
    DURABLE,
    /** Replaced by a newer one. */
    RESEND,
    /** Replaced by a newer one of its participant. */
    PRESENCE,
    /** Corrected when edits before it are dropped, and replaced by a newer one. */
    PONG
  }

  static Outgoing answer(ProtocolVersion version, RelayMessage message, @Nullable Feed feed) {
    return frame(version, Kind.ANSWER, message, feed, VersionVector.EMPTY, 0);
  }

  static Outgoing edits(
      ProtocolVersion version, RelayMessage.Edits message, Feed feed, VersionVector before) {
    return frame(version, Kind.EDITS, message, feed, before, 0);
  }

  static Outgoing presence(
      ProtocolVersion version, RelayMessage message, Feed feed, long participant) {
    return frame(version, Kind.PRESENCE, message, feed, VersionVector.EMPTY, participant);
  }

  private static Outgoing frame(
      ProtocolVersion version,
      Kind kind,
      RelayMessage message,
      @Nullable Feed feed,
      VersionVector vector,
      long id) {
    return new Outgoing(
        kind, message, version.encode(message), feed, vector, VersionVector.EMPTY, id);
  }

  static Outgoing durable(Feed feed, VersionVector durable) {
    RelayMessage message = new RelayMessage.Durable(feed.channel, durable);
    return new Outgoing(Kind.DURABLE, message, null, feed, durable, VersionVector.EMPTY, 0);
  }

  static Outgoing resend(Feed feed, VersionVector has) {
    RelayMessage message = new RelayMessage.Resend(feed.channel, has);
    return new Outgoing(Kind.RESEND, message, null, feed, has, VersionVector.EMPTY, 0);
  }

  static Outgoing pong(Feed feed, long nonce, VersionVector sent, VersionVector told) {
    RelayMessage message = new RelayMessage.Pong(nonce, feed.channel, sent);
    return new Outgoing(Kind.PONG, message, null, feed, sent, told, nonce);
  }

  /**
   * Returns a pong that claims no more than what the client has told, and was sent before since.
   */
  Outgoing correctedTo(VersionVector since) {
    return pong(Objects.requireNonNull(feed), id, since.intersect(vector).merge(told), told);
  }

  /** Returns the frame to send. */
  byte[] frame(ProtocolVersion version) {
    return frame == null ? version.encode(message) : frame;
  }

  /** Returns how long the frame is, as far as there is one. */
  int frameBytes() {
    return frame == null ? 0 : frame.length;
  }

  /** Returns what the message counts for in its queue. */
  int cost() {
    return frameBytes() + OVERHEAD_BYTES;
  }
}
