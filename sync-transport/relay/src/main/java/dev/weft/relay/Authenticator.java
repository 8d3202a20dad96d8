package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.util.concurrent.CompletionStage;

/**
 * Says who a client is and what it may do: the seam at which a deployment plugs in its tokens.
 * Asked once for the Hello of each connection and once for each Renew, for each request by HTTP,
 * and again whenever its answers have changed.
 *
 * <pre>{@code
 * Authenticator team =
 *     (token, peer) ->
 *         CompletableFuture.completedFuture(
 *             token.equals(secret)
 *                 ? Identity.ofWriter("the team")
 *                 : Authenticator.Refused.unauthorised("That is not the team's token."));
 * }</pre>
 *
 * <p>An implementation is thread-safe and returns at once: what takes time, such as asking another
 * server, it does on threads of its own, and completes the stage there. The relay waits no longer
 * than for a Hello, 10 s by default, and ignores what comes later. A stage that fails, and a method
 * that throws, counts as a fault of the relay: it is logged, and the client may try again.
 */
@FunctionalInterface
public interface Authenticator {

  /**
   * Finds out who bears a token.
   *
   * @param token the bearer token, a secret; empty if there is none
   * @param peer the address that the client connects from, such as {@code 192.0.2.7:50123}
   */
  CompletionStage<Answer> authenticate(String token, String peer);

  /**
   * Has {@code listener} told, until the subscription is closed, whenever something that was
   * answered before would be answered otherwise now. Those that it concerns are asked about again
   * then. One whose answers hold for as long as they said need not implement this.
   */
  default Subscription onChange(Listener listener) {
    return () -> {};
  }

  /** Is told that answers have changed: by any thread, which it does not hold up. */
  interface Listener {
    /** The answer to each token whose bearer was called so may be another. */
    void changed(String name);

    /** The answer to any token may be another. */
    void changed();
  }

  /** One listener's subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    /** Ends the subscription; the listener may still hear what is just being told. */
    @Override
    void close();
  }

  /** Returns the authenticator that lets everybody write everything, whatever the token. */
  static Authenticator open() {
    return OpenAuthenticator.EVERYBODY;
  }

  /** What comes of a token. */
  sealed interface Answer permits Identity, Refused {}

  /**
   * The client is not let in.
   *
   * @param refusal what it is told: as a rule {@link Codes#UNAUTHORISED} or {@link
   *     Codes#TOKEN_EXPIRED}, for good; for now where the token could not be checked
   */
  record Refused(Refusal refusal) implements Answer {
    /** Returns the answer to a token that is missing or wrong. */
    public static Refused unauthorised(String reason) {
      return new Refused(Refusal.forGood(Codes.UNAUTHORISED, reason));
    }

    /** Returns the answer to a token that was good and is so no more. */
    public static Refused tokenExpired(String reason) {
      return new Refused(Refusal.forGood(Codes.TOKEN_EXPIRED, reason));
    }
  }
}
