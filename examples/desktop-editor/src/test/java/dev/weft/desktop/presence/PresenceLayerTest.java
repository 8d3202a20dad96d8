package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Participant;
import dev.weft.client.Participants;
import dev.weft.client.SharedText;
import dev.weft.crdt.Selection;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.presence.Shape.Kind;
import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.Rectangle;
import java.awt.event.MouseEvent;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JTextArea;
import javax.swing.text.Position.Bias;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is drawn over a text, and what that costs; no window is needed. */
class PresenceLayerTest {
  private static final int AREA_WIDTH = 600;
  private static final int AREA_HEIGHT = 300;

  private WatchedArea area;
  private LayeredText layered;
  private SharedText text;
  private Participants participants;
  private PresenceLayer layer;

  @BeforeEach
  void open() {
    area = EventThread.call(WatchedArea::new);
    layered = new LayeredText(area, "first line\nsecond line\nthird line\n" + "more\n".repeat(200));
    text = layered.text;
    participants = layered.participants;
    layer = layered.layer;
  }

  @AfterEach
  void close() {
    layered.close();
  }

  /** Notes what is to be repainted and laid out. */
  private static final class WatchedArea extends JTextArea {
    private static final long serialVersionUID = 1L;

    private transient List<Rectangle> repainted = new ArrayList<>();
    private int invalidated;

    WatchedArea() {
      setSize(AREA_WIDTH, AREA_HEIGHT);
      setBackground(Color.WHITE);
      setMargin(new Insets(2, 2, 2, 2));
    }

    @Override
    public void repaint(long tm, int x, int y, int width, int height) {
      if (repainted != null) {
        repainted.add(new Rectangle(x, y, width, height));
      }
      super.repaint(tm, x, y, width, height);
    }

    @Override
    public void invalidate() {
      invalidated++;
      super.invalidate();
    }
  }

  private void show(Participant... now) {
    layered.show(now);
    EventThread.settle();
  }

  private Rectangle placeOf(int offset) {
    return EventThread.call(() -> area.modelToView2D(offset).getBounds());
  }

  private BufferedImage picture() {
    return EventThread.call(
        () -> {
          BufferedImage image =
              new BufferedImage(AREA_WIDTH, AREA_HEIGHT, BufferedImage.TYPE_INT_RGB);
          area.paint(image.createGraphics());
          return image;
        });
  }

  private void move(int x, int y) {
    EventThread.run(
        () ->
            area.dispatchEvent(new MouseEvent(area, MouseEvent.MOUSE_MOVED, 0, 0, x, y, 0, false)));
  }

  @Test
  void shouldDrawCaretInShadeThatIsSeen() {
    show(participants.come("Ada", 0xFFFF00, Selection.caret(14)));

    Rectangle at = placeOf(14);
    int shade = Contrast.shade(0xFFFF00, 0xFFFFFF, 3);
    BufferedImage picture = picture();
    int low = at.y + at.height - 2;
    assertThat(picture.getRGB(at.x - 1, low) & 0xFFFFFF).isEqualTo(shade);
    assertThat(picture.getRGB(at.x, low) & 0xFFFFFF).isEqualTo(shade);
    // The knob alone is wider.
    assertThat(picture.getRGB(at.x - 3, at.y + 1) & 0xFFFFFF).isEqualTo(shade);
    assertThat(picture.getRGB(at.x - 3, low) & 0xFFFFFF).isNotEqualTo(shade);
  }

  /** Of "ab (HEBREW) cd", what is selected from the first word into the second. */
  @Test
  void shouldDrawSelectionBehindItsLettersInTextFromRightToLeft() {
    text.insert(0, "ab \u05e9\u05dc\u05d5\u05dd cd\nof one way\n\u05e2\u05d5\u05dc\u05dd ef\n");
    EventThread.settle();
    Participant ada = participants.come("Ada", 0x000000, new Selection(1, 5));
    show(ada);
    // The first two letters of four are the ones on the right.
    Rectangle hebrew = placeOf(3);
    int third = placeOf(5).x;
    int y = hebrew.y + 1;
    assertThat(third).isLessThan(hebrew.x);
    assertThat(covered(y, 0, AREA_WIDTH))
        .isEqualTo(
            IntStream.concat(
                    IntStream.range(placeOf(1).x, placeOf(3, Bias.Backward).x),
                    IntStream.range(third, hebrew.x))
                .sorted()
                .boxed()
                .toList());

    // Over rows: all behind the first one's text too, and of the last one the right part.
    show(participants.move(ada, new Selection(4, 24)));
    int right = area.getVisibleRect().x + area.getVisibleRect().width;
    assertThat(covered(y, 0, AREA_WIDTH))
        .isEqualTo(
            IntStream.concat(
                    IntStream.range(placeOf(7, Bias.Backward).x, placeOf(4).x),
                    IntStream.range(hebrew.x, right))
                .boxed()
                .toList());
    assertThat(covered(placeOf(12).y + 1, 0, AREA_WIDTH)).hasSize(right - area.getVisibleRect().x);
    Rectangle last = placeOf(22);
    assertThat(covered(last.y + 1, 0, AREA_WIDTH))
        .isEqualTo(IntStream.range(placeOf(24).x, last.x).boxed().toList());
  }

  private Rectangle placeOf(int offset, Bias bias) {
    return EventThread.call(() -> area.getUI().modelToView2D(area, offset, bias).getBounds());
  }

  /** Returns where at a height a selection is drawn. */
  private List<Integer> covered(int y, int from, int to) {
    return IntStream.range(from, to)
        .filter(
            x ->
                layered.drawn(Kind.SELECTION).stream()
                    .anyMatch(shape -> shape.place().contains(x, y)))
        .boxed()
        .toList();
  }

  @Test
  void shouldFadeToFourTenthsWhenIdle() {
    show(participants.come("Ada", 0x000000, Selection.caret(14)));
    participants.pass(Duration.ofSeconds(59));
    EventThread.run(layer::update);
    Rectangle at = placeOf(14);
    int low = at.y + at.height - 2;
    assertThat(picture().getRGB(at.x, low) & 0xFF).isEqualTo(0);

    participants.pass(Duration.ofSeconds(1));
    EventThread.run(layer::update);

    assertThat(picture().getRGB(at.x, low) & 0xFF).isBetween(150, 156);

    // A name that is asked for is read as that of anybody.
    move(at.x + 2, at.y + 5);
    Rectangle flag = layered.drawn(Kind.FLAG).get(0).place();
    assertThat(picture().getRGB(flag.x + 1, flag.y + flag.height / 2) & 0xFF).isEqualTo(0);
  }

  @Test
  void shouldNotFadeWhoIsToBeFoundAtGlance() {
    Participant ada = participants.come("Ada", 0x000000, Selection.caret(14));
    show(ada);
    participants.pass(Person.IDLE_AFTER);

    EventThread.run(() -> layer.flash(ada.id()));
    assertThat(layered.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(false);
    EventThread.run(() -> layer.flash(null));
    assertThat(layered.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(true);
  }

  @Test
  void shouldShowNameForMomentAfterMoveAndWhileMouseIsThere() {
    show(participants.come("Ada", 0x0B6BCB, Selection.caret(14)));
    assertThat(layered.drawn(Kind.FLAG)).extracting(Shape::words).containsExactly("Ada");

    participants.pass(Person.FLAGGED_FOR);
    EventThread.run(layer::update);
    assertThat(layered.drawn(Kind.FLAG)).isEmpty();

    Rectangle at = placeOf(14);
    move(at.x + 2, at.y + 5);
    assertThat(layered.drawn(Kind.FLAG)).extracting(Shape::words).containsExactly("Ada");
    move(at.x + 60, at.y + 5);
    assertThat(layered.drawn(Kind.FLAG)).isEmpty();
  }

  @Test
  void shouldTellByNameWhoAreAtOnePlaceInOneColor() {
    show(
        participants.come("Ada", 0x0B6BCB, Selection.caret(30)),
        participants.come("Bob", 0x0B6BCB, Selection.caret(30)),
        participants.come("Eve", 0x0B6BCB, Selection.caret(30)));

    List<Shape> flags = layered.drawn(Kind.FLAG);
    assertThat(flags).extracting(Shape::words).containsExactly("Ada", "Bob", "Eve");
    for (int i = 0; i < 3; i++) {
      assertThat(flags.get(i).place().intersects(flags.get((i + 1) % 3).place())).isFalse();
      assertThat(new Rectangle(AREA_WIDTH, AREA_HEIGHT).contains(flags.get(i).place())).isTrue();
    }
  }

  @Test
  void shouldCoverWhatIsSelectedRowByRow() {
    show(participants.come("Ada", 0x0B6BCB, new Selection(6, 28)));

    Rectangle from = placeOf(6);
    Rectangle to = placeOf(28);
    assertThat(layered.drawn(Kind.SELECTION))
        .extracting(Shape::place)
        .containsExactly(
            new Rectangle(from.x, from.y, AREA_WIDTH - from.x, from.height),
            new Rectangle(0, from.y + from.height, AREA_WIDTH, to.y - from.y - from.height),
            new Rectangle(0, to.y, to.x, to.height));
    Rectangle caret = ShapeLayout.bar(layered.drawn(Kind.CARET).get(0).place());
    assertThat(caret.x).isEqualTo(to.x - 1);
  }

  @Test
  void shouldRepaintOnlyWhatHasChanged() {
    Participant ada = participants.come("Ada", 0x0B6BCB, new Selection(6, 28));
    Participant bob = participants.come("Bob", 0xD6336C, Selection.caret(3));
    participants.pass(Duration.ofSeconds(3));
    show(ada, bob);
    EventThread.run(() -> area.repainted.clear());

    show(ada, bob);
    EventThread.run(layer::update);
    assertThat(area.repainted).isEmpty();

    Participant moved = participants.move(bob, Selection.caret(4));
    participants.pass(Duration.ofSeconds(3));
    show(ada, moved);
    assertThat(area.repainted).hasSize(2);
    assertThat(area.repainted)
        .allSatisfy(
            place -> assertThat(place.getSize()).isEqualTo(new Dimension(6, placeOf(3).height)));
  }

  @Test
  void shouldLayNothingOutAndLeaveHighlighterAlone() {
    EventThread.run(
        () -> {
          area.validate();
          area.invalidated = 0;
        });
    int highlights = EventThread.call(() -> area.getHighlighter().getHighlights().length);
    var size = EventThread.call(area::getPreferredSize);

    show(participants.come("Ada", 0x0B6BCB, new Selection(6, 28)));
    picture();
    show();

    assertThat(area.invalidated).isZero();
    assertThat(EventThread.call(() -> area.getHighlighter().getHighlights().length))
        .isEqualTo(highlights);
    assertThat(EventThread.call(area::getPreferredSize)).isEqualTo(size);
    assertThat(EventThread.call(() -> area.getComponentAt(5, 5))).isSameAs(area);
  }

  @Test
  void shouldDrawNothingOutOfSight() {
    show(
        participants.come("Ada", 0x0B6BCB, Selection.caret(text.length())),
        participants.come("Bob", 0x0B6BCB, new Selection(40, text.length())));

    assertThat(layered.drawn(Kind.CARET)).isEmpty();
    assertThat(layered.drawn(Kind.FLAG)).isEmpty();
    assertThat(layered.drawn(Kind.SELECTION))
        .isNotEmpty()
        .allSatisfy(
            shape ->
                // The last row may be in sight in part.
                assertThat(shape.place().getMaxY()).isLessThan(AREA_HEIGHT + placeOf(0).height));
  }

  /**
   * Ten people in a text of a megabyte, all in sight, who move at every key: what a key then costs
   * the event thread. The figure is printed; the bound leaves room for a slow machine.
   */
  @Test
  void shouldCostLittleAtEachKeyInLargeText() {
    EventThread.run(
        () -> area.setText("some words that make up a line of a text\n".repeat(25_000)));
    Random random = new Random(5);
    Participant[] ten =
        IntStream.range(0, 10)
            .mapToObj(i -> participants.come("p" + i, 0x0B6BCB, Selection.caret(40 * i)))
            .toArray(Participant[]::new);
    show(ten);
    long[] nanos = new long[2_000];
    for (int i = 0; i < nanos.length; i++) {
      int at = random.nextInt(text.length());
      int mover = i % 10;
      ten[mover] = participants.move(ten[mover], Selection.caret(random.nextInt(500)));
      text.insert(at, "x");
      EventThread.settle();
      nanos[i] =
          EventThread.call(
              () -> {
                long start = System.nanoTime();
                layered.show(ten);
                layer.update();
                return System.nanoTime() - start;
              });
    }
    Arrays.sort(nanos);
    assertThat(layered.drawn(Kind.CARET)).hasSize(10);
    System.out.printf(
        "presence of 10 in 1 MB, a key: median %d us, 99 %% within %d us%n",
        nanos[nanos.length / 2] / 1_000, nanos[nanos.length * 99 / 100] / 1_000);
    assertThat(nanos[nanos.length / 2]).isLessThan(Duration.ofMillis(1).toNanos());
  }

  @Test
  void shouldNotBeTakenForMarkup() {
    EventThread.run(
        () -> {
          PersonRenderer renderer = new PersonRenderer();
          PersonRow row = new PersonRow(1, false, "<html><b>x", 0, "line 1", "active");
          var list = new JList<PersonRow>();
          renderer.getListCellRendererComponent(list, row, 0, false, false);
          List<JLabel> labels = labels(renderer);
          assertThat(labels).extracting(JLabel::getText).contains("<html><b>x");
          assertThat(labels)
              .allSatisfy(label -> assertThat(label.getClientProperty("html")).isNull());
          assertThat(renderer.getAccessibleContext().getAccessibleName())
              .isEqualTo("<html><b>x, line 1, active");
        });
  }

  private static List<JLabel> labels(Container within) {
    List<JLabel> labels = new ArrayList<>();
    for (Component part : within.getComponents()) {
      if (part instanceof JLabel label) {
        labels.add(label);
      } else if (part instanceof Container inner) {
        labels.addAll(labels(inner));
      }
    }
    return labels;
  }
}
