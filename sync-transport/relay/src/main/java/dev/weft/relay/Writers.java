package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who of those connected writes a document under which replica id. What goes on under the id of one
 * who is there comes from there: from anybody else it is forged, or of a copy of that one's device,
 * since nobody can have it but by way of the relay. What was written before, others may hand over,
 * as after a crash of the relay, when they may be the only ones who have it. Confined to the
 * document's worker.
 *
 * <p>One who comes under another name does not displace who is there; under the same name it does,
 * since that is how a client comes back from a connection that has not been found to be dead.
 */
final class Writers {
  /**
   * For how long after a dispute has begun a writer must go on to be heard before it counts as
   * there: what comes earlier may have been on its way when its connection broke.
   */
  private static final long ALIVE_NANOS = Duration.ofSeconds(10).toNanos();

  /** After how long without another attempt a dispute is over, and the next is a new one. */
  private static final long FORGOTTEN_NANOS = Duration.ofMinutes(2).toNanos();

  private final Map<ReplicaId, Claim> claims = new HashMap<>();

  /** That a channel's client writes under an id. */
  private static final class Claim {
    final Channel channel;

    /** The sequence number behind the last that the client is known to have written. */
    long written;

    /** Whether others have sent what would go on, since when, and when last. */
    boolean disputed;

    long disputedSinceNanos;
    long disputedLastNanos;

    Claim(Channel channel, long written) {
      this.channel = channel;
      this.written = written;
    }

    boolean isOf(Channel other) {
      return channel == other || channel.user().equals(other.user());
    }
  }

  /** A channel is open whose client may write, and has said under which id it does. */
  void opened(Channel channel, @Nullable ReplicaId writer, VersionVector ofClient) {
    if (writer == null) {
      return;
    }
    if (!writer.equals(channel.writer)) {
      left(channel);
      channel.writer = writer;
    }
    long written = ofClient.next(writer);
    Claim claim = claims.get(writer);
    if (claim == null || (claim.channel != channel && claim.isOf(channel))) {
      claims.put(writer, new Claim(channel, written));
    } else if (claim.channel == channel) {
      claim.written = Math.max(claim.written, written);
    }
  }

  /** A channel is closed. */
  void left(Channel channel) {
    if (channel.writer != null) {
      claims.computeIfPresent(
          channel.writer, (id, claim) -> claim.channel == channel ? null : claim);
    }
  }

  /**
   * Returns why a channel's client may not have sent what it has; null if it may, and then it is
   * noted what of it the client has written itself. O(changes).
   *
   * @param version what the document has: saying that again is no forgery
   */
  @Nullable Refusal refusal(
      Channel from, List<Change> changes, VersionVector version, long nowNanos) {
    for (Change change : changes) {
      Claim claim = claims.get(change.replica());
      if (claim != null
          && !claim.isOf(from)
          && change.end() > claim.written
          && !change.isKnown(version)) {
        return refusal(claim, nowNanos);
      }
    }
    for (Change change : changes) {
      Claim claim = claims.get(change.replica());
      if (claim != null && claim.channel == from) {
        claim.written = Math.max(claim.written, change.end());
      }
    }
    return null;
  }

  /** For good only once it is sure that the writer is there: its connection may be dead. */
  private static Refusal refusal(Claim claim, long nowNanos) {
    if (!claim.disputed || nowNanos - claim.disputedLastNanos > FORGOTTEN_NANOS) {
      claim.disputed = true;
      claim.disputedSinceNanos = nowNanos;
    }
    claim.disputedLastNanos = nowNanos;
    boolean alive = claim.channel.lastHeardNanos() - claim.disputedSinceNanos > ALIVE_NANOS;
    return alive ? Refusals.forkedIdentity() : Refusals.forgedIdentity();
  }
}
