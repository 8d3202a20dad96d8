package dev.weft.protocol;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says to a relay. Messages are immutable; their constructors check what the protocol
 * bounds and throw {@link IllegalArgumentException}. {@code docs/PROTOCOL.md} tells when each is
 * sent and what it means.
 */
public sealed interface ClientMessage
    permits ClientMessage.Hello,
        ClientMessage.Renew,
        ClientMessage.Open,
        ClientMessage.Edits,
        ClientMessage.Save,
        Presence,
        ClientMessage.Ping,
        ClientMessage.Close,
        ClientMessage.Report,
        ClientMessage.Unknown {

  /** The longest name of a program or a session, in bytes of UTF-8. */
  int MAX_NAME_BYTES = 256;

  /** The longest token, in bytes of UTF-8. */
  int MAX_TOKEN_BYTES = 16 << 10;

  /** How many times of each kind one Report tells at most. */
  int MAX_REPORTED_TIMES = 256;

  /** The longest id of a document or a save, in bytes of UTF-8. */
  int MAX_ID_BYTES = 128;

  /**
   * The first message of a connection.
   *
   * @param agent the client's software and version, such as {@code weft-java/0.1.0}
   * @param token a bearer token, or empty
   * @param capabilities what the client can do beyond the base
   * @param previousSession what Welcome named on the connection before this one, or empty
   */
  record Hello(String agent, String token, Capabilities capabilities, String previousSession)
      implements ClientMessage {
    /** Creates the message. */
    public Hello {
      Bounds.requireLength("agent", agent, MAX_NAME_BYTES);
      Bounds.requireLength("token", token, MAX_TOKEN_BYTES);
      Bounds.requireLength("previousSession", previousSession, MAX_NAME_BYTES);
    }

    /** Leaves the token out: secrets do not belong in a log. */
    @Override
    public String toString() {
      return "Hello[agent="
          + agent
          + ", token="
          + (token.isEmpty() ? "none" : "given")
          + ", capabilities="
          + capabilities
          + ", previousSession="
          + previousSession
          + "]";
    }
  }

  /**
   * A new token for the same session.
   *
   * @param token a bearer token
   */
  record Renew(String token) implements ClientMessage {
    /** Creates the message. */
    public Renew {
      Bounds.requireLength("token", token, MAX_TOKEN_BYTES);
    }

    /** Leaves the token out: secrets do not belong in a log. */
    @Override
    public String toString() {
      return "Renew[]";
    }
  }

  /**
   * Opens a channel, or asks on an open one for what the client has missed.
   *
   * @param channel the client's number for the document on this connection, from 1 up, ascending
   * @param document the document's id; the relay checks its form
   * @param vector what the client has
   * @param digest the digest of {@code vector}; 0: not told
   * @param writer what the client writes under; null if not told
   */
  record Open(
      int channel, String document, VersionVector vector, long digest, @Nullable ReplicaId writer)
      implements ClientMessage {
    /** Creates the message. */
    public Open {
      Bounds.requireChannel(channel);
      Bounds.requireLength("document", document, MAX_ID_BYTES);
    }

    /** Creates the message of a client that tells no digest, and not what it writes under. */
    public Open(int channel, String document, VersionVector vector) {
      this(channel, document, vector, 0, null);
    }
  }

  /**
   * Changes that the client made or holds.
   *
   * @param changes an update
   * @param vector what the client has sent of the document, these changes included; null if not
   *     told
   */
  record Edits(int channel, Payload changes, @Nullable VersionVector vector)
      implements ClientMessage {
    /** Creates the message. */
    public Edits {
      Bounds.requireChannel(channel);
    }
  }

  /**
   * Asks for certainty that all of {@code vector} is safe.
   *
   * @param id names the save; a save that is repeated keeps its id
   * @param vector what the save covers
   * @param guarantee the least that the client accepts
   * @param digest the digest of {@code vector}; 0: not told
   */
  record Save(int channel, String id, VersionVector vector, Guarantee guarantee, long digest)
      implements ClientMessage {
    /** Creates the message. */
    public Save {
      Bounds.requireChannel(channel);
      Bounds.requireWord("id", id, MAX_ID_BYTES);
    }

    /** Creates the message of a client that tells no digest. */
    public Save(int channel, String id, VersionVector vector, Guarantee guarantee) {
      this(channel, id, vector, guarantee, 0);
    }
  }

  /**
   * Asks for a sign of life, and on a channel for what the relay has sent of it.
   *
   * @param nonce comes back in the answer
   * @param channel the channel, or 0
   * @param vector what the client has of the channel's document; null if not told
   */
  record Ping(long nonce, int channel, @Nullable VersionVector vector) implements ClientMessage {
    /** Creates the message. */
    public Ping {
      Bounds.requireChannelOrNone(channel);
    }
  }

  /**
   * Tells the relay's operator how long the user has waited since the last report. Nothing follows
   * from it for documents.
   *
   * @param keystrokeMicros of answers that came behind all edits of a channel, as keystrokes go to
   *     and fro; microseconds, at most {@link #MAX_REPORTED_TIMES}
   * @param saveMicros from asking for a save to its receipt; as many at most
   */
  record Report(List<Integer> keystrokeMicros, List<Integer> saveMicros) implements ClientMessage {
    /** Creates the message. */
    public Report {
      keystrokeMicros = requireTimes("keystrokeMicros", keystrokeMicros);
      saveMicros = requireTimes("saveMicros", saveMicros);
    }

    private static List<Integer> requireTimes(String name, List<Integer> times) {
      if (times.size() > MAX_REPORTED_TIMES) {
        throw new IllegalArgumentException(
            name + " has at most " + MAX_REPORTED_TIMES + " times, has " + times.size());
      }
      times.forEach(time -> Bounds.requireNotNegative(name, time));
      return List.copyOf(times);
    }
  }

  /** The client is done with the channel. */
  record Close(int channel) implements ClientMessage {
    /** Creates the message. */
    public Close {
      Bounds.requireChannel(channel);
    }
  }

  /** A message of a later version of the protocol, to be ignored. */
  record Unknown() implements ClientMessage {}
}
