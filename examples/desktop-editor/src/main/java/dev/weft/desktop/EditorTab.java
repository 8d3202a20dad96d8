package dev.weft.desktop;

import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.crdt.Subscription;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.desktop.binding.UndoActions;
import dev.weft.desktop.find.FindBar;
import dev.weft.desktop.history.HistoryWindow;
import java.awt.event.KeyAdapter;
import java.awt.event.KeyEvent;
import java.beans.PropertyChangeListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.UIManager;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.jspecify.annotations.Nullable;

/**
 * One document in a window: its text, and below it how it stands. Confined to the event dispatch
 * thread, on which it does no I/O.
 */
final class EditorTab {
  /** How long closing waits for the disk, and a connected relay, to have what was written last. */
  private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(2);

  private static final String WRITTEN_IN_VAIN =
      "Nothing was written: you may read this text and not edit it. Choose Connection, Sign In to"
          + " give the relay another token.";

  private final Workspace workspace;
  private final SharedText text;
  private final LongSupplier ticker;
  private final Runnable statusShown;
  private final EditorPane pane;
  private final SharedTextBinding binding;
  private final UndoActions undo;
  private final UnsavedMargin margin;
  private final PeopleHere.@Nullable Place people;
  private final RelayNotices relayNotices;
  private final FindBar findBar;
  private final Subscription statusSubscription;
  private final Timer clock;
  private final PropertyChangeListener lookListener;

  private @Nullable HistoryWindow history;
  private StatusWords words;

  private boolean frozen;
  private boolean readOnly;
  private int savesUnderWay;

  /** Tells what a save came to that was answered while nobody could save; null for none. */
  private @Nullable Runnable answer;

  private long savingSinceNanos;

  /**
   * Shows a document.
   *
   * @param text is closed by whoever closes the tab
   * @param ticker the monotonic clock, in nanoseconds from any origin
   * @param statusShown is run when other words are shown of how the document stands
   * @param remedy does what a person chooses of what can be done about that
   */
  EditorTab(
      Workspace workspace,
      SharedText text,
      LongSupplier ticker,
      Runnable statusShown,
      BiConsumer<EditorTab, Remedy> remedy) {
    this.workspace = workspace;
    this.text = text;
    this.ticker = ticker;
    this.statusShown = statusShown;
    pane = new EditorPane(text.documentId(), chosen -> remedy.accept(this, chosen));
    binding = SharedTextBinding.bind(area(), text, this::tellRefused);
    undo = UndoActions.install(area(), text, ticker, this::tellRefused);
    area().setCaretPosition(0);
    area().addKeyListener(new TypingInVain());
    margin = new UnsavedMargin(workspace::onDisk, text, area());
    pane.setMargin(margin);
    people = workspace.hasRelay() ? workspace.people().join(pane, binding, text, ticker) : null;
    findBar = new FindBar(area(), text, undo::endStep);
    pane.setFindBar(findBar);
    lookListener = event -> SwingUtilities.invokeLater(pane::applyLook);
    UIManager.addPropertyChangeListener(lookListener);
    relayNotices = new RelayNotices(workspace, pane.notice());
    words = wordsNow();
    pane.statusBar().show(words);
    statusSubscription = text.onStatus(this::showStatus);
    // Time passes without being told: how long the relay was not heard, how long a save takes.
    clock = new Timer(1_000, event -> showStatus(text.status()));
    clock.start();
  }

  SharedText text() {
    return text;
  }

  EditorPane pane() {
    return pane;
  }

  RSyntaxTextArea area() {
    return pane.area();
  }

  UndoActions undo() {
    return undo;
  }

  UnsavedMargin margin() {
    return margin;
  }

  FindBar findBar() {
    return findBar;
  }

  /** Shows the history of the document, in a window of its own. */
  HistoryWindow showHistory() {
    HistoryWindow shown = history;
    if (shown == null || shown.isClosed()) {
      shown =
          HistoryWindow.open(
              area(),
              text,
              () -> workspace.ownReplicas(text.documentId()),
              workspace::knownNames,
              undo::endStep);
      history = shown;
    } else {
      shown.dialog().toFront();
    }
    return shown;
  }

  /** Returns how the document stands, in the words that are shown. */
  StatusWords words() {
    return words;
  }

  /** Returns how it stands at this moment, but for how long a save takes. */
  StatusWords wordsNow() {
    return words(text.status(), null);
  }

  private StatusWords words(SyncStatus status, @Nullable Duration savingFor) {
    return StatusWords.of(status, workspace.relayUse(), relayNotices.isRetrying(), savingFor);
  }

  private void tellRefused(RuntimeException reason) {
    pane.notice().show(StatusSign.REFUSED, "That edit was not made: " + reason.getMessage());
  }

  private void showStatus(SyncStatus status) {
    Duration savingFor =
        savesUnderWay == 0 ? null : Duration.ofNanos(ticker.getAsLong() - savingSinceNanos);
    relayNotices.show(status);
    StatusWords now = words(status, savingFor);
    boolean readOnlyNow = status.degradations().contains(Degradation.READ_ONLY);
    if (readOnly != readOnlyNow) {
      readOnly = readOnlyNow;
      pane.notice().clear(WRITTEN_IN_VAIN);
      showWhetherEditable();
    }
    if (!now.equals(words)) {
      words = now;
      pane.statusBar().show(now);
      margin.statusSays(status.undurableChanges());
      statusShown.run();
    }
  }

  /** Tells whoever types that they may only read: the text area itself says nothing. */
  private final class TypingInVain extends KeyAdapter {
    @Override
    public void keyTyped(KeyEvent event) {
      boolean command = event.isControlDown() || event.isAltDown() || event.isMetaDown();
      if (readOnly && !frozen && !command && event.getKeyChar() != KeyEvent.VK_ESCAPE) {
        pane.notice().show(StatusSign.WARNING, WRITTEN_IN_VAIN);
      }
    }
  }

  /** Has it told anew if the relay refuses this editor again, in the same words perhaps. */
  void forgetRefusal() {
    relayNotices.forgetRefusal();
  }

  // --- Saving ---

  /** Asks for confirmation that all of the text is safe, and tells of the answer. */
  void save() {
    if (frozen) {
      return;
    }
    if (savesUnderWay++ == 0) {
      savingSinceNanos = ticker.getAsLong();
    }
    undo.endStep();
    pane.notice().clear();
    EventThreadFutures.then(text.save(), this::saved);
  }

  private void saved(@Nullable SaveReceipt receipt, @Nullable Throwable failure) {
    savesUnderWay--;
    if (frozen) {
      // If it is closed, the report tells how it stands.
      answer = () -> tell(receipt, failure);
    } else {
      tell(receipt, failure);
    }
  }

  private void tell(@Nullable SaveReceipt receipt, @Nullable Throwable failure) {
    if (receipt != null) {
      pane.notice()
          .showBriefly(
              StatusSign.SAVED,
              "Save confirmed. All that you had when you saved is "
                  + Guarantees.inWords(receipt.guarantee())
                  + ".");
    } else if (failure != null) {
      pane.notice().show(StatusSign.REFUSED, "Not saved: " + failure.getMessage());
    }
    showStatus(text.status());
  }

  // --- Closing ---

  /** Takes no edits and no saves while it is being closed, or does so again. */
  void setFrozen(boolean frozen) {
    this.frozen = frozen;
    showWhetherEditable();
    if (!frozen && answer != null) {
      answer.run();
      answer = null;
    }
  }

  /** Nobody is to write what the relay is known not to take. */
  private void showWhetherEditable() {
    area().setEditable(!frozen && !readOnly);
  }

  boolean isFrozen() {
    return frozen;
  }

  /**
   * Returns what completes when this device's store has what was written, or is known not to take
   * it, and a relay that is connected has it too; soon in any case. The status says which.
   */
  CompletableFuture<?> lastMoment() {
    SyncStatus status = text.status();
    CompletableFuture<?> stored = status.unstoredChanges() > 0 ? storedOrNot() : nothingToWaitFor();
    CompletableFuture<?> delivered =
        status.connection() == Connection.LIVE && status.undurableChanges() > 0
            ? text.delivered()
            : nothingToWaitFor();
    return CompletableFuture.allOf(stored, delivered)
        .orTimeout(CLOSING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Not by a save: nobody asked for one, and one that fails would be told of. */
  private CompletableFuture<?> storedOrNot() {
    CompletableFuture<Boolean> known = new CompletableFuture<>();
    Subscription watch =
        text.onStatus(
            now -> {
              boolean broken = now.degradations().contains(Degradation.STORE_UNAVAILABLE);
              if (broken || now.unstoredChanges() == 0) {
                known.complete(!broken);
              }
            });
    return known
        .orTimeout(CLOSING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((stored, failure) -> watch.close());
  }

  private static CompletableFuture<?> nothingToWaitFor() {
    return CompletableFuture.completedFuture(null);
  }

  /** Returns what is to be asked about before it is closed; empty if all is safe. */
  Optional<ClosingQuestion.Unsafe> unsafe() {
    return ClosingQuestion.unsafe(text.status(), workspace);
  }

  /**
   * Returns what became of the document.
   *
   * @param failure why it was not all flushed, as a sentence; null if it was
   */
  ClosingReport report(@Nullable String failure) {
    return new ClosingReport(
        text.documentId(),
        workspace.directory(),
        workspace.hasRelay(),
        text.version(),
        text.status(),
        failure);
  }

  /** Lets go of the document, which is closed already. */
  void dispose() {
    clock.stop();
    UIManager.removePropertyChangeListener(lookListener);
    statusSubscription.close();
    margin.close();
    if (people != null) {
      workspace.people().leave(people);
    }
    findBar.close();
    if (history != null) {
      history.close();
    }
    pane.close();
    undo.close();
    binding.close();
  }
}
