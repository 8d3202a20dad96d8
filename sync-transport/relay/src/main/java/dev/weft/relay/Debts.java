package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.util.List;

/**
 * What channels of one document are owed, which is paid a part at a time, as their connections have
 * room: all that a client lacks when it opens the document, and what was left out while it was
 * slow. How much that is, a channel's {@link Feed} says. Confined to the document's worker.
 */
final class Debts {
  /** Whom a client knows beyond a document: itself, and others of whom the relay has lost all. */
  private static final int MAX_BEYOND = 1_000;

  private final Channels channels;
  private final RelayedText text;
  private final CatchUp catchUp;
  private final DocumentWriter writer;
  private final int maxFrameBytes;

  Debts(
      Channels channels,
      RelayedText text,
      CatchUp catchUp,
      DocumentWriter writer,
      RelayBounds bounds) {
    this.channels = channels;
    this.text = text;
    this.catchUp = catchUp;
    this.writer = writer;
    this.maxFrameBytes = bounds.connection().maxFrameBytes();
  }

  /** A client has told what it has when it opened a channel, and is owed the rest. */
  void open(Channel channel, VersionVector ofClient) {
    channel.queue().open(channel.feed, bounded(ofClient));
    pay(channel);
  }

  /** A client is to hear anew what it may do. */
  void openAnew(Channel channel) {
    channel.queue().openAnew(channel.feed, text.version());
    pay(channel);
  }

  /**
   * Returns what is kept of a client's vector for as long as it is owed something: a vector that
   * names many whom the document does not know would take memory for each channel, and for nothing.
   */
  private VersionVector bounded(VersionVector ofClient) {
    VersionVector known = text.version();
    return ofClient.size() <= known.size() + MAX_BEYOND ? ofClient : ofClient.intersect(known);
  }

  /** Pays the next part, if anything is owed; a channel that cannot be paid is closed. */
  void pay(Channel channel) {
    SendQueue.Debt debt = channel.queue().debt(channel.feed);
    if (debt == null) {
      return;
    }
    CatchUp.Part part = catchUp.next(debt.since(), debt.opening());
    RelayMessage message = debt.opening() ? opened(channel, part) : edits(channel, part);
    if (!channel.queue().pay(channel.feed, message, part.after(), part.complete())) {
      channels.close(
          channel,
          Refusal.forGood(
              Codes.TOO_LARGE,
              "A change of this document is longer than the "
                  + maxFrameBytes
                  + " bytes that a message may have."),
          List.of());
      return;
    }
    // A request is told at its end, when it is known whom it has shown itself.
    if (debt.opening() && !channel.isPolled()) {
      channels.presence().tell(channel, channels.now());
    }
  }

  private RelayMessage opened(Channel channel, CatchUp.Part part) {
    return new RelayMessage.Opened(
        channel.number,
        text.version(),
        part.update(),
        !part.complete(),
        writer.durable(),
        access(channel),
        part.complete() ? null : part.after());
  }

  private static RelayMessage edits(Channel channel, CatchUp.Part part) {
    return new RelayMessage.Edits(channel.number, part.update(), !part.complete(), part.after());
  }

  private static RelayMessage.Access access(Channel channel) {
    return channel.access == DocumentAccess.WRITE
        ? RelayMessage.Access.WRITE
        : RelayMessage.Access.READ;
  }
}
