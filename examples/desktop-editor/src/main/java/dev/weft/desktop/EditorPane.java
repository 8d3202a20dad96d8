package dev.weft.desktop;

import dev.weft.desktop.characters.CharacterCaret;
import dev.weft.desktop.characters.WholeCharacterDocument;
import dev.weft.desktop.layout.SteadyWidthUi;
import dev.weft.desktop.layout.WordMemory;
import dev.weft.desktop.ranges.RangeEdits;
import dev.weft.store.DocumentId;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.FontMetrics;
import java.awt.Insets;
import java.awt.Rectangle;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.swing.JComponent;
import javax.swing.JPanel;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.text.BadLocationException;
import javax.swing.text.Element;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rtextarea.RTextAreaUI;
import org.fife.ui.rtextarea.RTextScrollPane;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an editor window: the text, and below it the notice and the status bar. Confined
 * to the event dispatch thread.
 */
final class EditorPane extends JPanel {
  private static final long serialVersionUID = 1L;

  private static final float SMALLEST_TEXT = 6f;
  private static final float LARGEST_TEXT = 72f;
  private static final float TEXT_STEP = 1.15f;

  /** Each line has a view that each key and each new width goes through: beyond this, one waits. */
  private static final int LONGEST_WRAPPED = 100_000;

  /** The text area measures all of a line at each key in it: beyond this, one waits for that. */
  private static final int LONG_LINE = 20_000;

  private final RSyntaxTextArea area = new PastingArea();
  private final RTextScrollPane scroll = new RTextScrollPane(area);
  private final NoticeStrip notice = new NoticeStrip();
  private final transient Pasting pasting = new Pasting(area, notice);
  private final StatusBar statusBar;
  private @Nullable JComponent people;
  private final JPanel foot = new JPanel(new BorderLayout());
  private float textSize = Appearance.TEXT_SIZE;
  private boolean wrapChosen;
  private boolean longLineTold;
  private final List<String> warnings = new ArrayList<>();

  /**
   * Creates the contents.
   *
   * @param document tells by the end of its name how its text is colored
   * @param remedy does what a person chooses of what can be done about how it stands
   */
  EditorPane(DocumentId document, Consumer<Remedy> remedy) {
    super(new BorderLayout());
    statusBar = new StatusBar(remedy);
    area.setName("text");
    area.setLineWrap(true);
    area.setWrapStyleWord(true);
    area.setTabSize(4);
    area.setSyntaxEditingStyle(SyntaxByName.of(document));
    CharacterCaret.install(area);
    area.setTransferHandler(new TextTransfer(words -> notice.show(StatusSign.REFUSED, words)));
    area.setMargin(new Insets(4, 6, 4, 6));
    leaveToWindow(KeyEvent.VK_PAGE_DOWN);
    leaveToWindow(KeyEvent.VK_PAGE_UP);
    leaveToWindow(KeyEvent.VK_ADD);
    leaveToWindow(KeyEvent.VK_SUBTRACT);
    // What a person did not type is not theirs to share.
    area.setClearWhitespaceLinesEnabled(false);
    area.setCloseCurlyBraces(false);
    area.getAccessibleContext().setAccessibleName("Text of " + document);
    area.getAccessibleContext()
        .setAccessibleDescription("What others write into it appears while you write.");
    area.addCaretListener(event -> showPosition());
    RangeEdits lengthWatch = this::edited;
    area.getDocument().addDocumentListener(lengthWatch);
    scroll.setPreferredSize(new Dimension(720, 480));
    foot.add(notice, BorderLayout.CENTER);
    foot.add(statusBar, BorderLayout.SOUTH);
    add(scroll, BorderLayout.CENTER);
    add(foot, BorderLayout.SOUTH);
    CaretSight.keep(area, scroll);
    notice.dismissByEscape(this);
    setTextSize(Appearance.TEXT_SIZE);
    applyLook();
    showPosition();
  }

  /** Has all ways to paste, by keys and by menus, not wait for it. */
  private final class PastingArea extends RSyntaxTextArea {
    private static final long serialVersionUID = 1L;

    /** Null until it is asked for, which is before the area is constructed. */
    private transient @Nullable WordMemory words;

    PastingArea() {
      super(new WholeCharacterDocument());
    }

    @Override
    protected RTextAreaUI createRTextAreaUI() {
      return new SteadyWidthUi(this);
    }

    @Override
    public @Nullable FontMetrics getFontMetricsForTokenType(int type) {
      if (words == null) {
        words = new WordMemory();
      }
      return words.of(super.getFontMetricsForTokenType(type));
    }

    @Override
    public void paste() {
      pasting.paste(getToolkit().getSystemClipboard());
    }

    /** With what is at the edge of the text the margin beside it comes into sight too. */
    @Override
    public void scrollRectToVisible(Rectangle wanted) {
      Insets margin = getInsets();
      Rectangle whole = new Rectangle(wanted);
      whole.add(wanted.x <= margin.left ? 0 : wanted.x, wanted.y <= margin.top ? 0 : wanted.y);
      super.scrollRectToVisible(whole);
    }
  }

  /** Pastes no more what other programs have yet to hand over: the text is let go. */
  void close() {
    pasting.close();
  }

  Pasting pasting() {
    return pasting;
  }

  /** Has a key with Ctrl, for which the text area has a use of its own, do what the menus say. */
  private void leaveToWindow(int keyCode) {
    KeyStroke key = KeyStroke.getKeyStroke(keyCode, InputEvent.CTRL_DOWN_MASK);
    area.getInputMap().put(key, "none");
    scroll.getInputMap(WHEN_ANCESTOR_OF_FOCUSED_COMPONENT).put(key, "none");
  }

  RSyntaxTextArea area() {
    return area;
  }

  NoticeStrip notice() {
    return notice;
  }

  StatusBar statusBar() {
    return statusBar;
  }

  /** Shows something between the line numbers and the edge of the window. */
  void setMargin(JComponent margin) {
    JPanel header = new JPanel(new BorderLayout());
    header.add(margin, BorderLayout.LINE_START);
    header.add(scroll.getGutter(), BorderLayout.CENTER);
    scroll.setRowHeaderView(header);
  }

  /** Gives the text a list of the people in it, beside it. */
  void setPeople(JComponent list) {
    people = list;
    add(list, BorderLayout.LINE_END);
  }

  void showPeople(boolean shown) {
    if (people != null) {
      people.setVisible(shown);
      revalidate();
    }
  }

  /** Shows something between the text and the notice. */
  void setFindBar(JComponent bar) {
    foot.add(bar, BorderLayout.NORTH);
    applyLook();
  }

  /** Takes over the colors of the look, which the text area does not do by itself. */
  void applyLook() {
    Appearance.apply(area, scroll);
    for (Component bar : foot.getComponents()) {
      ((JComponent) bar).setBorder(Appearance.footBorder());
    }
  }

  /** Wraps lines or not, as the person chooses, whatever the length of the text. */
  void toggleLineWrap() {
    wrapChosen = true;
    area.setLineWrap(!area.getLineWrap());
  }

  private void stopWrappingLongText() {
    if (!wrapChosen && area.getLineWrap() && area.getDocument().getLength() > LONGEST_WRAPPED) {
      area.setLineWrap(false);
      // What was in sight stands elsewhere now.
      SwingUtilities.invokeLater(this::bringCaretIntoSight);
      warn(
          String.format(
              Locale.ENGLISH,
              "Lines are no longer wrapped: keys would take a while in a text of more than %,d"
                  + " characters. View, Wrap Lines has them wrapped all the same.",
              LONGEST_WRAPPED));
    }
  }

  private void bringCaretIntoSight() {
    try {
      Rectangle2D caret = area.modelToView2D(area.getCaretPosition());
      if (caret != null) {
        area.scrollRectToVisible(caret.getBounds());
      }
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }

  /** Tells of what a long text brings about; what was told of it before stays, to be read. */
  private void warn(String words) {
    warnings.add(words);
    notice.show(StatusSign.WARNING, String.join(" ", warnings));
  }

  private void tellOfLongLine() {
    warn(
        String.format(
            Locale.ENGLISH,
            "A line of this text has more than %,d characters: keys take a while in it.",
            LONG_LINE));
  }

  void enlargeText() {
    setTextSize(textSize * TEXT_STEP);
  }

  void shrinkText() {
    setTextSize(textSize / TEXT_STEP);
  }

  void resetTextSize() {
    setTextSize(Appearance.TEXT_SIZE);
  }

  private void setTextSize(float points) {
    textSize = Math.max(SMALLEST_TEXT, Math.min(LARGEST_TEXT, points));
    Appearance.setTextSize(area, scroll, textSize);
  }

  private void showPosition() {
    try {
      int dot = area.getCaretPosition();
      int line = area.getLineOfOffset(dot);
      statusBar.showPosition(line + 1, dot - area.getLineStartOffset(line) + 1);
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }

  /** Notices a text that grows long, whoever writes it; one that gets shorter stays as it is. */
  private void edited(int offset, int removed, int inserted) {
    if (inserted > 0 && area.getDocument().getLength() > LONGEST_WRAPPED && area.getLineWrap()) {
      // The views must not be replaced while they are told of the edit.
      SwingUtilities.invokeLater(this::stopWrappingLongText);
    }
    if (!longLineTold && hasLongLine(offset, offset + inserted)) {
      longLineTold = true;
      SwingUtilities.invokeLater(this::tellOfLongLine);
    }
  }

  private boolean hasLongLine(int start, int end) {
    Element lines = area.getDocument().getDefaultRootElement();
    int last = lines.getElementIndex(end);
    for (int i = lines.getElementIndex(start); i <= last; i++) {
      Element line = lines.getElement(i);
      if (line.getEndOffset() - line.getStartOffset() > LONG_LINE) {
        return true;
      }
    }
    return false;
  }
}
