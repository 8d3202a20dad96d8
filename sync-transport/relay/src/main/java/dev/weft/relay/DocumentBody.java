package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is of an open document once it is loaded: its text, and the way of edits through it.
 * Confined to the document's worker.
 *
 * <pre>{@code
 * a client:      edits -----+
 *                           +--> Intake --> News --> passOn --> other channels, relays, guests
 * another relay: announced -+      |
 *                                  +--> DocumentWriter --> flushed --> saves
 * }</pre>
 *
 * <p>Changes are taken in as they come, and passed on at the end of the worker's turn, so that what
 * came together goes out together. What a channel has been sent is always the text's version at the
 * last such moment, or, where its connection is slow, what its {@link Debts} are.
 */
final class DocumentBody implements DocumentWriter.Hooks, OtherRelays.Hooks {
  private final OpenDocument document;
  private final Collection<Channel> channels;
  private final PendingSaves saves;
  private final RelayMetrics metrics;
  private final RelayTimes times;
  private final RelayedText text;
  private final DocumentWriter writer;
  private final News news;
  private final Intake intake;
  private final Debts debts;
  private final OtherRelays otherRelays;
  private final DocumentSize size;
  private final List<Runnable> untilDurable = new ArrayList<>();

  /** When the oldest of the edits came that have not been passed on. */
  private long oldestNanos;

  private boolean hasUntold;

  /** Creates the body of a document, which {@link #begin} sets going. */
  DocumentBody(RelayHub hub, OpenDocument document, LoadedDocument loaded) {
    RelayBounds bounds = hub.bounds();
    this.document = document;
    this.channels = document.channels().all();
    this.saves = document.channels().saves();
    this.metrics = hub.metrics();
    this.times = hub.times();
    this.text = new RelayedText(loaded.text(), bounds);
    CatchUp catchUp = new CatchUp(text, bounds, loaded.snapshot());
    this.writer =
        new DocumentWriter(
            text,
            catchUp,
            hub.writeBehind(),
            hub.load(),
            times,
            bounds,
            this,
            text.version(),
            loaded.tailBytes());
    this.news = new News(bounds.partBytes(), text.version());
    this.intake = new Intake(document, this, text, writer, news, times, bounds, metrics);
    this.debts = new Debts(document.channels(), text, catchUp, writer, bounds);
    this.otherRelays = new OtherRelays(hub.fanOut(), hub.store(), hub.storeReads(), bounds, this);
    this.size = new DocumentSize(hub.load());
  }

  /** Begins to be counted, and to hear of other relays. Called once. */
  void begin() {
    size.measure(text.text());
    otherRelays.join();
    if (!writer.isIdle()) {
      writer.flush();
    }
  }

  RelayedText text() {
    return text;
  }

  Debts debts() {
    return debts;
  }

  @Override
  public DocumentId id() {
    return document.id();
  }

  @Override
  public void post(Runnable task) {
    document.post(task);
  }

  @Override
  public Timer.Scheduled after(Duration delay, Runnable task) {
    return document.after(delay, task);
  }

  // --- Edits, in ---

  /** A channel's client has sent changes. */
  void edits(Channel channel, Payload update, @Nullable VersionVector vector, long arrivedNanos) {
    if (!hasUntold) {
      hasUntold = true;
      oldestNanos = arrivedNanos;
    }
    grows(update.size());
    intake.edits(channel, update, vector);
  }

  @Override
  public void announced(List<Change> changes) {
    grows(newBytes(changes));
    intake.announced(changes);
  }

  @Override
  public void foundInStore(List<Change> changes) {
    grows(newBytes(changes));
    intake.foundInStore(changes);
  }

  private void grows(long bytes) {
    document.unsettle();
    size.grew(bytes, text.text());
  }

  private long newBytes(List<Change> changes) {
    VersionVector known = text.version();
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.isKnown(known) ? 0 : change.sizeInBytes();
    }
    return bytes;
  }

  @Override
  public VersionVector version() {
    return text.version();
  }

  @Override
  public boolean isWaiting() {
    return text.isWaiting();
  }

  // --- Edits, out ---

  /** Gives to each channel what has been taken in from the others since the last time. */
  void passOn() {
    if (!news.isEmpty()) {
      otherRelays.tell(news.passOn(channels, text.version()));
      if (hasUntold) {
        metrics.passedOn(document.now() - oldestNanos);
      }
    }
    hasUntold = false;
    document.guests().tell(text);
  }

  // --- Saves ---

  /** A channel's client asks for certainty. */
  void save(Channel channel, ClientMessage.Save save) {
    if (channel.access != DocumentAccess.WRITE) {
      saves.refuse(channel, save, Refusals.readOnly());
      return;
    }
    if (writer.isFull() && !writer.durable().includes(save.vector())) {
      saves.refuse(
          channel, save, Refusals.storeFull(Math.toIntExact(times.storeRetry().toMillis())));
      return;
    }
    VersionVector version = text.version();
    boolean waitsForStore = saves.add(channel, save, version);
    if (waitsForStore) {
      saves.flushed(writer.durable());
    } else if (!version.includes(save.vector())) {
      intake.askAgain(channel);
    }
    if (waitsForStore && !saves.isEmpty()) {
      writer.flush();
    }
  }

  /** Calls {@code then} when all that has come before is flushed. */
  void whenDurable(Runnable then) {
    if (writer.isIdle()) {
      then.run();
    } else {
      untilDurable.add(then);
      writer.flush();
    }
  }

  @Override
  public void flushed(VersionVector durable) {
    passOn();
    saves.flushed(durable);
    for (Channel channel : channels) {
      channel.queue().durable(channel.feed, durable);
    }
    if (!untilDurable.isEmpty()) {
      if (writer.isIdle()) {
        untilDurable.forEach(Runnable::run);
        untilDurable.clear();
      } else {
        writer.flush();
      }
    }
  }

  @Override
  public void storeFailed() {
    saves.storeFailed();
  }

  /** Returns whether all that was taken in is flushed. */
  boolean isIdle() {
    return writer.isIdle();
  }

  // --- The end ---

  /** Its memory is counted no more, and nothing of it is written any more. */
  void giveBack() {
    size.forget();
    writer.end();
  }

  /** Hears nothing more of other relays. */
  void leaveOtherRelays() {
    otherRelays.leave();
  }

  /** Returns what waits until all is flushed, and forgets it. */
  List<Runnable> takeUntilDurable() {
    List<Runnable> waiting = List.copyOf(untilDurable);
    untilDurable.clear();
    return waiting;
  }
}
