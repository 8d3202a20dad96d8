package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.crdt.Anchor;
import dev.weft.crdt.Bias;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextRange;
import dev.weft.desktop.ranges.RangeEdits;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.event.MouseEvent;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.swing.JComponent;
import javax.swing.Timer;
import javax.swing.UIManager;
import javax.swing.text.BadLocationException;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.jspecify.annotations.Nullable;

/**
 * A narrow margin beside the text with a bar at each line that is not known to be safe on the
 * relay: up to where there is none, all is saved. It follows within a moment, and reckons off the
 * event dispatch thread, to which it is confined otherwise.
 */
final class UnsavedMargin extends JComponent {
  private static final long serialVersionUID = 1L;

  private static final int WIDTH = 6;
  private static final int BAR = 3;

  /** So soon after a change it is reckoned anew: often enough to be believed. */
  private static final int AFTER_MILLIS = 250;

  /** Beyond this, finding the places would hold the text's lock for longer than a key may wait. */
  private static final long MOST_CHANGES = 5_000;

  private static final int MOST_PLACES = 500;

  /** So many runs of lines are named in words. */
  private static final int MOST_NAMED = 12;

  private static final String LOOKING = "What is not saved yet is being looked up";

  private final transient Function<Supplier<List<Place>>, CompletableFuture<List<Place>>> beside;
  private final transient SharedText text;
  private final RSyntaxTextArea area;
  private final Timer soon = new Timer(AFTER_MILLIS, event -> reckon());
  private final transient RangeEdits edits = (offset, removed, inserted) -> changed();
  private transient BitSet lines = new BitSet();
  private boolean reckoning;
  private boolean again;
  private boolean closed;
  private Told told = Told.BY_LINE;

  /** How much is known of what is not saved. */
  private enum Told {
    BY_LINE("This line is not known to be saved yet"),
    TOO_MANY("So much is not saved yet that it is not told line by line"),
    NOT_KNOWN("Which lines are not saved yet could not be looked up");

    private final String words;

    Told(String words) {
      this.words = words;
    }
  }

  /**
   * Creates a margin.
   *
   * @param beside does something beside the event dispatch thread
   */
  UnsavedMargin(
      Function<Supplier<List<Place>>, CompletableFuture<List<Place>>> beside,
      SharedText text,
      RSyntaxTextArea area) {
    this.beside = beside;
    this.text = text;
    this.area = area;
    soon.setRepeats(false);
    setName("unsaved margin");
    setPreferredSize(new Dimension(WIDTH, 0));
    setToolTipText("");
    area.getDocument().addDocumentListener(edits);
    changed();
  }

  /** Something was written or saved. */
  void changed() {
    again = reckoning;
    if (isVisible() && !closed && !reckoning && !soon.isRunning()) {
      soon.start();
    }
  }

  /**
   * The status says that so many changes are not known to be safe: a tick and a bar do not go
   * together.
   */
  void statusSays(long undurableChanges) {
    if (undurableChanges == 0) {
      soon.stop();
      show(List.of(), Told.BY_LINE);
    } else {
      changed();
    }
  }

  /** Shows no more. */
  void close() {
    soon.stop();
    area.getDocument().removeDocumentListener(edits);
    closed = true;
  }

  /** Returns whether a line, counted from 0, has a bar. */
  boolean isUnsaved(int line) {
    return told != Told.BY_LINE || lines.get(line);
  }

  /** Says which lines have a bar, for who does not see them; nothing if none has. */
  String words() {
    if (told != Told.BY_LINE) {
      return told.words + ".";
    }
    if (soon.isRunning() || reckoning) {
      return LOOKING + ".";
    }
    List<String> named = new ArrayList<>();
    int count = 0;
    for (int first = lines.nextSetBit(0); first >= 0; count++) {
      int behind = lines.nextClearBit(first);
      if (count < MOST_NAMED) {
        named.add(behind == first + 1 ? "" + behind : (first + 1) + " to " + behind);
      }
      first = lines.nextSetBit(behind);
    }
    String more = count > MOST_NAMED ? " and " + (count - MOST_NAMED) + " places more" : "";
    return count == 0
        ? ""
        : "Not known to be saved yet: "
            + (lines.cardinality() == 1 ? "line " : "lines ")
            + String.join(", ", named)
            + more
            + ".";
  }

  // --- Which lines ---

  /** Places that are found by one thread and looked up by another, while others write. */
  record Place(Anchor start, Anchor end) {}

  private void reckon() {
    long changes = text.status().undurableChanges();
    if (changes == 0 || changes > MOST_CHANGES) {
      show(List.of(), changes > 0 ? Told.TOO_MANY : Told.BY_LINE);
      return;
    }
    reckoning = true;
    EventThreadFutures.then(beside.apply(() -> text.read(this::places)), this::reckoned);
  }

  private List<Place> places(TextDocument document) {
    List<Place> places = new ArrayList<>();
    for (TextRange range : text.unsavedRanges()) {
      Place place =
          new Place(
              document.anchor(range.start(), Bias.RIGHT), document.anchor(range.end(), Bias.LEFT));
      if (places.size() < MOST_PLACES) {
        places.add(place);
      } else {
        // Of more, the last bar reaches to the end: rather too much is shown than too little.
        places.set(MOST_PLACES - 1, new Place(places.get(MOST_PLACES - 1).start, place.end));
      }
    }
    return places;
  }

  private void reckoned(@Nullable List<Place> places, @Nullable Throwable failure) {
    reckoning = false;
    if (closed) {
      return;
    }
    boolean allSaved = text.status().undurableChanges() == 0;
    if (places != null) {
      show(allSaved ? List.of() : places, Told.BY_LINE);
    } else if (failure != null) {
      // The bars from before would be untrue. It is looked up again when something changes.
      show(List.of(), allSaved ? Told.BY_LINE : Told.NOT_KNOWN);
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
    if (again) {
      changed();
    }
  }

  private void show(List<Place> places, Told toldNow) {
    BitSet now = text.read(document -> linesOf(places, document));
    // The same lines may stand elsewhere by now, and take more rows where they are wrapped.
    boolean hadBars = told != Told.BY_LINE || !lines.isEmpty();
    lines = now;
    told = toldNow;
    if (hadBars || told != Told.BY_LINE || !now.isEmpty()) {
      repaint();
    }
  }

  private static BitSet linesOf(List<Place> places, TextDocument document) {
    BitSet lines = new BitSet();
    for (Place place : places) {
      OptionalInt start = document.indexOf(place.start);
      OptionalInt end = document.indexOf(place.end);
      if (start.isPresent() && end.isPresent()) {
        int first = document.lineOfOffset(Math.min(start.getAsInt(), end.getAsInt()));
        int last = document.lineOfOffset(Math.max(start.getAsInt(), end.getAsInt()));
        lines.set(first, last + 1);
      }
    }
    return lines;
  }

  // --- Painting ---

  @Override
  protected void paintComponent(Graphics g) {
    g.setColor(area.getBackground());
    g.fillRect(0, 0, getWidth(), getHeight());
    Rectangle clip = g.getClipBounds();
    try {
      int first = lineAt(clip.y);
      int last = lineAt(clip.y + clip.height);
      g.setColor(color());
      for (int line = first; line <= last; line++) {
        if (isUnsaved(line)) {
          int top = top(line);
          g.fillRect(1, top, BAR, bottom(line) - top);
        }
      }
    } catch (BadLocationException e) {
      throw new AssertionError("a line that is in sight is not within the text", e);
    }
  }

  private int lineAt(int y) throws BadLocationException {
    return area.getLineOfOffset(area.viewToModel2D(new Point(0, y)));
  }

  private int top(int line) throws BadLocationException {
    return area.yForLine(line);
  }

  /** Below the last of the rows that a line takes where lines are wrapped. */
  private int bottom(int line) throws BadLocationException {
    if (line + 1 < area.getLineCount()) {
      return top(line + 1);
    }
    Rectangle2D lastRow = area.modelToView2D(area.getDocument().getLength());
    return (int) Math.ceil(lastRow.getMaxY());
  }

  private static Color color() {
    Color color = UIManager.getColor("Actions.Blue");
    return color == null ? Color.BLUE : color;
  }

  @Override
  public @Nullable String getToolTipText(MouseEvent event) {
    try {
      return isUnsaved(lineAt(event.getY()))
          ? told.words
          : soon.isRunning() || reckoning ? LOOKING : "Saved";
    } catch (BadLocationException e) {
      throw new AssertionError("the mouse is outside of the text", e);
    }
  }
}
