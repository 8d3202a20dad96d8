package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Who is at the far end of one session, as far as the authenticator has said, and for how long that
 * holds. Thread-safe: a lock that is never held while calling out.
 *
 * <p>One token is being checked at a time. Of those that come meanwhile only the newest waits, so a
 * client that renews without end has one question open and two tokens here. The last one that was
 * asked about is kept, to be asked about again; it is a secret, and told to the authenticator
 * alone.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  /** Longer than this nothing is watched, so that no sum of times overflows. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final RelayHub hub;
  private final String peer;
  private final Hooks hooks;

  // Guarded by this.
  private @Nullable String waiting;
  private @Nullable String last;
  private boolean asking;
  private boolean closed;

  /** Counts the questions, so that a late answer and an old watch are known as such. */
  private long question;

  /** Waits for the answer to the next question, or to the one that is open. */
  private @Nullable Runnable toldOfNext;

  private @Nullable Runnable toldOfThis;

  private @Nullable Identity identity;
  private long endNanos;

  /** Looks whether the question is answered in time, or else whether the identity still holds. */
  private Timer.@Nullable Scheduled look;

  Admission(RelayHub hub, String peer, Hooks hooks) {
    this.hub = hub;
    this.peer = peer;
    this.hooks = hooks;
  }

  /** What the session does about an answer. Called on any thread. */
  interface Hooks {
    /** The client is let in; called again whenever its token was asked about again. */
    void admitted(Identity identity);

    /** The client is not let in, or not any more. */
    void refused(Refusal refusal);
  }

  /** Takes note of a token that is to be checked by {@link #proceed}. */
  synchronized void want(String token) {
    waiting = token;
    if (!closed) {
      hub.admissions().add(this);
    }
  }

  /** Returns whether the client is somebody of this name, or may just be found to be. */
  synchronized boolean mayBe(String name) {
    return asking || (identity != null && identity.name().equals(name));
  }

  /**
   * Asks about the token again: what was answered, or is just being answered, may hold no more.
   * Called without a lock.
   *
   * @param told is run once it was answered, or need not be
   */
  void recheck(Runnable told) {
    boolean asks;
    synchronized (this) {
      // One that has not been asked about will be answered by what holds then.
      asks = !closed && last != null && toldOfNext == null;
      if (asks) {
        toldOfNext = told;
        waiting = waiting == null ? last : waiting;
      }
    }
    if (asks) {
      proceed();
    } else {
      told.run();
    }
  }

  /** Asks about the token that waits, unless another is being checked. Called without a lock. */
  void proceed() {
    String token;
    long number;
    synchronized (this) {
      if (waiting == null || asking || closed) {
        return;
      }
      token = waiting;
      waiting = null;
      last = token;
      toldOfThis = toldOfNext;
      toldOfNext = null;
      asking = true;
      question++;
      number = question;
    }
    lookAfter(hub.times().hello(), () -> overdue(number), number);
    try {
      CompletionStage<Authenticator.Answer> answer = hub.authenticator().authenticate(token, peer);
      var unused =
          answer.whenComplete(
              (given, failure) -> {
                if (failure == null) {
                  answered(number, given);
                } else {
                  failed(number, failure);
                }
              });
    } catch (RuntimeException e) {
      failed(number, e);
    }
  }

  /** Has one look wait at a time, in the place of any before; none once this is closed. */
  private synchronized void lookAfter(Duration delay, Runnable task, long number) {
    if (question == number && !closed) {
      lookNoMore();
      look = hub.after(delay, task);
    }
  }

  private void lookNoMore() {
    if (look != null) {
      look.cancel();
      look = null;
    }
  }

  private void answered(long number, Authenticator.Answer answer) {
    boolean limited;
    Runnable told;
    synchronized (this) {
      if (!isOpen(number)) {
        return;
      }
      told = over();
      if (answer instanceof Identity given) {
        identity = given;
        endNanos = hub.now() + within(given.validFor()).toNanos();
      }
      limited = answer instanceof Identity given && given.validFor() != null;
    }
    if (answer instanceof Identity given) {
      hooks.admitted(given);
      if (limited) {
        watch(number);
      }
      told.run();
      proceed();
    } else if (answer instanceof Authenticator.Refused refused) {
      hooks.refused(refused.refusal());
      told.run();
    }
  }

  /** The question is over; returns who waits for that. */
  private Runnable over() {
    asking = false;
    lookNoMore();
    Runnable told = toldOfThis;
    toldOfThis = null;
    return orNobody(told);
  }

  private void failed(long number, Throwable failure) {
    Runnable told = giveUp(number);
    if (told != null) {
      Failures.tell(log, Level.ERROR, "a token of " + peer + " could not be checked", failure);
      hooks.refused(
          Refusal.forNow(Codes.INTERNAL, "The relay could not check the token; try again.", 1_000));
      told.run();
    }
  }

  private void overdue(long number) {
    Runnable told = giveUp(number);
    if (told != null) {
      hooks.refused(
          Refusal.forNow(
              Codes.OVERLOADED,
              "The relay could not check the token within "
                  + Sentences.of(hub.times().hello())
                  + "; try again.",
              1_000));
      told.run();
    }
  }

  /** Answers nothing any more to a question; returns who waits for that, null if it is over. */
  private synchronized @Nullable Runnable giveUp(long number) {
    return isOpen(number) ? over() : null;
  }

  private static Runnable orNobody(@Nullable Runnable told) {
    return told == null ? () -> {} : told;
  }

  private boolean isOpen(long number) {
    return asking && question == number && !closed;
  }

  /** Looks whether the identity still holds. In steps, so that no time is too long for a timer. */
  private void watch(long number) {
    long left;
    synchronized (this) {
      // While a new token is being checked, the answer to that decides.
      if (question != number || closed) {
        return;
      }
      left = endNanos - hub.now();
    }
    if (left <= 0) {
      hooks.refused(Refusals.tokenExpired());
    } else {
      lookAfter(
          Duration.ofNanos(Math.min(left, hub.times().idle().toNanos())),
          () -> watch(number),
          number);
    }
  }

  private static Duration within(@Nullable Duration validFor) {
    return validFor == null || validFor.compareTo(FOR_EVER) > 0 ? FOR_EVER : validFor;
  }

  /** Returns what the client may do with a document; nothing before it was admitted. */
  DocumentAccess accessTo(DocumentId document) {
    Identity known;
    synchronized (this) {
      known = identity;
    }
    if (known == null) {
      return DocumentAccess.NONE;
    }
    try {
      return Objects.requireNonNull(known.access().apply(document), "access");
    } catch (RuntimeException e) {
      Failures.tell(
          log,
          Level.ERROR,
          "what " + peer + " may do with document " + document + " could not be found out",
          e);
      return DocumentAccess.NONE;
    }
  }

  /** Returns what Welcome says of the identity's end: 0 if none is known. */
  static int validMillis(Identity identity) {
    Duration validFor = identity.validFor();
    return validFor == null
        ? 0
        : (int) Math.max(1, Math.min(Integer.MAX_VALUE, within(validFor).toMillis()));
  }

  /** Asks and watches no more. Called without a lock. */
  void close() {
    Runnable first;
    Runnable second;
    synchronized (this) {
      closed = true;
      waiting = null;
      last = null;
      lookNoMore();
      hub.admissions().remove(this);
      first = orNobody(toldOfThis);
      second = orNobody(toldOfNext);
      toldOfThis = null;
      toldOfNext = null;
    }
    first.run();
    second.run();
  }
}
