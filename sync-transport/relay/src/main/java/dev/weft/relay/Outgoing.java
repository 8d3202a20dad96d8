package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.RelayMessage;
import org.jspecify.annotations.Nullable;

/** A frame that waits in a {@link SendQueue}, and what must be known of it there. Immutable. */
final class Outgoing {
  /** What a frame costs beside its bytes, so that a queue of tiny ones is bounded too. */
  private static final int OVERHEAD_BYTES = 64;

  final Kind kind;
  final byte[] frame;

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
      ProtocolVersion version,
      Kind kind,
      RelayMessage message,
      @Nullable Feed feed,
      VersionVector vector,
      VersionVector told,
      long id) {
    this.kind = kind;
    this.frame = version.encode(message);
    this.feed = feed;
    this.vector = vector;
    this.told = told;
    this.id = id;
  }

  /** What may happen to a frame that waits. */
  enum Kind {
    /** Nothing: it is sent. */
    ANSWER,
    /** Dropped, and its channel owed. */
    EDITS,
    /** Replaced by a newer one. */
    DURABLE,
    /** Replaced by a newer one of its participant. */
    PRESENCE,
    /** Corrected when edits before it are dropped. */
    PONG
  }

  static Outgoing answer(ProtocolVersion version, RelayMessage message, @Nullable Feed feed) {
    return new Outgoing(
        version, Kind.ANSWER, message, feed, VersionVector.EMPTY, VersionVector.EMPTY, 0);
  }

  static Outgoing edits(
      ProtocolVersion version, RelayMessage.Edits message, Feed feed, VersionVector before) {
    return new Outgoing(version, Kind.EDITS, message, feed, before, VersionVector.EMPTY, 0);
  }

  static Outgoing durable(ProtocolVersion version, Feed feed, VersionVector durable) {
    return new Outgoing(
        version,
        Kind.DURABLE,
        new RelayMessage.Durable(feed.channel, durable),
        feed,
        durable,
        VersionVector.EMPTY,
        0);
  }

  static Outgoing presence(
      ProtocolVersion version, RelayMessage message, Feed feed, long participant) {
    return new Outgoing(
        version,
        Kind.PRESENCE,
        message,
        feed,
        VersionVector.EMPTY,
        VersionVector.EMPTY,
        participant);
  }

  static Outgoing pong(
      ProtocolVersion version, Feed feed, long nonce, VersionVector sent, VersionVector told) {
    return new Outgoing(
        version,
        Kind.PONG,
        new RelayMessage.Pong(nonce, feed.channel, sent),
        feed,
        sent,
        told,
        nonce);
  }

  /** Returns what the frame counts for in its queue. */
  int cost() {
    return frame.length + OVERHEAD_BYTES;
  }
}
