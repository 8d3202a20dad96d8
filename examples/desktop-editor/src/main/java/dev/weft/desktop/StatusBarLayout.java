package dev.weft.desktop;

import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.LayoutManager;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JButton;

/**
 * Puts a status into as many rows as its words need: the phrases from the left, the buttons at the
 * right edge, and between them, where there is room, what has the least to say. A phrase is cut
 * only where a row has no room for it alone. Confined to the event dispatch thread.
 */
final class StatusBarLayout implements LayoutManager {
  private static final int PHRASE_GAP = 20;
  private static final int BUTTON_GAP = 6;
  private static final int PART_GAP = 16;
  private static final int ROW_GAP = 4;

  /** Rows are as high as a button, so that none moves the text when it comes or goes. */
  private final JButton measure = new JButton("Connect");

  private final List<? extends Component> phrases;
  private final List<? extends Component> buttons;
  private final List<? extends Component> extras;

  private int width;

  /**
   * Whether the buttons have rows of their own: they keep them while the width is the same, so that
   * none moves away under the mouse while words get longer or shorter.
   */
  private boolean buttonsBelow;

  /**
   * Creates a layout.
   *
   * @param phrases what is always shown, but those that are not visible
   * @param buttons what can be done; may change
   * @param extras shown where there is room, the first before the others; each has its place before
   *     the one behind it, and is of no size where there is no room
   */
  StatusBarLayout(
      List<? extends Component> phrases,
      List<? extends Component> buttons,
      List<? extends Component> extras) {
    this.phrases = phrases;
    this.buttons = buttons;
    this.extras = extras;
  }

  /** Looks anew where the buttons have room: there are others. */
  void placeButtonsAnew() {
    buttonsBelow = false;
  }

  /** Parts that stand side by side. */
  private static final class Row {
    private final List<Component> left = new ArrayList<>();
    private final List<Component> right = new ArrayList<>();
    private int used;

    /** Returns the width with some more in the row. */
    int with(int added, int gap) {
      return used + (used == 0 ? 0 : gap) + added;
    }

    void addLeft(Component part, int partWidth) {
      used = with(partWidth, PHRASE_GAP);
      left.add(part);
    }

    void addRight(Component part, int partWidth, int gap) {
      used = with(partWidth, gap);
      right.add(part);
    }
  }

  private static int widthOf(Component part) {
    return part.getPreferredSize().width;
  }

  private List<Row> rows(int room) {
    List<Row> rows = new ArrayList<>();
    Row row = new Row();
    rows.add(row);
    for (Component phrase : phrases) {
      if (!phrase.isVisible()) {
        continue;
      }
      int wanted = Math.min(room, widthOf(phrase));
      if (row.with(wanted, PHRASE_GAP) > room) {
        row = new Row();
        rows.add(row);
      }
      row.addLeft(phrase, wanted);
    }
    if (buttons.isEmpty()) {
      return rows;
    }
    int all = BUTTON_GAP * (buttons.size() - 1);
    for (Component button : buttons) {
      all += widthOf(button);
    }
    if (row.with(all, PART_GAP) > room) {
      buttonsBelow = true;
    }
    if (buttonsBelow) {
      row = new Row();
      rows.add(row);
    }
    for (Component button : buttons) {
      int gap = row.right.isEmpty() ? PART_GAP : BUTTON_GAP;
      if (row.with(widthOf(button), gap) > room && row.used > 0) {
        row = new Row();
        rows.add(row);
      }
      row.addRight(button, widthOf(button), gap);
    }
    return rows;
  }

  private int rowHeight() {
    int height = measure.getPreferredSize().height;
    for (Component phrase : phrases) {
      height = Math.max(height, phrase.getPreferredSize().height);
    }
    return height;
  }

  @Override
  public void layoutContainer(Container bar) {
    Insets insets = bar.getInsets();
    int room = roomIn(bar);
    int height = rowHeight();
    int y = insets.top;
    for (Row row : rows(room)) {
      int x = insets.left;
      for (Component part : row.left) {
        int partWidth = Math.min(room, widthOf(part));
        part.setBounds(x, y, partWidth, height);
        x += partWidth + PHRASE_GAP;
      }
      int end = insets.left + room;
      for (int i = row.right.size() - 1; i >= 0; i--) {
        Component part = row.right.get(i);
        int partWidth = Math.min(room, widthOf(part));
        part.setBounds(end - partWidth, y, partWidth, height);
        end -= partWidth + BUTTON_GAP;
      }
      if (y == insets.top) {
        placeExtras(x, row.right.isEmpty() ? end : end + BUTTON_GAP - PART_GAP, y, height);
      }
      y += height + ROW_GAP;
    }
  }

  /** Puts what finds room at the right end of it. */
  private void placeExtras(int from, int to, int y, int height) {
    int left = to - from + PHRASE_GAP - PART_GAP;
    List<Component> placed = new ArrayList<>();
    for (Component extra : extras) {
      int wanted = extra.isVisible() ? widthOf(extra) : 0;
      if (wanted > 0 && wanted <= left) {
        placed.add(extra);
        left -= wanted + PART_GAP;
      } else {
        extra.setBounds(to, y, 0, height);
      }
    }
    int end = to;
    for (int i = placed.size() - 1; i >= 0; i--) {
      int wanted = widthOf(placed.get(i));
      placed.get(i).setBounds(end - wanted, y, wanted, height);
      end -= wanted + PART_GAP;
    }
  }

  private int roomIn(Container bar) {
    Insets insets = bar.getInsets();
    if (bar.getWidth() != width) {
      width = bar.getWidth();
      buttonsBelow = false;
    }
    return Math.max(0, width - insets.left - insets.right);
  }

  @Override
  public Dimension preferredLayoutSize(Container bar) {
    Insets insets = bar.getInsets();
    int room = roomIn(bar);
    // Before it has a width, all is taken to have room.
    int rows = room == 0 ? 1 : rows(room).size();
    int all = 0;
    for (List<? extends Component> parts : List.of(phrases, extras, buttons)) {
      for (Component part : parts) {
        all += part.isVisible() ? widthOf(part) + PHRASE_GAP : 0;
      }
    }
    return new Dimension(
        all + insets.left + insets.right,
        rows * rowHeight() + (rows - 1) * ROW_GAP + insets.top + insets.bottom);
  }

  @Override
  public Dimension minimumLayoutSize(Container bar) {
    return new Dimension(0, preferredLayoutSize(bar).height);
  }

  @Override
  public void addLayoutComponent(String name, Component part) {}

  @Override
  public void removeLayoutComponent(Component part) {}
}
