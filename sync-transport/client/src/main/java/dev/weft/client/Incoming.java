package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on one channel: updates on their way into the text, and whether the text then has
 * all that the relay has told of. If it has not, or what was to come does not, the relay is asked
 * again. Confined to the loop.
 */
final class Incoming {
  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final LocalCopy copy;
  private final Environment environment;
  private final Session session;
  private final Owner owner;
  private final Inbox inbox;
  private final Backoff retries;
  private final Patience patience;

  private boolean asked;
  private boolean answered;
  private VersionVector expected = VersionVector.EMPTY;
  private boolean moreToCome;
  private boolean lettingGo;
  private boolean gap;
  private boolean idle = true;
  private int waitingBytes;
  private Loop.@Nullable Timer retry;

  /** Creates the incoming side of a channel that is not connected. */
  Incoming(LocalCopy copy, Environment environment, Session session, Owner owner) {
    this.copy = copy;
    this.environment = environment;
    this.session = session;
    this.owner = owner;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
    this.patience =
        new Patience(environment, session.answerWithin(), session::deliveries, this::checkProgress);
    this.inbox =
        new Inbox(
            copy,
            environment.listeners(),
            applied -> environment.loop().execute(() -> applied(applied)));
  }

  /** Is told how the text stands. Called on the loop. */
  interface Owner {
    /** Updates have been applied. */
    void applied();

    /** The text has all that the relay has told of. */
    void inStep();

    /** The text lacks something; it is asked for soon. */
    void outOfStep();

    /** It is time to ask the relay for what the text lacks. */
    void ask();

    /** What came can never be part of the text. */
    void failed(Refusal why);
  }

  /** The relay is being asked for what the text lacks. */
  void asked() {
    asked = true;
    answered = false;
    expected = VersionVector.EMPTY;
    moreToCome = false;
    lettingGo = false;
    gap = false;
    patience.beginAnew();
  }

  /**
   * The relay has answered. Where too much waits to be applied already, as after a reconnect while
   * the embedder's executor is stuck, this answer and what comes behind it is let go, and asked for
   * again once there is room: so what waits is bounded, and what else the relay says is read.
   *
   * @param vector what the text has when all is applied
   * @param changes the first part
   * @param more whether others follow
   */
  void answered(VersionVector vector, Payload changes, boolean more) {
    answered = true;
    expected = vector;
    moreToCome = more;
    lettingGo = session.isInboxFull();
    receive(changes);
    check();
  }

  /** An update has come; ignored while an answer is due, which will have it too. */
  void update(Payload changes, boolean more, @Nullable VersionVector vector) {
    if (answered) {
      moreToCome &= more;
      receive(changes);
      expect(vector);
    }
  }

  /** The relay has told that the text has {@code vector} if nothing was lost on the way. */
  void expect(@Nullable VersionVector vector) {
    if (answered) {
      if (vector != null) {
        expected = expected.merge(vector);
      }
      check();
    }
  }

  /** Forgets what belongs to one connection. What has come is applied nevertheless. */
  void stop() {
    asked = false;
    answered = false;
    patience.end();
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
  }

  /** Ends for good. */
  void close() {
    stop();
    giveRoomBack(waitingBytes);
  }

  private void receive(Payload changes) {
    if (changes.isEmpty()) {
      return;
    }
    if (lettingGo) {
      gap = true;
      return;
    }
    idle = false;
    waitingBytes += changes.size();
    session.inboxGrew(changes.size());
    try {
      inbox.offer(changes.bytes());
    } catch (RejectedExecutionException e) {
      idle = true;
      giveRoomBack(waitingBytes);
      owner.failed(Refusal.forGood(Codes.INTERNAL, "changes cannot be applied: " + e.getMessage()));
    }
  }

  /** A turn of the inbox is over, perhaps of updates from the connection before. */
  private void applied(Inbox.Applied applied) {
    giveRoomBack(Math.min(applied.bytes(), waitingBytes));
    idle = applied.idle();
    if (applied.problem() != null) {
      owner.failed(applied.problem());
      return;
    }
    gap |= !applied.complete();
    owner.applied();
    check();
  }

  private void giveRoomBack(int bytes) {
    waitingBytes -= bytes;
    session.inboxShrank(bytes);
  }

  /** There is room again for what was let go. */
  void roomInInbox() {
    check();
  }

  /** Once all that has come is applied: is it all that the relay has told of? */
  private void check() {
    if (!answered || moreToCome || !idle || (lettingGo && session.isInboxFull())) {
      return;
    }
    if (gap || !copy.version().includes(expected)) {
      askLater();
    } else {
      retries.reset();
      owner.inStep();
    }
  }

  private void askLater() {
    if (retry == null) {
      retry =
          environment
              .loop()
              .schedule(
                  retries.nextDelayNanos(),
                  () -> {
                    retry = null;
                    owner.ask();
                  });
      owner.outOfStep();
    }
  }

  /**
   * An answer, or a part of it, may have been lost: then it is asked for anew. Not while the link
   * still delivers, however slowly: each question is answered with all that is lacking, so whoever
   * asks before the answer is there has it come twice, and what comes behind it later still.
   */
  private void checkProgress() {
    boolean waiting = asked && (!answered || moreToCome);
    if (!waiting) {
      return;
    }
    if (idle) {
      owner.ask();
    } else {
      patience.begin();
    }
  }
}
