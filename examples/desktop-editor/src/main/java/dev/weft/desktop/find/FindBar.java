package dev.weft.desktop.find;

import dev.weft.client.SharedText;
import dev.weft.desktop.background.BackgroundThread;
import dev.weft.desktop.ranges.RangeEdits;
import java.awt.BorderLayout;
import java.awt.Rectangle;
import java.awt.event.ActionEvent;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.awt.event.FocusListener;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JPanel;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.text.AbstractDocument;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * A bar that finds and replaces in a text component bound to a shared text. Hidden until it is
 * opened. Confined to the event dispatch thread, which never waits for a search: that is another
 * thread's, on a copy of the text, and the newest one ends those before.
 *
 * <p>What is found moves with the text while others write, and is looked for anew within a moment.
 * Replacing all is one transaction of the shared text, in the places found alone: whatever others
 * write between them stays, and it is one step to undo. It is worked out against one version, and
 * again if the text has moved on meanwhile.
 */
public final class FindBar extends JPanel implements AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** Nobody waits longer for a search. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final KeyStroke ESCAPE = KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0);

  /** So soon after an edit it is searched anew. */
  private static final int AGAIN_MILLIS = 200;

  private final JTextComponent component;
  private final transient Runnable endUndoStep;
  private final FindControls controls = new FindControls();
  private final transient BackgroundThread searcher = new BackgroundThread("weft-find");
  private final transient ReplaceAll replaceAll;
  private final transient RangeEdits edits = this::edited;
  private final Timer again = new Timer(AGAIN_MILLIS, event -> search());

  private transient @Nullable FindHighlights highlights;
  private transient Matches matches = Matches.NONE;
  private transient @Nullable StoppableText underWay;

  /** The edits since the copy was made that is being searched: offset, removed, inserted. */
  private final transient List<int[]> editsSince = new ArrayList<>();

  /** How many places on to go when the search under way is done; 0 for none. */
  private int stepsOwed;

  /** Whether the first match is to be selected then, as while words are typed. */
  private boolean selectFirst;

  /** From where on words that are typed are looked for. */
  private int origin;

  /** What was selected in the text when that was asked for; null if nothing is. */
  private transient @Nullable MovingRange asked;

  private boolean replacing;

  /** The match that is to be replaced as soon as it is worked out by what; null for none. */
  private transient @Nullable MovingRange target;

  private int selectedMatch = -1;

  /** Why the last search found nothing out; null if it did. */
  private @Nullable String problem;

  /** Whether the focus was in this bar last, and not in the text. */
  private boolean askedInBar;

  /** What replacing came to, told until something is asked for or edited; null for nothing. */
  private @Nullable String replaced;

  /**
   * Creates a bar.
   *
   * @param component shows {@code text}, to which its document is bound
   * @param endUndoStep ends the step of undo that is under way: what is replaced is one of its own
   */
  public FindBar(JTextComponent component, SharedText text, Runnable endUndoStep) {
    super(new BorderLayout());
    this.component = component;
    this.endUndoStep = endUndoStep;
    replaceAll = new ReplaceAll(component, text, searcher, PATIENCE, endUndoStep);
    again.setRepeats(false);
    setName("find bar");
    getAccessibleContext().setAccessibleName("Find and replace");
    add(controls, BorderLayout.CENTER);
    setVisible(false);
    addActions();
    component.getDocument().addDocumentListener(edits);
    component.addCaretListener(event -> tellWhichIsSelected());
    component.addFocusListener(whenFocused(() -> askedInBar = false));
    controls.onFocus(whenFocused(() -> askedInBar = true));
  }

  private static FocusListener whenFocused(Runnable action) {
    return new FocusAdapter() {
      @Override
      public void focusGained(FocusEvent event) {
        action.run();
      }
    };
  }

  private void addActions() {
    RangeEdits typing = (offset, removed, inserted) -> queryChanged();
    controls.words.getDocument().addDocumentListener(typing);
    controls.matchCase.addActionListener(event -> queryChanged());
    controls.wholeWords.addActionListener(event -> queryChanged());
    controls.regex.addActionListener(event -> queryChanged());
    controls.next.addActionListener(event -> findNext());
    controls.previous.addActionListener(event -> findPrevious());
    controls.replace.addActionListener(event -> replace());
    controls.replaceAll.addActionListener(event -> replaceAll());
    controls.close.addActionListener(event -> dismiss());
    controls.words.addActionListener(event -> findNext());
    controls.replacement.addActionListener(event -> replace());
    KeyStroke shiftEnter = KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, InputEvent.SHIFT_DOWN_MASK);
    bind(controls.words, WHEN_FOCUSED, shiftEnter, this::findPrevious);
    bind(this, WHEN_ANCESTOR_OF_FOCUSED_COMPONENT, ESCAPE, this::dismiss);
  }

  private static void bind(JComponent part, int when, KeyStroke key, Runnable action) {
    part.getInputMap(when).put(key, key.toString());
    part.getActionMap()
        .put(
            key.toString(),
            new AbstractAction() {
              private static final long serialVersionUID = 1L;

              @Override
              public void actionPerformed(ActionEvent event) {
                action.run();
              }
            });
  }

  // --- Opening and closing ---

  /**
   * Shows the bar to find something: what is selected, if that is within a line, unless the person
   * is in the bar already, where something else may have been typed.
   */
  public void find() {
    open(controls.isReplacing() && isVisible());
  }

  /** Shows the bar to replace something. */
  public void replaceWith() {
    open(true);
  }

  private void open(boolean withReplacing) {
    controls.showReplacing(withReplacing);
    String selected = isVisible() && askedInBar ? null : component.getSelectedText();
    reveal(withReplacing);
    if (selected != null && !selected.isEmpty() && selected.indexOf('\n') < 0) {
      origin = component.getSelectionStart();
      if (!controls.words.getText().equals(selected)) {
        controls.words.setText(selected);
      }
    }
    controls.words.selectAll();
    controls.words.requestFocusInWindow();
  }

  private void reveal(boolean withReplacing) {
    if (!isVisible()) {
      controls.showReplacing(withReplacing);
      origin = component.getSelectionStart();
      setVisible(true);
      highlights = new FindHighlights(component);
      bind(component, WHEN_FOCUSED, ESCAPE, this::dismiss);
      search();
    }
  }

  /** Hides the bar, and goes back to the text. */
  public void dismiss() {
    if (!isVisible()) {
      return;
    }
    stopSearch();
    if (target != null) {
      target = null;
      replacing = false;
    }
    component.getInputMap(WHEN_FOCUSED).remove(ESCAPE);
    mark(Matches.NONE);
    if (highlights != null) {
      highlights.close();
      highlights = null;
    }
    setVisible(false);
    component.requestFocusInWindow();
  }

  /** Finds no more: the component is no longer bound. */
  @Override
  public void close() {
    dismiss();
    component.getDocument().removeDocumentListener(edits);
    searcher.close();
  }

  // --- Finding ---

  /** Goes to the next match; shows the bar if it is hidden. */
  public void findNext() {
    go(1);
  }

  /** Goes to the match before; shows the bar if it is hidden. */
  public void findPrevious() {
    go(-1);
  }

  private void go(int steps) {
    replaced = null;
    if (!isVisible()) {
      reveal(false);
      if (controls.words.getText().isEmpty()) {
        controls.words.requestFocusInWindow();
      }
    }
    if (underWay != null || again.isRunning()) {
      selectFirst = false;
      stepsOwed = steps;
      asked = selection();
      if (underWay == null) {
        search();
      }
    } else {
      step(steps);
    }
  }

  private void step(int steps) {
    if (matches.size() == 0) {
      return;
    }
    int start = component.getSelectionStart();
    int end = component.getSelectionEnd();
    select(steps > 0 ? matches.after(start, end) : matches.before(start));
  }

  private void select(int match) {
    component.select(matches.start(match), matches.end(match));
    origin = matches.start(match);
    try {
      Rectangle place = component.modelToView2D(matches.start(match)).getBounds();
      // With some lines around it: what is found is read in its place.
      place.grow(0, 3 * place.height);
      component.scrollRectToVisible(place);
    } catch (BadLocationException e) {
      throw new AssertionError("what was found is outside of the text", e);
    }
    tellWhichIsSelected();
  }

  private void queryChanged() {
    replaced = null;
    selectFirst = true;
    asked = selection();
    search();
  }

  private MovingRange selection() {
    return new MovingRange(component.getSelectionStart(), component.getSelectionEnd());
  }

  /**
   * Returns whether what was asked for may still select something: not once the person went on to
   * write elsewhere, where the next key would take the place of what was selected.
   */
  private boolean isStillAsked() {
    return asked != null
        && asked.isAt(component.getSelectionStart(), component.getSelectionEnd())
        && !(asked.isTouched() && component.isFocusOwner());
  }

  private void stopSearch() {
    again.stop();
    stepsOwed = 0;
    selectFirst = false;
    if (underWay != null) {
      underWay.stop();
      underWay = null;
    }
  }

  /** Looks for what is in the field, on a copy of the text; any search before is ended. */
  private void search() {
    boolean select = selectFirst;
    int owed = stepsOwed;
    stopSearch();
    selectFirst = select;
    stepsOwed = owed;
    Query query = controls.query();
    if (!isVisible()) {
      return;
    }
    if (query.words().isEmpty()) {
      problem = null;
      mark(Matches.NONE);
      controls.tellResult(" ", false);
      return;
    }
    StoppableText copy = new StoppableText(shown(), PATIENCE);
    underWay = copy;
    editsSince.clear();
    if (replaced == null && (selectFirst || owed != 0)) {
      controls.tellResult("Searching...", false);
    }
    searcher.then(
        () -> Searching.all(query, copy),
        (found, failure) -> {
          if (underWay == copy) {
            underWay = null;
            searched(found, failure);
          }
        });
  }

  private String shown() {
    try {
      return component.getDocument().getText(0, component.getDocument().getLength());
    } catch (BadLocationException e) {
      throw new AssertionError("a document has the text that it says it has", e);
    }
  }

  private void searched(@Nullable Matches found, @Nullable Throwable failure) {
    Matches now = found == null ? Matches.NONE : found;
    for (int[] edit : editsSince) {
      now = now.edited(edit[0], edit[1], edit[2]);
    }
    mark(now);
    problem = failure == null ? null : wordsOf(failure);
    tellWhichIsSelected();
    if (problem == null && isStillAsked()) {
      if (stepsOwed != 0) {
        step(stepsOwed);
      } else if (selectFirst && now.size() > 0) {
        int first = now.firstFrom(origin);
        select(first == now.size() ? 0 : first);
      }
    }
    stepsOwed = 0;
    selectFirst = false;
    asked = null;
  }

  private void mark(Matches shown) {
    matches = shown;
    if (highlights != null) {
      highlights.show(shown);
    }
  }

  private void tellWhichIsSelected() {
    if (!isVisible() || underWay != null || controls.words.getText().isEmpty() || replacing) {
      return;
    }
    int selected = matches.at(component.getSelectionStart(), component.getSelectionEnd());
    if (selected != selectedMatch) {
      selectedMatch = selected;
      component.repaint();
    }
    if (replaced != null) {
      return;
    }
    String all = String.format(matches.isMore() ? "more than %,d" : "%,d", matches.size());
    if (problem != null) {
      controls.tellResult(problem, true);
    } else if (matches.size() == 0) {
      controls.tellResult("Not found", true);
    } else if (selected >= 0) {
      controls.tellResult(String.format("%,d of %s", selected + 1, all), false);
    } else {
      controls.tellResult(all + " found", false);
    }
  }

  static String wordsOf(@Nullable Throwable failure) {
    return failure == null || failure.getMessage() == null
        ? "Nothing came of it: " + failure
        : failure.getMessage();
  }

  // --- Replacing ---

  /** Replaces the match that is selected and goes to the next; without one, goes to the next. */
  private void replace() {
    int start = component.getSelectionStart();
    int end = component.getSelectionEnd();
    if (replacing || underWay != null || matches.at(start, end) < 0) {
      go(1);
      return;
    }
    if (!isEditable()) {
      return;
    }
    Query query = controls.query();
    String replacement = controls.replacement.getText();
    StoppableText copy = new StoppableText(shown(), PATIENCE);
    MovingRange match = new MovingRange(start, end);
    target = match;
    replacing = true;
    searcher.then(
        () -> Searching.replaceOne(query, replacement, copy, start),
        (worked, failure) -> {
          if (target == match) {
            target = null;
            replacing = false;
            if (failure != null) {
              controls.tellResult(wordsOf(failure), true);
            } else if (worked != null) {
              replaceOne(worked, match, start);
            }
          }
        });
  }

  /**
   * Replaces a match where it is by now.
   *
   * @param searched where it began in the text that was searched
   */
  private void replaceOne(Replacements worked, MovingRange match, int searched) {
    boolean isSelected = match.isAt(component.getSelectionStart(), component.getSelectionEnd());
    if (!isEditable()) {
      return;
    }
    if (match.isTouched()) {
      replaced = "Not replaced: the text was edited there meanwhile";
      controls.tellResult(replaced, true);
      return;
    }
    int behind = component.getSelectionEnd();
    if (component.getDocument() instanceof AbstractDocument document) {
      for (Replacements.Place place : worked.places()) {
        endUndoStep.run();
        int start = place.start() - searched + match.start();
        try {
          document.replace(start, place.end() - place.start(), place.text(), null);
        } catch (BadLocationException e) {
          throw new AssertionError("what was found is outside of the text", e);
        }
        endUndoStep.run();
        behind = start + place.text().length();
      }
    }
    replaced = null;
    if (isSelected) {
      component.setCaretPosition(behind);
      stepsOwed = 1;
      asked = selection();
    }
    search();
  }

  /** Replaces all that is found, in one transaction. */
  private void replaceAll() {
    if (!replacing && isEditable() && !controls.words.getText().isEmpty()) {
      replacing = true;
      stopSearch();
      controls.tellResult("Replacing...", false);
      replaceAll.start(
          controls.query(),
          controls.replacement.getText(),
          // They would all be moved along, one edit after the other.
          () -> mark(Matches.NONE),
          this::endReplacing);
    }
  }

  private boolean isEditable() {
    if (!component.isEditable()) {
      controls.tellResult("Nothing can be replaced: the text takes no edits now", true);
    }
    return component.isEditable();
  }

  private void endReplacing(String words, boolean problem) {
    // After the event that shows what was replaced: what is edited then makes the words old.
    SwingUtilities.invokeLater(
        () -> {
          replacing = false;
          replaced = words;
          controls.tellResult(words, problem);
        });
  }

  // --- What changes ---

  /** Another text: what was found moves along, and is soon looked for anew. */
  private void edited(int offset, int removed, int inserted) {
    if (!isVisible()) {
      return;
    }
    if (target != null) {
      target.edited(offset, removed, inserted);
    }
    if (asked != null) {
      asked.edited(offset, removed, inserted);
    }
    replaced = null;
    if (underWay != null) {
      editsSince.add(new int[] {offset, removed, inserted});
    }
    mark(matches.edited(offset, removed, inserted));
    if (!again.isRunning()) {
      again.start();
    }
  }
}
