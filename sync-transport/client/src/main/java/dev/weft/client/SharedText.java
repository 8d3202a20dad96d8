package dev.weft.client;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextObserver;
import dev.weft.crdt.TextRange;
import dev.weft.crdt.UndoHistory;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One text that several people write together: what an editor embeds. Got from {@link
 * WeftClient#open}.
 *
 * <pre>{@code
 * SharedText text = client.open(new DocumentId("minutes"));
 * text.observe(change -> change.applyTo(shown));
 * text.insert(0, "Present: ");
 * text.save().thenAccept(receipt -> System.out.println("safe: " + receipt.guarantee()));
 * }</pre>
 *
 * <h2>Two tiers</h2>
 *
 * <p>An edit is applied at once and waits for nothing: not for the disk, which has it within the
 * store window (50 ms unless set otherwise), and not for the network, which is given it as soon as
 * the link takes it. A {@linkplain #save save} is slow and certain. What is safe where is told by
 * {@link #status}.
 *
 * <h2>Threads</h2>
 *
 * <p>Thread-safe: every method may be called from any thread. The text has one lock. Edits and
 * reads take it on the calling thread; changes of others are applied under it on the client's
 * listener executor. Observers are called under it, on the thread that changed the text: at each
 * call the text is what the change made it. Hence:
 *
 * <ul>
 *   <li>An editor that edits on the event thread and gives that thread as the listener executor has
 *       indexes that always fit what it shows, without a lock of its own.
 *   <li>An observer may read the text, but must neither edit it (that throws {@link
 *       IllegalStateException}) nor wait for another thread that needs it.
 *   <li>The client holds none of its own locks while it calls an observer, a listener or a
 *       dependent of a future, so these may call anything but the blocking {@link #close}.
 * </ul>
 *
 * <p>What an observer or a listener throws goes to its thread's uncaught exception handler; the
 * edit stands.
 */
public final class SharedText implements AutoCloseable {
  private final Channel channel;
  private final LocalCopy copy;
  private final Session session;
  private final Environment environment;
  private final Duration closeWithin;
  private final Consumer<SharedText> forget;

  private final List<StatusListener> listeners = new CopyOnWriteArrayList<>();
  private final Announcer announcer;
  private final SharedPresence presence;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private volatile View view;
  private volatile CompletableFuture<@Nullable Void> caughtUp = new CompletableFuture<>();

  // Confined to the loop.
  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<SaveListener> saveListeners = new ArrayList<>();
  private @Nullable SaveProgress lastSave;

  SharedText(
      StoredText stored,
      Session session,
      Environment environment,
      Duration storeWindow,
      OutboxLimits outboxLimits,
      Duration closeWithin,
      Consumer<SharedText> forget) {
    this.session = session;
    this.environment = environment;
    this.closeWithin = closeWithin;
    this.forget = forget;
    this.announcer = new Announcer(environment.listeners(), environment.loop(), this::tellStatus);
    this.channel =
        new Channel(stored, session, environment, storeWindow, outboxLimits, new ChannelWatch());
    this.copy = channel.copy();
    this.presence = channel.presence();
    this.view = View.ofUnconnected(stored, session.hasRelay());
    if (!session.hasRelay()) {
      caughtUp.complete(null);
    }
  }

  /** Begins to keep in step with the relay. On the loop. */
  void start(List<PendingSave> pending) {
    channel.resume(pending);
    session.register(channel);
  }

  // --- The text ---

  /** Returns which document this is. */
  public DocumentId documentId() {
    return channel.document();
  }

  /** Returns the id under which this device's edits are known to others. */
  public ReplicaId replica() {
    return copy.replica();
  }

  /** Returns the text's length, in UTF-16 units. */
  public int length() {
    return copy.read(TextDocument::length);
  }

  /** Returns the text. O(length). */
  public String text() {
    return copy.read(TextDocument::text);
  }

  /** Returns what the text has seen: equal versions, equal text. O(replicas). */
  public VersionVector version() {
    return copy.version();
  }

  /**
   * Inserts {@code text} before the unit at {@code index}.
   *
   * @param index in UTF-16 units, from 0 to {@link #length}
   * @throws IndexOutOfBoundsException if {@code index} is not within the text
   * @throws IllegalArgumentException if a surrogate pair would be split or is not whole
   * @throws IllegalStateException if the text is closed, or this is called by an observer
   * @throws OutboxFullException if too much waits for the relay
   */
  public void insert(int index, CharSequence text) {
    copy.insert(index, text);
  }

  /**
   * Deletes the units from {@code start} to {@code end}, exclusive.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws IllegalArgumentException if a surrogate pair would be split
   * @throws IllegalStateException if the text is closed, or this is called by an observer
   * @throws OutboxFullException if too much waits for the relay
   */
  public void delete(int start, int end) {
    copy.delete(start, end);
  }

  /**
   * Puts {@code text} in the place of the units from {@code start} to {@code end}, exclusive.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws IllegalArgumentException if a surrogate pair would be split or is not whole
   * @throws IllegalStateException if the text is closed, or this is called by an observer
   * @throws OutboxFullException if too much waits for the relay
   */
  public void replace(int start, int end, CharSequence text) {
    copy.replace(start, end, text);
  }

  /**
   * Groups edits: no change of others comes between them, observers are told of all at once, and
   * they reach others together. If {@code edits} throws, the edits made before stay, and the
   * exception goes on to the caller.
   *
   * @param edits is given the document, for the time of the call only; runs under the text's lock
   * @throws IllegalStateException if the text is closed, or this is called by an observer
   * @throws OutboxFullException if too much waits for the relay; {@code edits} is not run then.
   *     What fits no more is known only before: the last group may go beyond the bound
   */
  public void transact(Consumer<TextDocument> edits) {
    transact(null, edits);
  }

  /**
   * As {@link #transact(Consumer)}, from a source: any object of the embedder's, by which observers
   * and {@linkplain #undoHistory undo histories} tell edits apart.
   *
   * @param source where the edits come from; null for nowhere in particular
   */
  public void transact(@Nullable Object source, Consumer<TextDocument> edits) {
    copy.edit(document -> document.transact(source, () -> edits.accept(document)));
  }

  /**
   * Returns a history of what is edited through this text from now on, to undo it. There may be
   * several, for edits of different sources.
   *
   * <pre>{@code
   * SharedUndo undo = text.undoHistory(steps -> steps.groupWithinMillis(500, System::nanoTime));
   * undo.undo().ifPresent(selection -> pane.select(selection.mark(), selection.caret()));
   * }</pre>
   *
   * @param options chooses what is recorded; what it is given to call is called under the text's
   *     lock
   */
  public SharedUndo undoHistory(UnaryOperator<UndoHistory.Builder> options) {
    return copy.read(
        document -> new SharedUndo(copy, options.apply(UndoHistory.of(document)).build()));
  }

  /**
   * Takes in changes that come by another way than the relay, such as a file that somebody
   * exported. They are kept on this device and reach the relay as edits do, with their authors.
   *
   * @param updateOrSnapshot what a {@link TextDocument} wrote
   * @return what became of them; what waits for others waits in memory only
   * @throws MalformedUpdateException as {@link TextDocument#apply} does; nothing is changed then
   * @throws IllegalStateException if the text is closed, or this is called by an observer
   */
  public ApplyResult apply(byte[] updateOrSnapshot) throws MalformedUpdateException {
    return copy.apply(updateOrSnapshot);
  }

  /**
   * Returns what {@code reader} makes of the text while nobody changes it.
   *
   * @param reader is given the document, to read it only, for the time of the call only; runs under
   *     the text's lock
   */
  public <T extends @Nullable Object> T read(Function<TextDocument, T> reader) {
    return copy.read(reader);
  }

  /** Has {@code observer} told of every change of the text from now on. */
  public Subscription observe(TextObserver observer) {
    return copy.observe(observer);
  }

  /** Returns who else has the text open, and where, and what this client shows of itself. */
  public SharedPresence presence() {
    return presence;
  }

  // --- What is safe ---

  /**
   * Saves all that the text has now, whoever wrote it. Returns at once; the future completes when
   * the relay has acknowledged that all of it is safe. Until then the save is kept on this device
   * and sent on every connection, after a restart too. Without a relay it completes when all is
   * flushed to this device's disk.
   *
   * <p>The future fails with {@link SaveRefusedException} if the relay, or without one the store,
   * refuses for good, and with {@link IllegalStateException} if the text is closed before the
   * answer (the save then goes on when the text is opened again, if the store has taken it). What
   * was saved earlier stays safe.
   */
  public CompletableFuture<SaveReceipt> save() {
    return beginSave(null, null);
  }

  /**
   * As {@link #save()}, but the future fails with {@link java.util.concurrent.TimeoutException} if
   * there was no answer within {@code deadline}. The deadline ends the wait, not the save, which is
   * kept and goes on.
   *
   * @throws IllegalArgumentException if {@code deadline} is not positive
   */
  public CompletableFuture<SaveReceipt> save(Duration deadline) {
    return beginSave(null, requirePositive(deadline));
  }

  /**
   * As {@link #save()}, but the future completes only when the text is at least so safe: {@link
   * Guarantee#DEVICE} asks for this device's disk alone, {@link Guarantee#replicated} for several
   * machines of the relay. It fails with {@link SaveRefusedException} where that cannot be given.
   */
  public CompletableFuture<SaveReceipt> save(Guarantee atLeast) {
    return beginSave(Objects.requireNonNull(atLeast, "atLeast"), null);
  }

  /**
   * As {@link #save(Guarantee)}, with a deadline as of {@link #save(Duration)}.
   *
   * @throws IllegalArgumentException if {@code deadline} is not positive
   */
  public CompletableFuture<SaveReceipt> save(Guarantee atLeast, Duration deadline) {
    return beginSave(Objects.requireNonNull(atLeast, "atLeast"), requirePositive(deadline));
  }

  private static Duration requirePositive(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("deadline must be positive, deadline=" + deadline);
    }
    return deadline;
  }

  private CompletableFuture<SaveReceipt> beginSave(
      @Nullable Guarantee atLeast, @Nullable Duration deadline) {
    CompletableFuture<SaveReceipt> receipt = new CompletableFuture<>();
    VersionVector version = copy.version();
    ask(
        () -> channel.save(version, atLeast, deadline, receipt),
        receipt,
        closedBefore("it was saved"));
    return receipt;
  }

  /** Hands over to the loop what will complete the future, or fails it if the text is closed. */
  private void ask(Runnable question, CompletableFuture<?> answer, Exception closed) {
    if (!closing.get()) {
      environment.loop().execute(question);
    }
    // Asked again: a loop that has ended since drops what it is handed.
    if (closing.get()) {
      answer.completeExceptionally(closed);
    }
  }

  /**
   * Has {@code listener} told, on the listener executor, what saves come to: first the last, if
   * there was one since the text was opened, then each that begins, is acknowledged or is refused,
   * in order. Saves that an earlier run of the program asked for are among them.
   */
  public Subscription onSave(Consumer<SaveProgress> listener) {
    SaveListener added =
        new SaveListener(Objects.requireNonNull(listener, "listener"), environment);
    environment
        .loop()
        .execute(
            () -> {
              saveListeners.add(added);
              if (lastSave != null) {
                added.tell(lastSave);
              }
            });
    return () -> {
      added.end();
      environment.loop().execute(() -> saveListeners.remove(added));
    };
  }

  /** Returns where the text stands now. O(replicas). */
  public SyncStatus status() {
    Duration sinceHeard = session.sinceHeard();
    return view.at(copy.standing(), session.nextAttempt(), sinceHeard, session.isStale(sinceHeard));
  }

  /**
   * Has {@code listener} told of the status, on the listener executor: the present one soon, then
   * every one that says something else. States that pass quicker than the listener looks are left
   * out, the last one never is. The mere passing of time since the relay was heard is not told, but
   * becoming stale is.
   */
  public Subscription onStatus(Consumer<SyncStatus> listener) {
    StatusListener added = new StatusListener(listener);
    listeners.add(added);
    statusChanged();
    return () -> listeners.remove(added);
  }

  /**
   * Returns a future that completes when all that the relay had when this device connected is part
   * of the text; one that is complete already if the text is in step now, or there is no relay.
   * Fails with {@link SaveRefusedException} if the relay refuses this client or this text for good,
   * and with {@link IllegalStateException} if the text is closed before.
   */
  public CompletableFuture<@Nullable Void> caughtUp() {
    return caughtUp.copy();
  }

  /**
   * Returns a future that completes when the relay is known to hold durably all that the text has
   * now. Unlike {@link #save} this asks the relay for nothing. Fails with {@link
   * SaveRefusedException} if the relay refuses the text's edits for good, and with {@link
   * IllegalStateException} if there is no relay, or the text is closed before.
   */
  public CompletableFuture<@Nullable Void> delivered() {
    CompletableFuture<@Nullable Void> delivered = new CompletableFuture<>();
    if (!session.hasRelay()) {
      delivered.completeExceptionally(new IllegalStateException("no relay is set"));
    } else {
      Delivery delivery = new Delivery(copy.version(), delivered);
      ask(() -> await(delivery), delivered, closedBefore("its edits were delivered"));
    }
    return delivered;
  }

  private void await(Delivery delivery) {
    if (closed.isDone()) {
      fail(delivery.future, closedBefore("its edits were delivered"));
      return;
    }
    deliveries.add(delivery);
    settleDeliveries();
  }

  private void settleDeliveries() {
    Refusal refusal = channel.refusal();
    VersionVector durable = channel.durable();
    deliveries.removeIf(
        delivery -> {
          boolean delivered = durable.includes(delivery.version);
          if (delivered) {
            complete(delivery.future);
          } else if (refusal != null) {
            fail(delivery.future, new SaveRefusedException(refusal));
          }
          return delivered || refusal != null || delivery.future.isDone();
        });
  }

  private void complete(CompletableFuture<@Nullable Void> future) {
    environment.completions().execute(() -> future.complete(null));
  }

  private void fail(CompletableFuture<?> future, Exception exception) {
    environment.completions().execute(() -> future.completeExceptionally(exception));
  }

  /**
   * Returns where the text is not known to be safe yet: what was written or brought back since is
   * in the ranges, and where something was deleted there is an empty one; from left to right. Safe
   * is what the relay holds durably, or, where there is none, what is flushed to this device's
   * disk: what {@link SyncStatus#undurableChanges} counts. O(what is not safe x log spans).
   *
   * <p>Under the text's lock, and not quick where much is not safe: about 0.4 s for 250,000 changed
   * places. Meant for what a person sees now and then, such as before quitting, and not for every
   * keystroke.
   */
  public List<TextRange> unsavedRanges() {
    return copy.read(document -> document.editedSince(view.safe()));
  }

  /** As {@link #unsavedRanges}, cost and all, of what this device's store does not hold. */
  public List<TextRange> unstoredRanges() {
    return copy.read(document -> document.editedSince(view.stored()));
  }

  /**
   * Returns what the relay refused for good, oldest first. It is in the text and on this device,
   * and holds back all edits after it: {@link SyncStatus#refusal} says why. To give it up, close
   * the text and {@link dev.weft.store.WorkspaceStore#discardDeadLetter discard} it. Letters that
   * do not {@linkplain DeadLetter#holdsBack hold back} are what the repair of a damaged store could
   * not place; those of the code {@link DeadLetter#STORE_DAMAGED} are taken in by themselves once
   * the relay has brought what they build on.
   */
  public List<DeadLetter> deadLetters() {
    return channel.deadLetters();
  }

  /**
   * Sends again what the relay refused for good, since the reason may be gone. Returns at once; if
   * it is refused again, it is a dead letter again. What was refused because this client might only
   * read is sent again without being asked once it may write.
   */
  public void retryRefused() {
    environment.loop().execute(channel::retryRefused);
  }

  // --- Closing ---

  /**
   * Sends what the link takes at once, flushes the text to the store and gives its replica id back.
   * Waits for that as long as the client was told to (5 s unless set otherwise), so not for an
   * event thread. What the relay does not have yet stays in the store, is told by {@link #status}
   * even now, and is sent when the text is opened again. Reading goes on; edits are refused.
   * Closing again does nothing.
   *
   * @throws StoreException if the store does not confirm; the text is closed nevertheless
   * @throws IllegalStateException if called inside {@link #transact}, {@link #read} or an observer,
   *     whose lock closing needs
   */
  @Override
  public void close() {
    requireUnlockedByCaller();
    Closing.await(closeSoon(), closeWithin);
  }

  void requireUnlockedByCaller() {
    if (copy.isLockedByCaller()) {
      throw new IllegalStateException(
          "a text cannot be closed from inside an edit, a read or an observer of it");
    }
  }

  /** Closes without waiting. */
  CompletableFuture<@Nullable Void> closeSoon() {
    if (closing.compareAndSet(false, true)) {
      copy.close();
      environment.loop().execute(() -> channel.close(this::stored));
    }
    return closed;
  }

  private void stored(@Nullable StoreException failure) {
    for (Delivery delivery : deliveries) {
      fail(delivery.future, closedBefore("its edits were delivered"));
    }
    deliveries.clear();
    announcer.end();
    presence.close();
    saveListeners.forEach(SaveListener::end);
    fail(caughtUp, closedBefore("it had caught up"));
    forget.accept(this);
    if (failure == null) {
      closed.complete(null);
    } else {
      closed.completeExceptionally(failure);
    }
  }

  private static IllegalStateException closedBefore(String what) {
    return new IllegalStateException("the text was closed before " + what);
  }

  /** Returns the document's id and its status in words. */
  @Override
  public String toString() {
    return documentId().value() + ": " + status().describe();
  }

  // --- Status ---

  private void statusChanged() {
    if (!listeners.isEmpty()) {
      announcer.changed();
    }
  }

  private void tellStatus() {
    SyncStatus status = status();
    for (StatusListener listener : listeners) {
      listener.tell(status);
    }
  }

  /** Keeps what other threads see in step with what the loop knows. */
  private final class ChannelWatch implements Channel.Watch {
    @Override
    public void changed() {
      view = channel.view();
      settleDeliveries();
      statusChanged();
    }

    @Override
    public void caughtUp() {
      complete(caughtUp);
    }

    @Override
    public void fellBehind() {
      caughtUp = new CompletableFuture<>();
    }

    @Override
    public void saveProgressed(SaveProgress progress) {
      lastSave = progress;
      saveListeners.forEach(listener -> listener.tell(progress));
    }

    @Override
    public void refused(Refusal why) {
      fail(caughtUp, new SaveRefusedException(why));
    }
  }

  private record Delivery(VersionVector version, CompletableFuture<@Nullable Void> future) {}

  /** A listener and what of the saves it is still to be told, in order. */
  private static final class SaveListener {
    private final Consumer<SaveProgress> listener;
    private final Queue<SaveProgress> untold = new ConcurrentLinkedQueue<>();
    private final Announcer announcer;

    SaveListener(Consumer<SaveProgress> listener, Environment environment) {
      this.listener = listener;
      this.announcer = new Announcer(environment.listeners(), environment.loop(), this::tellAll);
    }

    void tell(SaveProgress progress) {
      untold.add(progress);
      announcer.changed();
    }

    void end() {
      announcer.end();
    }

    private void tellAll() {
      for (SaveProgress next = untold.poll(); next != null; next = untold.poll()) {
        try {
          listener.accept(next);
        } catch (Throwable e) {
          DaemonThreads.report(e);
        }
      }
    }
  }

  /** A listener and what it was told last. Called by one thread at a time. */
  private static final class StatusListener {
    private final Consumer<SyncStatus> listener;
    private @Nullable SyncStatus told;

    StatusListener(Consumer<SyncStatus> listener) {
      this.listener = listener;
    }

    void tell(SyncStatus status) {
      if (told != null && status.saysTheSameAs(told)) {
        return;
      }
      told = status;
      try {
        listener.accept(status);
      } catch (Throwable e) {
        DaemonThreads.report(e);
      }
    }
  }
}
