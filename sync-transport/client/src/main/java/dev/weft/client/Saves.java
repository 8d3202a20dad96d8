package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.Durability;
import dev.weft.store.PendingSave;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The saves of one text, from the request to the receipt or the refusal. Confined to the loop.
 *
 * <p>A save is first stored on this device, with all that it covers, so that it outlives a restart;
 * then, when the edits it covers have gone before it, it is sent, and sent again on every
 * connection until the relay answers. At most one is on its way and one waits: a save that is asked
 * for while another waits joins it, and the one that they become covers what either does. So
 * thousands of requests while offline cost what one does.
 *
 * <p>Nothing follows from the order of requests: of two, the later may cover less, since each
 * thread takes the version before it queues for the loop. Whatever stands for several saves is
 * therefore merged from all of them, in memory and in the store.
 *
 * <p>Is one refused because some of those that it stands for ask for more than the relay gives, the
 * others go on as a modest one, which goes first and is joined by nobody: who asks for too much
 * again and again could else keep them from ever being done.
 */
final class Saves {
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** Longer than a relay waits for edits that a save covers. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Journal journal;
  private final StoredSaves stored;
  private final Environment environment;
  private final boolean hasRelay;
  private final WaitingTimes times;
  private final Runnable wake;
  private final Consumer<SaveProgress> progress;
  private final Backoff retries;
  private final Patience answer;

  private @Nullable Save onItsWay;
  private @Nullable Save modest;
  private @Nullable Save waiting;
  private final List<Save> local = new ArrayList<>();

  /** Until it is over nothing is sent, whoever asks: the relay has said so, or it was in vain. */
  private Loop.@Nullable Timer pause;

  private @Nullable Refusal refusal;
  private VersionVector refusedVersion = VersionVector.EMPTY;

  /** Who is to be told what, once the status says it too. */
  private final List<Runnable> answers = new ArrayList<>();

  /**
   * Creates the saves of a text just loaded.
   *
   * @param hasRelay whether there is a relay at all; if not, flushing to this device is all there
   *     is
   * @param times where it is noted how long callers have waited for the relay
   * @param wake is run when a save may have become ready to send, or the state has changed
   * @param progress is told what saves come to
   */
  Saves(
      Journal journal,
      Environment environment,
      boolean hasRelay,
      WaitingTimes times,
      Runnable wake,
      Consumer<SaveProgress> progress) {
    this.journal = journal;
    this.stored = new StoredSaves(journal, this::written);
    this.environment = environment;
    this.hasRelay = hasRelay;
    this.times = times;
    this.wake = wake;
    this.progress = progress;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
    this.answer = new Patience(environment, ANSWER_WITHIN, this::unanswered);
  }

  /**
   * Returns why the last save was refused for good; null if it was not, or another was begun, or
   * all that it covered is safe after all.
   *
   * @param safe what is as safe as it can be here
   */
  @Nullable Refusal refusal(VersionVector safe) {
    return refusal != null && safe.includes(refusedVersion) ? null : refusal;
  }

  /** The reason of the last refusal may be gone. */
  void forgetRefusal() {
    refusal = null;
  }

  /** Returns whether a save is under way. */
  boolean isSaving() {
    return onItsWay != null || modest != null || waiting != null || !local.isEmpty();
  }

  /** Returns those that the relay is to answer. */
  private List<Save> underWay() {
    return Stream.of(onItsWay, modest, waiting).filter(Objects::nonNull).toList();
  }

  // --- From callers ---

  /**
   * Takes up the saves that an earlier run left in the store, oldest first. Where there are several
   * they are stored as the one that they become before any is forgotten, since this run may not
   * live to see the answer either.
   */
  void resume(List<PendingSave> pending) {
    for (PendingSave save : pending) {
      enqueue(Save.resumed(save));
    }
    if (waiting != null) {
      begun(waiting);
      store();
    }
  }

  /**
   * Begins a save.
   *
   * @param version what it covers: all that the text had when it was asked for
   * @param atLeast how safe it must be; null: as safe as one relay makes it, or without a relay
   *     this device
   * @param deadline when the caller gives up waiting; null: never
   */
  void request(
      VersionVector version,
      @Nullable Guarantee atLeast,
      @Nullable Duration deadline,
      CompletableFuture<SaveReceipt> future) {
    refusal = null;
    boolean isLocal = atLeast == null ? !hasRelay : atLeast.level() == Guarantee.Level.DEVICE;
    int copies = atLeast == null || isLocal ? 1 : atLeast.copies();
    Save save = new Save(newId(), version, copies);
    save.add(caller(future, copies, deadline));
    if (isLocal || waiting == null) {
      begun(save);
    }
    if (isLocal) {
      saveLocally(save);
    } else if (hasRelay) {
      enqueue(save);
      store();
    } else {
      refuse(
          save,
          Refusal.forGood(
              Codes.GUARANTEE_UNAVAILABLE,
              "there is no relay: this device alone gives " + Guarantee.DEVICE));
    }
    wake.run();
  }

  private String newId() {
    return HexFormat.of().toHexDigits(environment.random().nextLong())
        + HexFormat.of().toHexDigits(environment.random().nextLong());
  }

  private Save.Caller caller(
      CompletableFuture<SaveReceipt> future, int copies, @Nullable Duration deadline) {
    Save.Caller caller = new Save.Caller(future, copies, environment.ticker().getAsLong());
    if (deadline != null) {
      long nanos = Loop.nanosOf(deadline);
      caller.waitUntil(environment.loop().schedule(nanos, () -> waitedLongEnough(caller, nanos)));
    }
    return caller;
  }

  private void waitedLongEnough(Save.Caller caller, long nanos) {
    // A save may wait for days, and thousands of callers may give up meanwhile.
    underWay().forEach(save -> save.remove(caller));
    local.forEach(save -> save.remove(caller));
    fail(
        caller,
        new TimeoutException(
            "the save was not acknowledged within "
                + TimeUnit.NANOSECONDS.toMillis(nanos)
                + " ms; it goes on until the relay answers"));
  }

  private void begun(Save save) {
    save.announce();
    answers.add(() -> progress.accept(SaveProgress.pending(save.id(), save.version(), now())));
  }

  private Instant now() {
    return environment.wallClock().instant();
  }

  private void enqueue(Save save) {
    waiting = waiting == null ? save : Save.join(waiting, save);
  }

  private void saveLocally(Save save) {
    local.add(save);
    journal.write(
        Durability.FSYNCED,
        store -> {},
        failure -> {
          local.remove(save);
          if (failure == null) {
            retries.reset();
            complete(save, new SaveReceipt(save.id(), save.version(), Guarantee.DEVICE));
          } else {
            String reason = String.valueOf(failure.getMessage());
            refuse(save, new Refusal(Codes.STORE_UNAVAILABLE, reason, true, 0));
          }
          wake.run();
        });
  }

  // --- To the store ---

  /** Has what waits stored. */
  private void store() {
    Stream.of(modest, waiting).filter(Objects::nonNull).forEach(stored::store);
  }

  private void written() {
    store();
    wake.run();
  }

  // --- To the relay ---

  /**
   * Returns the message to send now, if there is one, and counts it as sent.
   *
   * @param taken what has been sent before it
   * @param digest returns the digest of a version of the text
   */
  @Nullable ClientMessage next(
      int channel, VersionVector taken, ToLongFunction<VersionVector> digest) {
    Save save = modest != null ? modest : waiting;
    if (onItsWay != null
        || save == null
        || pause != null
        || !save.isStored()
        || !taken.includes(save.version())) {
      return null;
    }
    ClientMessage message =
        new ClientMessage.Save(
            channel,
            save.id(),
            save.version(),
            Guarantee.onWire(save.copies()),
            digest.applyAsLong(save.version()));
    if (save.isModest()) {
      modest = null;
    } else {
      waiting = null;
    }
    onItsWay = save;
    save.sent();
    answer.beginAnew();
    return message;
  }

  /** The answer may be lost, or the relay may have forgotten: asking again does no harm. */
  private void unanswered() {
    takeBack();
    wake.run();
  }

  /** The connection is gone: what was on its way is sent again on the next one. */
  void linkLost() {
    takeBack();
  }

  /** Makes the save on its way wait again. */
  private void takeBack() {
    Save save = noLongerOnItsWay();
    if (save == null) {
      return;
    }
    if (save.isModest()) {
      modest = save;
    } else {
      waiting = waiting == null ? save : Save.join(save, waiting);
    }
    store();
  }

  private @Nullable Save noLongerOnItsWay() {
    Save save = onItsWay;
    onItsWay = null;
    answer.end();
    return save;
  }

  private void tryAgain(long delayNanos) {
    takeBack();
    pause =
        environment
            .loop()
            .schedule(
                delayNanos,
                () -> {
                  pause = null;
                  wake.run();
                });
  }

  private void endPause() {
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }

  // --- From the relay ---

  /** The relay has done a save. One that is not on its way was answered before. */
  void acknowledged(RelayMessage.SaveAcknowledged message) {
    Save save = onItsWay;
    if (save == null || !save.id().equals(message.id())) {
      return;
    }
    if (!message.vector().includes(save.version())
        || !message.guarantee().satisfies(Guarantee.onWire(save.copies()))) {
      tryAgain(retries.nextDelayNanos());
      return;
    }
    noLongerOnItsWay();
    stored.forget(save);
    retries.reset();
    long now = environment.ticker().getAsLong();
    save.forEachCaller(caller -> times.save(now - caller.askedNanos()));
    complete(save, new SaveReceipt(save.id(), message.vector(), Guarantee.of(message.guarantee())));
  }

  /** The relay has not done a save. */
  void refused(RelayMessage.SaveRefused message) {
    Save save = onItsWay;
    if (save == null || !save.id().equals(message.id())) {
      return;
    }
    Refusal why = message.refusal();
    if (why.retryable()) {
      long asked = TimeUnit.MILLISECONDS.toNanos(why.retryAfterMillis());
      tryAgain(asked + retries.nextDelayNanos());
      return;
    }
    noLongerOnItsWay();
    Save split = why.code().equals(Codes.GUARANTEE_UNAVAILABLE) ? save.splitModest(newId()) : null;
    refuse(save, why);
    if (split == null) {
      stored.forget(save);
    } else {
      // The store has the refused one until it has this.
      modest = split;
      begun(split);
      store();
    }
  }

  /** Nothing of this text will be taken: refuses all saves. */
  void refuseAll(Refusal why) {
    List<Save> all = underWay();
    noLongerOnItsWay();
    endPause();
    modest = null;
    waiting = null;
    for (Save save : all) {
      stored.forget(save);
      refuse(save, why);
    }
  }

  /** The text is closed: the saves stay in the store, but their callers hear no more of them. */
  void close() {
    endPause();
    for (Save save : underWay()) {
      fail(
          save,
          new IllegalStateException(
              "the text was closed before the relay answered save "
                  + save.id()
                  + (stored.has(save)
                      ? "; it is kept and goes on when the text is opened again"
                      : "; the store has not taken it: it may be forgotten")));
    }
    takeBack();
  }

  /** A save was asked for while the text was being closed. */
  void refuseClosed(CompletableFuture<SaveReceipt> future) {
    IllegalStateException late =
        new IllegalStateException("the text was closed before it was saved");
    environment.completions().execute(() -> future.completeExceptionally(late));
  }

  // --- To callers ---

  /** Tells callers and listeners what saves came to since the last time. */
  void tellCallers() {
    List<Runnable> untold = List.copyOf(answers);
    answers.clear();
    untold.forEach(Runnable::run);
  }

  private void complete(Save save, SaveReceipt receipt) {
    for (Save.Caller caller : save.takeCallers()) {
      caller.cancelDeadline();
      answers.add(() -> environment.completions().execute(() -> caller.future().complete(receipt)));
    }
    for (String id : save.announced()) {
      answers.add(() -> progress.accept(SaveProgress.acknowledged(id, receipt, now())));
    }
  }

  private void refuse(Save save, Refusal why) {
    refusedVersion = refusal == null ? save.version() : refusedVersion.merge(save.version());
    refusal = why;
    for (String id : save.announced()) {
      answers.add(() -> progress.accept(SaveProgress.refused(id, save.version(), why, now())));
    }
    fail(save, new SaveRefusedException(why));
  }

  private void fail(Save save, Exception exception) {
    for (Save.Caller caller : save.takeCallers()) {
      caller.cancelDeadline();
      answers.add(() -> fail(caller, exception));
    }
  }

  private void fail(Save.Caller caller, Exception exception) {
    environment.completions().execute(() -> caller.future().completeExceptionally(exception));
  }
}
