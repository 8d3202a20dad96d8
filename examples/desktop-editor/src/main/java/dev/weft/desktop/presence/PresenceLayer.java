package dev.weft.desktop.presence;

import dev.weft.desktop.presence.Shape.Kind;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.swing.JComponent;
import javax.swing.SwingUtilities;
import javax.swing.UIManager;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Draws over a text where others are. Confined to the event dispatch thread.
 *
 * <p>It is a child of the text component, so it scrolls with the text, is painted where and when
 * the text is, and nothing else of the component or around it need know of it: no highlighter,
 * which draws below the letters and which components replace as they like, and no layer around the
 * scroll pane. It is larger than any text and never changes its size, so nothing is laid out anew
 * for its sake, and it takes no mouse events.
 *
 * <p>Where things are is found out once for each change of the text, of the people or of what is in
 * sight; painting for any other reason, such as the caret's blinking, takes what was found.
 */
final class PresenceLayer extends JComponent {
  private static final long serialVersionUID = 1L;

  private static final int LARGER_THAN_ANY_TEXT = 1 << 28;

  /** So little that text is still read through it. */
  static final float SELECTION_ALPHA = 0.16f;

  static final float FLASH_ALPHA = 0.18f;

  /** How much is left of what is drawn for somebody who is idle, or not heard. */
  static final float FADED_ALPHA = 0.4f;

  private static final int FLAG_ARC = 6;
  private static final int HOVER_REACH = 3;

  private final JTextComponent component;
  private final transient LongSupplier ticker;
  private final transient MouseAdapter mouse = new Hover();

  private final transient Supplier<List<Mark>> places;

  private transient List<Mark> marks = List.of();
  private transient List<Shape> drawn = List.of();
  private Rectangle sight = new Rectangle();
  private boolean stale;
  private boolean inTouch = true;
  private boolean updateQueued;
  private @Nullable Long hovered;
  private @Nullable Long flashed;

  /**
   * Creates a layer over a component.
   *
   * @param places tells where others are now
   * @param ticker the monotonic clock, in nanoseconds from any origin
   */
  PresenceLayer(JTextComponent component, Supplier<List<Mark>> places, LongSupplier ticker) {
    this.component = component;
    this.places = places;
    this.ticker = ticker;
    setName("presence");
    setBounds(0, 0, LARGER_THAN_ANY_TEXT, LARGER_THAN_ANY_TEXT);
    component.add(this);
    component.addMouseMotionListener(mouse);
    component.addMouseListener(mouse);
  }

  /** Draws no more. */
  void close() {
    component.removeMouseMotionListener(mouse);
    component.removeMouseListener(mouse);
    component.remove(this);
    drawn.forEach(shape -> component.repaint(shape.place()));
  }

  /** The mouse means the text below. */
  @Override
  public boolean contains(int x, int y) {
    return false;
  }

  /**
   * The text or the people have changed: finds out where they are in an event of its own, once
   * however often this is called until then, or when it is painted before.
   */
  void changed() {
    stale = true;
    if (!updateQueued) {
      updateQueued = true;
      SwingUtilities.invokeLater(
          () -> {
            updateQueued = false;
            if (stale) {
              update();
            }
          });
    }
  }

  /** Has repainted what looks different now, also because time has passed. */
  void update() {
    findOut().forEach(component::repaint);
  }

  /** Finds out what is to be drawn now; returns the places that look different then. */
  private List<Rectangle> findOut() {
    if (stale) {
      stale = false;
      marks = places.get();
    }
    if (marks.isEmpty() && drawn.isEmpty()) {
      return List.of();
    }
    sight = component.getVisibleRect();
    long now = ticker.getAsLong();
    List<Shape> next =
        new ShapeLayout(component, sight, flagFont(), !inTouch)
            .of(marks, person -> isFlagged(person, now), flashed, now);
    List<Rectangle> different = difference(drawn, next);
    drawn = next;
    return different;
  }

  private boolean isFlagged(Person person, long nowNanos) {
    return person.movedJustNow(nowNanos) || (hovered != null && hovered == person.id());
  }

  private static List<Rectangle> difference(List<Shape> before, List<Shape> after) {
    if (before.equals(after)) {
      return List.of();
    }
    List<Rectangle> places = new ArrayList<>();
    Set<Shape> gone = new HashSet<>(before);
    for (Shape shape : after) {
      if (!gone.remove(shape)) {
        places.add(shape.place());
      }
    }
    gone.forEach(shape -> places.add(shape.place()));
    return places;
  }

  /** Fades all while nobody tells where they are now. */
  void setInTouch(boolean now) {
    if (inTouch != now) {
      inTouch = now;
      update();
    }
  }

  /** Makes somebody's caret be found at a glance; null for nobody's. */
  void flash(@Nullable Long personId) {
    flashed = personId;
    update();
  }

  /** Returns what is drawn now, from the lowest to the topmost. */
  List<Shape> drawn() {
    return drawn;
  }

  // --- Painting ---

  @Override
  protected void paintComponent(Graphics g) {
    if (!stale && marks.isEmpty() && drawn.isEmpty()) {
      return;
    }
    if (stale || !sight.equals(component.getVisibleRect())) {
      List<Rectangle> different = findOut();
      // Of what a viewport is asked to repaint while it scrolls, it does not paint all: it copies
      // what was on the screen, and takes all for clean then.
      SwingUtilities.invokeLater(() -> different.forEach(component::repaint));
    }
    Graphics2D canvas = (Graphics2D) g.create();
    Rectangle clip = g.getClipBounds();
    for (Shape shape : drawn) {
      if (clip == null || clip.intersects(shape.place())) {
        paint(shape, canvas);
      }
    }
    canvas.dispose();
  }

  private void paint(Shape shape, Graphics2D canvas) {
    Rectangle place = shape.place();
    canvas.setColor(shape.color());
    canvas.setComposite(AlphaComposite.SrcOver.derive(alpha(shape)));
    switch (shape.kind()) {
      case FLASH, SELECTION -> canvas.fillRect(place.x, place.y, place.width, place.height);
      case CARET -> {
        Rectangle bar = ShapeLayout.bar(place);
        int knob = Math.min(ShapeLayout.KNOB, place.height) / 2;
        // Apart, so that they do not lie over each other where they are translucent.
        canvas.fillRect(place.x, place.y, place.width, knob);
        canvas.fillRect(bar.x, bar.y + knob, bar.width, bar.height - knob);
      }
      case FLAG -> paintFlag(shape, canvas);
    }
  }

  private static float alpha(Shape shape) {
    float whole =
        switch (shape.kind()) {
          case FLASH -> FLASH_ALPHA;
          case SELECTION -> SELECTION_ALPHA;
          case CARET, FLAG -> 1f;
        };
    // A name that is asked for must be read, whoever is idle.
    return shape.faded() && shape.kind() != Kind.FLAG ? whole * FADED_ALPHA : whole;
  }

  private void paintFlag(Shape shape, Graphics2D canvas) {
    Rectangle place = shape.place();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.fillRoundRect(place.x, place.y, place.width, place.height, FLAG_ARC, FLAG_ARC);
    canvas.setColor(new Color(Contrast.textOn(shape.color().getRGB() & 0xFFFFFF)));
    canvas.setFont(flagFont());
    int width = canvas.getFontMetrics().stringWidth(shape.words());
    canvas.drawString(
        shape.words(),
        place.x + (place.width - width) / 2,
        place.y + canvas.getFontMetrics().getAscent());
  }

  private Font flagFont() {
    Font font = UIManager.getFont("Label.font");
    return font == null ? component.getFont() : font.deriveFont(font.getSize2D() * 0.85f);
  }

  // --- The mouse ---

  /** Shows whose caret it is under the mouse. */
  private final class Hover extends MouseAdapter {
    @Override
    public void mouseMoved(MouseEvent event) {
      hover(personAt(event.getX(), event.getY()));
    }

    @Override
    public void mouseExited(MouseEvent event) {
      hover(null);
    }

    private void hover(@Nullable Long now) {
      if (now == null ? hovered != null : !now.equals(hovered)) {
        hovered = now;
        update();
      }
    }

    private @Nullable Long personAt(int x, int y) {
      for (Shape shape : drawn) {
        if (shape.kind() == Kind.CARET) {
          Rectangle reach = new Rectangle(shape.place());
          reach.grow(HOVER_REACH, 0);
          if (reach.contains(x, y)) {
            return shape.personId();
          }
        }
      }
      return null;
    }
  }
}
