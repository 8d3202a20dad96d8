package dev.weft.desktop;

import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.crdt.Subscription;
import dev.weft.desktop.binding.SharedTextBinding;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.beans.PropertyChangeListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import javax.swing.JFrame;
import javax.swing.JOptionPane;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.UIManager;
import javax.swing.WindowConstants;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.jspecify.annotations.Nullable;

/**
 * A window on one document: its text, and below it how it stands. Confined to the event dispatch
 * thread, on which it does no I/O: the document is closed on a thread of its own.
 */
final class EditorWindow {
  /** How long closing waits for a relay that is connected to confirm what was written last. */
  private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(2);

  private static final Executor EVENT_THREAD = SwingUtilities::invokeLater;

  private final OpenDocument document;
  private final SharedText text;
  private final LongSupplier ticker;
  private final JFrame frame;
  private final EditorPane pane;
  private final SharedTextBinding binding;
  private final Subscription statusSubscription;
  private final Timer clock;
  private final PropertyChangeListener lookListener;
  private final CompletableFuture<ClosingReport> closed = new CompletableFuture<>();

  private boolean offlineByChoice;
  private boolean closing;
  private boolean storing;
  private int savesUnderWay;
  private long savingSinceNanos;

  /**
   * Creates a window; {@link #frame} is to be made visible.
   *
   * @param document is closed with the window
   * @param ticker the monotonic clock, in nanoseconds from any origin
   */
  EditorWindow(OpenDocument document, String title, LongSupplier ticker) {
    this.document = document;
    this.text = document.text();
    this.ticker = ticker;
    pane = new EditorPane(text.documentId().value());
    frame = new JFrame(title);
    frame.setIconImages(WindowIcons.all());
    frame.setContentPane(pane);
    frame.setDefaultCloseOperation(WindowConstants.DO_NOTHING_ON_CLOSE);
    frame.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosing(WindowEvent event) {
            close();
          }
        });
    EditorMenu menu = new EditorMenu(this);
    menu.install(frame.getRootPane());
    area().setPopupMenu(menu.popup());
    binding =
        SharedTextBinding.bind(
            area(),
            text,
            reason ->
                pane.notice()
                    .show(StatusSign.REFUSED, "That edit was not made: " + reason.getMessage()));
    area().setCaretPosition(0);
    lookListener = event -> EVENT_THREAD.execute(pane::applyLook);
    UIManager.addPropertyChangeListener(lookListener);
    statusSubscription = text.onStatus(this::showStatus);
    showStatus(text.status());
    // Time passes without being told: how long the relay was not heard, how long a save takes.
    clock = new Timer(1_000, event -> showStatus(text.status()));
    clock.start();
    frame.pack();
  }

  JFrame frame() {
    return frame;
  }

  RSyntaxTextArea area() {
    return pane.area();
  }

  EditorPane pane() {
    return pane;
  }

  OpenDocument document() {
    return document;
  }

  /** Returns what completes when the window and its document are closed; it never fails. */
  CompletableFuture<ClosingReport> closed() {
    return closed.copy();
  }

  // --- Status ---

  private void showStatus(SyncStatus status) {
    Duration savingFor =
        savesUnderWay == 0 ? null : Duration.ofNanos(ticker.getAsLong() - savingSinceNanos);
    pane.statusBar().show(StatusWords.of(document, status, savingFor));
  }

  void explainStatus() {
    StatusWords words = StatusWords.of(document, text.status(), null);
    JOptionPane.showMessageDialog(
        frame,
        Paragraphs.html("Document " + text.documentId(), words.explanation()),
        "What the Status Means",
        JOptionPane.INFORMATION_MESSAGE);
  }

  // --- Saving ---

  /** Asks for confirmation that all of the text is safe, and tells of the answer. */
  void save() {
    if (closing) {
      return;
    }
    if (savesUnderWay++ == 0) {
      savingSinceNanos = ticker.getAsLong();
    }
    pane.notice().clear();
    onEventThread(text.save(), this::saved);
  }

  private void saved(@Nullable SaveReceipt receipt, @Nullable Throwable failure) {
    savesUnderWay--;
    if (storing) {
      // The report on closing tells how it stands.
      return;
    }
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

  // --- Connection ---

  boolean isOfflineByChoice() {
    return offlineByChoice;
  }

  void toggleOffline() {
    if (offlineByChoice) {
      connectNow();
    } else {
      offlineByChoice = true;
      document.client().disconnect();
    }
  }

  void connectNow() {
    offlineByChoice = false;
    document.client().reconnect();
  }

  // --- Closing ---

  /**
   * Closes the window and its document; asks first if something is not safe on the relay, after a
   * moment in which a relay that is connected can confirm it.
   */
  void close() {
    if (closing) {
      return;
    }
    closing = true;
    area().setEditable(false);
    boolean connected = text.status().connection() == Connection.LIVE;
    CompletableFuture<?> moment =
        connected && text.status().undurableChanges() > 0
            ? text.delivered().orTimeout(CLOSING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            : CompletableFuture.completedFuture(null);
    onEventThread(moment, (delivered, failure) -> askAndClose());
  }

  private void askAndClose() {
    Optional<String> question = ClosingQuestion.words(text.status(), document);
    if (question.isPresent() && !ClosingQuestion.isClosingMeant(frame, question.get())) {
      closing = storing;
      area().setEditable(!storing);
    } else {
      closeUnasked();
    }
  }

  /** Closes the window and its document, whatever is not safe on the relay. */
  void closeUnasked() {
    closing = true;
    if (!storing) {
      storing = true;
      area().setEditable(false);
      pane.notice().show(StatusSign.UNDER_WAY, "Closing: storing everything on this device.");
      Thread closer = new Thread(this::closeDocument, "weft-editor-closing");
      closer.start();
    }
  }

  private void closeDocument() {
    String failure = null;
    try {
      document.close();
    } catch (RuntimeException e) {
      failure = e.getMessage();
    }
    ClosingReport report =
        new ClosingReport(
            text.documentId(),
            document.directory(),
            document.hasRelay(),
            text.version(),
            text.status(),
            failure);
    EVENT_THREAD.execute(() -> closed(report));
  }

  private void closed(ClosingReport report) {
    clock.stop();
    UIManager.removePropertyChangeListener(lookListener);
    statusSubscription.close();
    binding.close();
    frame.dispose();
    closed.complete(report);
  }

  /**
   * Has an action run when a future is complete; what it throws is the event thread's to report.
   */
  private static <T extends @Nullable Object> void onEventThread(
      CompletableFuture<T> future,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
    CompletableFuture<T> unused =
        future.whenComplete(
            (result, failure) -> EVENT_THREAD.execute(() -> action.accept(result, failure)));
  }
}
