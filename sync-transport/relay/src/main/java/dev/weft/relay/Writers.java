package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who of those connected writes a document under which replica id. What goes on under the id of one
 * who is there comes from there: from anybody else it is forged, since nobody can have it but by
 * way of the relay. What was written before, others may hand over, as after a crash of the relay,
 * when they may be the only ones who have it. Confined to the document's worker.
 *
 * <p>One who comes under another name does not displace who is there; under the same name it does,
 * since that is how a client comes back from a connection that has not been found to be dead.
 */
final class Writers {
  private final Map<ReplicaId, Channel> present = new HashMap<>();

  /** A channel is open whose client may write, and has said under which id it does. */
  void opened(Channel channel, @Nullable ReplicaId writer, VersionVector ofClient) {
    if (writer == null) {
      return;
    }
    if (!writer.equals(channel.writer)) {
      left(channel);
      channel.writer = writer;
      channel.written = 0;
    }
    channel.written = Math.max(channel.written, ofClient.next(writer));
    Channel other = present.get(writer);
    if (other == null || other.user().equals(channel.user())) {
      present.put(writer, channel);
    }
  }

  /** A channel is closed. */
  void left(Channel channel) {
    if (channel.writer != null) {
      present.remove(channel.writer, channel);
    }
  }

  /**
   * Returns why a channel's client may not have sent what it has; null if it may, and then it is
   * noted what of it the client has written itself. O(changes).
   *
   * @param version what the document has: saying that again is no forgery
   */
  @Nullable Refusal refusal(Channel from, List<Change> changes, VersionVector version) {
    for (Change change : changes) {
      Channel writer = otherWriter(from, change);
      if (writer != null && !change.isKnown(version)) {
        return refusal(from, writer);
      }
    }
    for (Change change : changes) {
      if (change.replica().equals(from.writer)) {
        from.written = Math.max(from.written, change.end());
      }
    }
    return null;
  }

  /** Returns by whom alone a change can come, if that is not who has sent it. */
  private @Nullable Channel otherWriter(Channel from, Change change) {
    Channel writer = present.get(change.replica());
    boolean isOthers =
        writer != null
            && writer != from
            && change.end() > writer.written
            && !writer.user().equals(from.user());
    return isOthers ? writer : null;
  }

  /**
   * Where both say that the id is theirs, one is the other's copy, and the later is told for good:
   * but only once the earlier has been heard since, for its connection may be dead, and its device
   * be the later one's with somebody else signed in.
   */
  private static Refusal refusal(Channel from, Channel writer) {
    if (!Objects.equals(from.writer, writer.writer)) {
      return Refusals.forgedIdentity();
    }
    if (writer.isDisputed && writer.lastHeardNanos() - writer.disputedNanos > 0) {
      return Refusals.forkedIdentity();
    }
    if (!writer.isDisputed) {
      writer.isDisputed = true;
      writer.disputedNanos = writer.lastHeardNanos();
    }
    return Refusals.forgedIdentity();
  }
}
