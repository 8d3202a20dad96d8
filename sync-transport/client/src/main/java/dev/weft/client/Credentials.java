package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token of one session: fetched before each connection, and again before it ends. Confined to
 * the loop; only the source is asked elsewhere.
 *
 * <p>The source is asked one question at a time, and its answer belongs to whoever wants a token
 * when it comes: a connection may be given up, and another begun, while somebody signs in. A token
 * that nobody waits for any more, or that no relay was told since none was reached, is kept for the
 * next connection. Should it be over by then, the relay says so and the source is asked again.
 */
final class Credentials {
  /** A token is renewed when a fifth of its time is left, or so much, whichever is less. */
  private static final Duration RENEW_BEFORE_END = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final Environment environment;
  private final @Nullable TokenSource source;
  private final Backoff retries;

  private boolean asking;
  private @Nullable Wish wish;
  private @Nullable String unspent;
  private @Nullable String told;
  private Loop.@Nullable Timer renewal;

  /**
   * Creates credentials.
   *
   * @param source gives tokens; null where the relay asks for none
   */
  Credentials(Environment environment, @Nullable TokenSource source) {
    this.environment = environment;
    this.source = source;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
  }

  /** Returns whether a token that has ended can be replaced by another. */
  boolean canRenew() {
    return source != null;
  }

  /**
   * Sees to it that there is a token to tell a relay: {@link #token}; one of the two is called on
   * the loop, at once or however much later, unless {@link #stop} comes before.
   *
   * @param got is told that there is one
   * @param failed is told why there is none
   */
  void fetch(Runnable got, Consumer<String> failed) {
    TokenSource from = source;
    if (from == null || unspent != null) {
      got.run();
      return;
    }
    wish = new Wish(got, failed);
    if (!asking) {
      asking = true;
      environment
          .tokens()
          .execute(
              () -> {
                Answer answer = ask(from);
                environment.loop().execute(() -> answered(answer));
              });
    }
  }

  /** On a thread that may block. Whatever the embedder's code throws is an answer too. */
  private static Answer ask(TokenSource source) {
    try {
      String token = source.token();
      if (token == null) {
        return new Answer(null, "the token source gave null");
      }
      int bytes = token.getBytes(StandardCharsets.UTF_8).length;
      return bytes <= ClientMessage.MAX_TOKEN_BYTES
          ? new Answer(token, "")
          : new Answer(
              null,
              "it has "
                  + bytes
                  + " bytes, at most "
                  + ClientMessage.MAX_TOKEN_BYTES
                  + " can be sent");
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return new Answer(null, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void answered(Answer answer) {
    asking = false;
    unspent = answer.token;
    Wish fulfilled = wish;
    wish = null;
    if (fulfilled == null) {
      return;
    }
    if (answer.token != null) {
      fulfilled.got.run();
    } else {
      fulfilled.failed.accept(answer.whyNone);
    }
  }

  /** Returns the token that was fetched, to tell it to the relay; an empty one without a source. */
  String token() {
    return unspent == null ? "" : unspent;
  }

  /** A relay was told the token: it is not given again. */
  void spent() {
    if (unspent != null) {
      told = unspent;
    }
    unspent = null;
  }

  /** Returns how long to wait, after there was none, before asking again. */
  long pauseNanos() {
    return retries.nextDelayNanos();
  }

  /** The relay has just taken the last token by another way: it is told it once more. */
  void tellAgain() {
    if (unspent == null) {
      unspent = told;
    }
  }

  /**
   * The relay has taken a token. Before it ends another is fetched; it is the caller's to send it,
   * and to tell here when the relay has taken it.
   *
   * @param validMillis for how long it is good; 0 if no end is known
   * @param renewed is told, on the loop, that there is another to spend
   */
  void taken(int validMillis, Runnable renewed) {
    retries.reset();
    stopRenewal();
    if (validMillis > 0 && source != null) {
      long valid = TimeUnit.MILLISECONDS.toNanos(validMillis);
      renewAfter(valid - Math.min(valid / 5, RENEW_BEFORE_END.toNanos()), validMillis, renewed);
    }
  }

  private void renewAfter(long nanos, int validMillis, Runnable renewed) {
    renewal =
        environment
            .loop()
            .schedule(
                nanos,
                () -> {
                  renewal = null;
                  fetch(renewed, why -> renewAfter(retries.nextDelayNanos(), validMillis, renewed));
                });
  }

  /** The connection is gone, or wanted no more. A question to the source stays open. */
  void stop() {
    wish = null;
    stopRenewal();
  }

  private void stopRenewal() {
    if (renewal != null) {
      renewal.cancel();
      renewal = null;
    }
  }

  /** Who wants a token. */
  private record Wish(Runnable got, Consumer<String> failed) {}

  /**
   * What the source said.
   *
   * @param token the token; null if there is none
   * @param whyNone why not, if not
   */
  private record Answer(@Nullable String token, String whyNone) {}
}
