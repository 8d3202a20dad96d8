package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import javax.swing.JFrame;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;
import org.jspecify.annotations.Nullable;

/**
 * A window on the documents of a workspace, each in a tab. Confined to the event dispatch thread,
 * on which it does no I/O: documents are opened and closed on the workspace's own thread.
 */
final class EditorWindow {
  private final Workspace workspace;
  private final String suffix;
  private final LongSupplier ticker;
  private final JFrame frame;
  private final Tabs tabs;
  private final Map<DocumentId, CompletableFuture<?>> opening = new HashMap<>();
  private final Set<EditorTab> leaving = new HashSet<>();

  /** Documents that were asked for while their tabs were being closed: they are opened then. */
  private final Set<DocumentId> wanted = new HashSet<>();

  private final List<ClosingReport> reports = new ArrayList<>();
  private final CompletableFuture<List<ClosingReport>> closed = new CompletableFuture<>();

  private Look look;
  private boolean closing;
  private boolean storing;

  /** Whether a person closes it, who is there to read what comes of that. */
  private boolean attended;

  /**
   * Creates a window; {@link #frame} is to be given its place, and made visible.
   *
   * @param workspace is closed with the window
   * @param first the document that it begins with
   * @param suffix stands behind the document's name in the title
   * @param ticker the monotonic clock, in nanoseconds from any origin
   */
  EditorWindow(Workspace workspace, SharedText first, String suffix, LongSupplier ticker) {
    this.workspace = workspace;
    this.suffix = suffix;
    this.ticker = ticker;
    look = workspace.keptLook();
    frame = new JFrame();
    tabs = new Tabs(this::tabChosen, this::closeTab);
    frame.setIconImages(WindowIcons.all());
    frame.setContentPane(tabs.component());
    frame.setDefaultCloseOperation(WindowConstants.DO_NOTHING_ON_CLOSE);
    frame.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosing(WindowEvent event) {
            close();
          }
        });
    workspace.people().offerRename(() -> PeopleMenu.rename(this));
    add(first);
    new EditorMenu(this).install(frame.getRootPane());
  }

  JFrame frame() {
    return frame;
  }

  Workspace workspace() {
    return workspace;
  }

  /** Returns the tab in front. */
  EditorTab tab() {
    return tabs.selected();
  }

  Tabs tabs() {
    return tabs;
  }

  /**
   * Returns what completes when the window and its documents are closed, with what became of each
   * that was open in it; it never fails.
   */
  CompletableFuture<List<ClosingReport>> closed() {
    return closed.copy();
  }

  // --- Opening ---

  /** Opens a document in a tab, or shows the tab that has it. */
  void open(DocumentId document) {
    if (closing) {
      return;
    }
    Optional<EditorTab> open = tabs.of(document);
    if (open.isPresent()) {
      tabs.select(open.get());
      if (open.get().isFrozen()) {
        wanted.add(document);
      }
    } else if (!opening.containsKey(document)) {
      CompletableFuture<?> done = new CompletableFuture<>();
      opening.put(document, done);
      NoticeStrip notice = tab().pane().notice();
      String words = "Opening " + document + ".";
      notice.show(StatusSign.UNDER_WAY, words);
      EventThreadFutures.then(
          workspace.openSoon(document),
          (text, failure) -> {
            notice.clear(words);
            opened(document, text, failure);
            done.complete(null);
          });
    }
  }

  private void opened(DocumentId document, @Nullable SharedText text, @Nullable Throwable failure) {
    opening.remove(document);
    if (storing) {
      return; // The workspace closes it with the others.
    }
    if (text != null) {
      add(text);
    } else if (failure != null) {
      tab()
          .pane()
          .notice()
          .show(StatusSign.REFUSED, document + " cannot be opened: " + failure.getMessage());
    }
  }

  private void add(SharedText text) {
    EditorTab tab = new EditorTab(workspace, text, ticker, tabs::showStatus, this::remedy);
    tab.area().setComponentPopupMenu(EditMenu.of(tab).popup());
    tab.setFrozen(closing);
    look.zoom(tab.pane());
    tabs.add(tab);
  }

  private void tabChosen() {
    frame.setTitle(tab().text().documentId() + suffix);
    SwingUtilities.invokeLater(() -> tab().area().requestFocusInWindow());
  }

  // --- Look ---

  /** Returns how the person wants to see the texts. */
  Look look() {
    return look;
  }

  /** Shows the texts, in all tabs, in the size that is wanted, and keeps it all for later. */
  void setLook(Look wanted) {
    if (wanted.equals(look)) {
      return;
    }
    if (wanted.zoom() != look.zoom()) {
      tabs.all().forEach(tab -> wanted.zoom(tab.pane()));
    }
    look = wanted;
    EventThreadFutures.then(
        workspace.onDisk(
            () -> {
              wanted.write(workspace.directory());
              return true;
            }),
        (written, failure) -> {
          if (failure != null) {
            tab()
                .pane()
                .notice()
                .show(
                    StatusSign.REFUSED,
                    "The look holds until the window is closed; it cannot be kept: "
                        + failure.getMessage());
          }
        });
  }

  // --- Connection ---

  boolean isOfflineByChoice() {
    return workspace.relayUse() == RelayUse.NOT_NOW;
  }

  void toggleOffline() {
    if (isOfflineByChoice()) {
      workspace.connect();
    } else {
      workspace.workOffline();
    }
  }

  void connectNow() {
    tabs.all().forEach(EditorTab::forgetRefusal);
    workspace.connect();
  }

  private void remedy(EditorTab tab, Remedy remedy) {
    switch (remedy) {
      case CONNECT -> connectNow();
      case SIGN_IN -> signIn();
      case SAVE_AGAIN -> tab.save();
      case SHOW_REFUSED -> RefusedEditsDialog.show(tab, workspace);
      case EXPORT -> Export.ask(tab, workspace);
    }
  }

  /** Asks for a token that the relay takes, and connects with it. */
  void signIn() {
    SignIn.ask(frame)
        .ifPresent(
            token -> {
              tabs.all().forEach(EditorTab::forgetRefusal);
              workspace.signIn(token);
            });
  }

  // --- Closing ---

  /** Closes the tab in front; the last one with its window. */
  void closeTab() {
    closeTab(tab());
  }

  private void closeTab(EditorTab tab) {
    if (isLast(tab) && opening.isEmpty()) {
      close();
    } else if (!closing && !tab.isFrozen()) {
      tab.setFrozen(true);
      onceThereIsAnother(
          tab,
          () ->
              EventThreadFutures.then(tab.lastMoment(), (delivered, failure) -> askAndClose(tab)));
    }
  }

  /**
   * Goes on with closing a tab once what is being opened meanwhile is there to take its place in
   * the window. If that cannot be opened, the tab stays: it is where the reason is told.
   */
  private void onceThereIsAnother(EditorTab tab, Runnable goOn) {
    if (!isLast(tab) || opening.isEmpty()) {
      goOn.run();
      return;
    }
    EventThreadFutures.then(
        CompletableFuture.allOf(opening.values().toArray(CompletableFuture[]::new)),
        (done, failure) -> {
          if (!isLast(tab)) {
            goOn.run();
          } else if (!closing) {
            keepOpen(tab);
          }
        });
  }

  /** Returns whether the others, if any, are on their way out: no window is without a tab. */
  private boolean isLast(EditorTab tab) {
    return !leaving.contains(tab) && tabs.all().size() == leaving.size() + 1;
  }

  private void askAndClose(EditorTab tab) {
    if (closing) {
      return; // The window asks for all.
    }
    if (isLast(tab) && opening.isEmpty()) {
      close();
    } else if (!ClosingQuestion.isClosingMeant(frame, List.of(tab))) {
      keepOpen(tab);
    } else {
      onceThereIsAnother(tab, () -> leave(tab));
    }
  }

  private void keepOpen(EditorTab tab) {
    wanted.remove(tab.text().documentId());
    tab.setFrozen(false);
  }

  private void leave(EditorTab tab) {
    if (storing || isLast(tab)) {
      attended = true;
      closeUnasked(); // The others were closed while the person was asked.
    } else {
      leaving.add(tab);
      tab.pane().notice().show(StatusSign.UNDER_WAY, "Closing: storing everything on this device.");
      EventThreadFutures.then(
          workspace.closeSoon(tab.text()), (nothing, failure) -> closed(tab, failure));
    }
  }

  private void closed(EditorTab tab, @Nullable Throwable failure) {
    ClosingReport report = tab.report(failure == null ? null : failure.getMessage());
    reports.add(report);
    leaving.remove(tab);
    tab.dispose();
    tabs.remove(tab);
    if (failure != null) {
      tab().pane().notice().show(StatusSign.REFUSED, report.describe());
    }
    if (wanted.remove(report.document())) {
      open(report.document());
    }
  }

  /**
   * Closes the window and its documents; asks first if something is not safe on the relay, after a
   * moment in which a relay that is connected can confirm it.
   */
  void close() {
    if (closing) {
      return;
    }
    closing = true;
    tabs.all().forEach(tab -> tab.setFrozen(true));
    CompletableFuture<?> moment =
        CompletableFuture.allOf(
            tabs.all().stream().map(EditorTab::lastMoment).toArray(CompletableFuture[]::new));
    EventThreadFutures.then(moment, (delivered, failure) -> askAndClose());
  }

  private void askAndClose() {
    if (storing || ClosingQuestion.isClosingMeant(frame, staying())) {
      attended = true;
      closeUnasked();
    } else if (!storing) {
      closing = false;
      staying().forEach(this::keepOpen);
    }
  }

  /** Returns the tabs of which nobody has decided yet. */
  private List<EditorTab> staying() {
    return tabs.all().stream().filter(tab -> !leaving.contains(tab)).toList();
  }

  /** Closes the window and its documents, whatever is not safe on the relay. */
  void closeUnasked() {
    closing = true;
    if (!storing) {
      storing = true;
      for (EditorTab tab : tabs.all()) {
        tab.setFrozen(true);
        tab.pane()
            .notice()
            .show(StatusSign.UNDER_WAY, "Closing: storing everything on this device.");
      }
      EventThreadFutures.then(workspace.closeSoon(), (nothing, failure) -> closed(failure));
    }
  }

  private void closed(@Nullable Throwable failure) {
    String reason = failure == null ? null : failure.getMessage();
    for (EditorTab tab : tabs.all()) {
      reports.add(tab.report(reason));
      tab.dispose();
    }
    frame.dispose();
    if (reason != null && attended) {
      FailureNotice.tellOfClosed(reason);
    }
    FailureNotice.whenRead(() -> closed.complete(List.copyOf(reports)));
  }
}
