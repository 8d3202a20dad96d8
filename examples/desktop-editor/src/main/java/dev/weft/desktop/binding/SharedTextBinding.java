package dev.weft.desktop.binding;

import dev.weft.client.SharedText;
import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.swing.SwingUtilities;
import javax.swing.UIManager;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.event.UndoableEditListener;
import javax.swing.text.AbstractDocument;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.DocumentFilter.FilterBypass;
import javax.swing.text.JTextComponent;
import javax.swing.undo.UndoManager;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a Swing text component and a {@link SharedText} the same, both ways: what is typed, pasted
 * or set in the component is an edit of the shared text, each one transaction; what others write
 * appears in the component, where caret, selection and scroll position stay with the text that they
 * were at.
 *
 * <pre>{@code
 * WeftClient client = WeftClient.builder().store(store).relay(uri)
 *     .listenerExecutor(SwingUtilities::invokeLater).build();
 * SharedText text = client.open(new DocumentId("minutes"));
 * SwingUtilities.invokeLater(() -> SharedTextBinding.bind(textArea, text));
 * }</pre>
 *
 * <p>All methods are called, and the component is edited, on the event dispatch thread. The shared
 * text may be edited from any thread. Give its client the event dispatch thread as its listener
 * executor, so that what others write appears without a detour.
 *
 * <p><b>What is the same.</b> After each event the document's text is the shared text, unit for
 * unit; only what an input method has not committed yet stands in the component alone. A carriage
 * return in the shared text is one in the component, where Swing shows nothing for it; what a
 * person pastes has line feeds as line ends, as Swing has it. A character outside of the basic
 * plane is never parted: an edit at its middle counts for all of it, and one that is typed in two
 * halves is inserted when its second half comes.
 *
 * <p><b>What is refused.</b> An edit that the shared text refuses does not reach the component, and
 * {@link RefusedEdits} is told. In a document that is not an {@link AbstractDocument} and so cannot
 * ask first, it is taken back in the next event.
 *
 * <p><b>Undo.</b> The component's own undo would take back what others wrote. While bound, every
 * {@link UndoManager} is off the document, and it is emptied; {@link UndoActions} undo what was
 * edited here.
 *
 * <p>An edit costs what the shared text and the document take for it, and O(length of both texts)
 * more where one text replaces another, to share no more than what differs.
 */
public final class SharedTextBinding implements AutoCloseable {
  private final @Nullable JTextComponent component;
  private final Document document;
  private final ShownText shown;
  private final SharedText text;
  private final RefusedEdits refusedEdits;
  private final List<UndoManager> undoManagers = new ArrayList<>();
  private final DocumentListener listener = new BehindTheGate();
  private final HalfCharacter half = new HalfCharacter();
  private final Places places;
  private final Showing showing;
  private final Subscription subscription;

  // Confined to the event dispatch thread.
  private boolean offering;

  /** Is told of each edit of the document, for what is to be edited once it has caught up. */
  private Consumer<Edit> waiting = edit -> {};

  private boolean closed;

  // Guarded by the lock of the shared text, under which observers are called.
  private final UnseenEdits unseen = new UnseenEdits();
  private boolean catchUpQueued;

  private SharedTextBinding(
      @Nullable JTextComponent component,
      Document document,
      SharedText text,
      RefusedEdits refusedEdits) {
    this.component = component;
    this.document = document;
    this.shown = new ShownText(document);
    this.text = text;
    this.refusedEdits = refusedEdits;
    this.places = new Places(text, shown, unseen, this::catchUp);
    this.showing = new Showing(component, document, shown, unseen);
    if (document instanceof AbstractDocument asking) {
      asking.setDocumentFilter(new EditGate(this, asking.getDocumentFilter()));
      for (UndoableEditListener recorder : asking.getUndoableEditListeners()) {
        if (recorder instanceof UndoManager undo) {
          undo.discardAllEdits();
          asking.removeUndoableEditListener(undo);
          undoManagers.add(undo);
        }
      }
    }
    document.addDocumentListener(listener);
    document.putProperty(SharedTextBinding.class, this);
    subscription = text.observe(this::changed);
    compareAndCatchUp();
  }

  /**
   * Binds the document that a component shows. The text in it gives way to the shared text. A
   * refused edit makes the look and feel's sound of an error.
   *
   * @throws IllegalStateException if not called on the event dispatch thread, or the document is
   *     bound already
   */
  public static SharedTextBinding bind(JTextComponent component, SharedText text) {
    return bind(
        component, text, reason -> UIManager.getLookAndFeel().provideErrorFeedback(component));
  }

  /**
   * Binds the document that a component shows. The text in it gives way to the shared text.
   *
   * @throws IllegalStateException if not called on the event dispatch thread, or the document is
   *     bound already
   */
  public static SharedTextBinding bind(
      JTextComponent component, SharedText text, RefusedEdits refusedEdits) {
    return bind(component, component.getDocument(), text, refusedEdits);
  }

  /**
   * Binds a document that no component shows, or several do. The text in it gives way to the shared
   * text. Carets follow it as the components have them do.
   *
   * @throws IllegalStateException if not called on the event dispatch thread, or the document is
   *     bound already
   */
  public static SharedTextBinding bind(
      Document document, SharedText text, RefusedEdits refusedEdits) {
    return bind(null, document, text, refusedEdits);
  }

  private static SharedTextBinding bind(
      @Nullable JTextComponent component,
      Document document,
      SharedText text,
      RefusedEdits refusedEdits) {
    requireEventThread();
    if (document instanceof AbstractDocument asking
        && asking.getDocumentFilter() instanceof EditGate gate
        && !gate.isOfClosedBinding()) {
      throw new IllegalStateException("the document is bound already: close that binding first");
    }
    return new SharedTextBinding(component, document, text, refusedEdits);
  }

  /**
   * Returns what binds the document that a component shows.
   *
   * @throws IllegalStateException if it is not bound
   */
  public static SharedTextBinding of(JTextComponent component) {
    if (component.getDocument().getProperty(SharedTextBinding.class)
        instanceof SharedTextBinding binding) {
      return binding;
    }
    throw new IllegalStateException("not bound: the document of " + component.getName());
  }

  /**
   * Parts the two; each keeps its text, and the shared text stays open. Closing twice does nothing.
   *
   * @throws IllegalStateException if not called on the event dispatch thread
   */
  @Override
  public void close() {
    requireEventThread();
    if (closed) {
      return;
    }
    closed = true;
    subscription.close();
    document.removeDocumentListener(listener);
    document.putProperty(SharedTextBinding.class, null);
    if (document instanceof AbstractDocument asking) {
      if (asking.getDocumentFilter() instanceof EditGate gate && gate.isOf(this)) {
        asking.setDocumentFilter(gate.previous());
      }
      undoManagers.forEach(asking::addUndoableEditListener);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns whether the document is being edited by the binding itself. */
  boolean isShowing() {
    return shown.isChanging();
  }

  // --- Where things are ---

  /**
   * Returns whether the document shows all of the shared text now. It does, but for a moment after
   * another thread has edited, and while others write where an input method composes text.
   */
  public boolean showsAll() {
    return text.read(shared -> unseen.isEmpty());
  }

  /** Returns whether an input method composes text, which has no index in the shared text. */
  public boolean isComposing() {
    return shown.isComposing();
  }

  /**
   * Returns at which offset of the document an index of the shared text stands, if the document
   * {@linkplain #showsAll shows all} of that.
   */
  public int toOffset(int index) {
    return shown.toOffset(index);
  }

  /**
   * Returns a part of the document, to find it again whatever is written meanwhile. O(log spans).
   *
   * @throws IllegalArgumentException if it is not within the document
   */
  public BoundRange range(int start, int end) {
    if (start < 0 || start > end || end > document.getLength()) {
      throw new IllegalArgumentException(
          String.format(
              "must be within the document, start=%d, end=%d, length=%d",
              start, end, document.getLength()));
    }
    return new BoundRange(this, places.anchor(start, end), places.anchor(start, start));
  }

  Places places() {
    return places;
  }

  @Nullable JTextComponent component() {
    return component;
  }

  // --- From the document to the shared text ---

  /**
   * Replaces a part of the shared text beside the person who writes in the document, who is left
   * where they are as if another wrote.
   *
   * @return the place behind the replacement; null if that was refused
   */
  @Nullable AnchoredSelection edit(Function<TextDocument, Selection> part, String replacement) {
    AnchoredSelection[] behind = new AnchoredSelection[1];
    try {
      text.transact(
          shared -> {
            Selection now = part.apply(shared);
            shared.replace(now.mark(), now.caret(), replacement);
            int end = now.mark() + replacement.length();
            behind[0] = AnchoredSelection.of(Selection.caret(end), shared);
          });
    } catch (RuntimeException reason) {
      tellRefused(reason);
      return null;
    }
    catchUp();
    return behind[0];
  }

  /**
   * Offers an edit of the document to the shared text and, if that takes it, makes it.
   *
   * @param content where to make it
   */
  void offer(
      FilterBypass content,
      int offset,
      int length,
      String inserted,
      @Nullable AttributeSet attributes)
      throws BadLocationException {
    requireEventThread();
    requireRange(offset, length);
    if (ShownText.isComposed(attributes)) {
      shown.change(() -> content.replace(offset, length, inserted, attributes));
      shown.composing(offset, inserted.length());
      return;
    }
    if (inserted.isEmpty() && shown.toIndex(offset) == shown.toIndex(offset + length)) {
      shown.change(() -> content.remove(offset, length));
      locked(shared -> queueCatchUpIfBehind());
      return;
    }
    String whole = half.complete(inserted, this::tellRefused);
    if (whole == null) {
      return;
    }
    LocalEdit edit = new LocalEdit(offset, offset + length, whole);
    Outcome outcome = share(edit, true);
    while (outcome == Outcome.BEHIND) {
      FollowedRange place = new FollowedRange(edit.start(), edit.end());
      if (!catchUpFollowedBy(place)) {
        tellRefused(
            new IllegalStateException(
                "others wrote at the place where an input method composes text; commit that first"));
        return;
      }
      edit = new LocalEdit(place.start(), place.end(), whole);
      outcome = share(edit, true);
    }
    if (outcome == Outcome.TAKEN) {
      make(edit, content, attributes);
    } else {
      compareAndCatchUp();
    }
  }

  /** Makes in the document an edit that the shared text took. */
  private void make(LocalEdit edit, FilterBypass content, @Nullable AttributeSet attributes)
      throws BadLocationException {
    boolean made = false;
    try {
      int length = edit.end() - edit.start();
      shown.change(() -> content.replace(edit.start(), length, edit.inserted(), attributes));
      made = true;
      waiting.accept(new Edit(edit.start(), length, edit.inserted()));
    } finally {
      // Any listener of the document may have thrown, before the edit was made or after.
      if (!made) {
        locked(shared -> unseen.becomeUnknown());
      }
      locked(shared -> queueCatchUpIfBehind());
    }
  }

  /**
   * Makes an edit of the document in the shared text.
   *
   * @param first whether the document has not made it yet, and so must show the shared text first
   */
  private Outcome share(LocalEdit edit, boolean first) {
    Outcome[] outcome = {Outcome.REFUSED};
    offering = true;
    try {
      text.transact(
          shared -> {
            if (first && !unseen.isEmpty()) {
              outcome[0] = Outcome.BEHIND;
              return;
            }
            if (unseen.isUnknown()) {
              throw new IllegalStateException(
                  "the edit before was refused and is being taken back; try again");
            }
            edit.makeIn(shared, shown, unseen);
            outcome[0] = Outcome.TAKEN;
          });
    } catch (RuntimeException reason) {
      tellRefused(reason);
      outcome[0] = Outcome.REFUSED;
    } finally {
      offering = false;
    }
    return outcome[0];
  }

  private void tellRefused(RuntimeException reason) {
    SwingUtilities.invokeLater(() -> refusedEdits.refused(reason));
  }

  private void requireRange(int offset, int length) throws BadLocationException {
    if (offset < 0 || length < 0 || offset > document.getLength() - length) {
      throw new BadLocationException(
          String.format(
              "must be within the document, offset=%d, length=%d, document length=%d",
              offset, length, document.getLength()),
          offset);
    }
  }

  /** What became of an edit that the shared text was offered. */
  private enum Outcome {
    TAKEN,
    REFUSED,
    /** The document did not show all of the shared text yet. */
    BEHIND
  }

  /**
   * Shares edits that the document has made without asking: where it cannot be told to ask, and
   * where an edit is undone.
   */
  private final class BehindTheGate implements DocumentListener {
    @Override
    public void insertUpdate(DocumentEvent e) {
      if (!shown.isChanging()) {
        made(new LocalEdit(e.getOffset(), e.getOffset(), textOf(e)));
      }
    }

    @Override
    public void removeUpdate(DocumentEvent e) {
      if (!shown.isChanging()) {
        made(new LocalEdit(e.getOffset(), e.getOffset() + e.getLength(), ""));
      }
    }

    @Override
    public void changedUpdate(DocumentEvent e) {
      // Attributes are not shared.
    }

    private void made(LocalEdit edit) {
      requireEventThread();
      boolean taken = share(edit, false) == Outcome.TAKEN;
      // A document must not be edited by its listeners: what is wrong is put right after them.
      locked(
          shared -> {
            if (!taken
                || edit.isMoved()
                || !unseen.isEmpty()
                || shown.length() != shared.length()) {
              unseen.becomeUnknown();
              queueCatchUpIfBehind();
            }
          });
    }

    private String textOf(DocumentEvent e) {
      try {
        return document.getText(e.getOffset(), e.getLength());
      } catch (BadLocationException wrong) {
        throw new AssertionError("a document tells of an edit outside of it: " + e, wrong);
      }
    }
  }

  // --- From the shared text to the document ---

  /** Is told of every change of the shared text, under its lock, by the thread that made it. */
  private void changed(TextChange change) {
    boolean onEventThread = SwingUtilities.isEventDispatchThread();
    if (onEventThread && offering) {
      return;
    }
    unseen.add(change.edits());
    // What others wrote comes in an event of its own. Who edits here, on the event thread, may be a
    // listener of the document, and the document must not be edited before that returns.
    if (onEventThread && change.origin() == TextChange.Origin.REMOTE) {
      catchUp();
    } else {
      queueCatchUpIfBehind();
    }
  }

  private void compareAndCatchUp() {
    locked(shared -> unseen.becomeUnknown());
    catchUp();
  }

  /** Has the document catch up in an event of its own. Called under the lock. */
  private void queueCatchUpIfBehind() {
    if (!unseen.isEmpty() && !catchUpQueued) {
      catchUpQueued = true;
      SwingUtilities.invokeLater(
          () -> {
            locked(shared -> catchUpQueued = false);
            catchUp();
          });
    }
  }

  /** Shows in the document what it lacks, and returns whether it then shows all. */
  private boolean catchUp() {
    boolean[] all = {false};
    if (!closed && !shown.isChanging()) {
      locked(shared -> all[0] = unseen.isEmpty() || showing.show(shared, waiting));
    }
    return all[0];
  }

  /**
   * As {@link #catchUp}, for an edit that waits for it.
   *
   * @param place where the edit is to be, in the document; follows what is shown, and what a
   *     listener of the component edits then
   */
  private boolean catchUpFollowedBy(FollowedRange place) {
    Consumer<Edit> outer = waiting;
    waiting = outer.andThen(place::follow);
    try {
      return catchUp();
    } finally {
      waiting = outer;
    }
  }

  private void locked(Consumer<TextDocument> action) {
    text.read(
        shared -> {
          action.accept(shared);
          return true;
        });
  }

  static void requireEventThread() {
    if (!SwingUtilities.isEventDispatchThread()) {
      throw new IllegalStateException(
          "a bound component must be edited on the event dispatch thread, thread="
              + Thread.currentThread().getName());
    }
  }
}
