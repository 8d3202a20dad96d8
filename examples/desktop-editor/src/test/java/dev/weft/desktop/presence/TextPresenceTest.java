package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.Loopback;
import dev.weft.desktop.binding.Desk;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.desktop.presence.Shape.Kind;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.event.InputMethodEvent;
import java.awt.font.TextHitInfo;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Path;
import java.text.AttributedString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.swing.JTextArea;
import javax.swing.JTextPane;
import javax.swing.text.JTextComponent;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** People in one text, through a real relay; no window is needed. */
class TextPresenceTest {
  @TempDir Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private Loopback relay;

  @BeforeEach
  void open() {
    relay = new Loopback(directory);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    relay.close();
  }

  private Seat seat(String name, Supplier<JTextComponent> kind) {
    Seat seat = new Seat(relay.uri(), "minutes", name, kind);
    opened.add(seat);
    return seat;
  }

  private Seat seat(String name) {
    return seat(name, JTextArea::new);
  }

  static Stream<Supplier<JTextComponent>> kinds() {
    return Stream.of(JTextArea::new, RSyntaxTextArea::new, JTextPane::new);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldShowEachTheCaretAndSelectionOfTheOther(Supplier<JTextComponent> kind) {
    Seat ada = seat("Ada", kind);
    Seat bob = seat("Bob", kind);
    ada.insert(0, "warp and weft");
    EventThread.await("text", () -> bob.component.getDocument().getLength() == 13);

    ada.select(8, 5);
    bob.select(4, 4);

    bob.awaitMark(8, 5);
    ada.awaitMark(4, 4);
    assertThat(bob.marks().get(0).person().name()).isEqualTo("Ada");
    assertThat(ada.marks().get(0).person().name()).isEqualTo("Bob");
    assertThat(bob.presence.others()).isEqualTo(1);
    EventThread.settle();
    assertThat(bob.drawn(Kind.SELECTION)).hasSize(1);
    assertThat(ada.drawn(Kind.SELECTION)).isEmpty();
    assertThat(ada.drawn(Kind.CARET)).hasSize(1);
  }

  @Test
  void shouldKeepCaretsAtTheirTextWhileBothType() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "here@there");
    EventThread.await("text", () -> bob.component.getDocument().getLength() == 10);
    ada.select(5, 5);
    bob.awaitMark(5, 5);
    SplittableRandom random = new SplittableRandom(3);

    for (int i = 0; i < 300; i++) {
      Seat writer = random.nextBoolean() ? ada : bob;
      EventThread.run(
          () -> {
            String text = writer.component.getText();
            int at = random.nextInt(text.length() + 1);
            if (at != text.indexOf('@') + 1) {
              writer.component.getDocument().insertString(at, "x\n", null);
            }
          });
      EventThread.run(
          () -> {
            int behind = bob.component.getText().indexOf('@') + 1;
            assertThat(bob.presence.marks().get(0).caret()).isEqualTo(behind);
            // As it is painted, whether the layer has been told before or not.
            bob.component.paint(new BufferedImage(400, 300, 1).createGraphics());
            List<Shape> carets =
                bob.presence.layer().drawn().stream().filter(s -> s.kind() == Kind.CARET).toList();
            assertThat(carets)
                .allSatisfy(
                    shape ->
                        assertThat(ShapeLayout.bar(shape.place()).getLocation())
                            .isEqualTo(barAt(bob.component, behind)));
          });
    }
    EventThread.await("the same text", () -> ada.text.version().equals(bob.text.version()));
    EventThread.run(() -> bob.component.setCaretPosition(7));
    ada.awaitMark(7, 7);
    bob.awaitMark(ada.component.getCaretPosition(), ada.component.getCaretPosition());
  }

  private static Point barAt(JTextComponent component, int offset) throws Exception {
    Rectangle place = component.modelToView2D(offset).getBounds();
    return new Point(place.x - 1, place.y);
  }

  @Test
  void shouldMoveCaretsBehindTextThatIsComposedAndSendNoneMeanwhile() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "warp weft");
    EventThread.await("text", () -> bob.component.getDocument().getLength() == 9);
    ada.select(9, 9);
    bob.awaitMark(9, 9);
    bob.select(4, 4);
    ada.awaitMark(4, 4);
    int sent = EventThread.call(bob.presence.sender()::sent);

    compose(bob.component, "nihao", 0);
    assertThat(bob.shown()).isEqualTo("warpnihao weft");
    assertThat(bob.marks().get(0).caret()).isEqualTo(14);
    EventThread.run(bob.presence.sender()::send);
    assertThat(EventThread.call(bob.presence.sender()::sent)).isEqualTo(sent);
    assertThat(ada.marks().get(0).caret()).isEqualTo(4);

    compose(bob.component, "你好", 2);
    assertThat(bob.marks().get(0).caret()).isEqualTo(11);
    ada.awaitMark(6, 6);
  }

  private static void compose(JTextComponent component, String text, int committed) {
    EventThread.run(
        () ->
            component.dispatchEvent(
                new InputMethodEvent(
                    component,
                    InputMethodEvent.INPUT_METHOD_TEXT_CHANGED,
                    new AttributedString(text).getIterator(),
                    committed,
                    TextHitInfo.leading(0),
                    TextHitInfo.leading(0))));
  }

  @Test
  void shouldKeepPlacesUntilDocumentShowsWhatAnotherThreadWrote() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "here@there");
    EventThread.await("text", () -> bob.component.getDocument().getLength() == 10);
    ada.select(5, 5);
    bob.awaitMark(5, 5);

    EventThread.run(
        () -> {
          Thread another = new Thread(() -> bob.text.insert(0, "first "));
          another.start();
          another.join();
          assertThat(bob.component.getText()).isEqualTo("here@there");
          assertThat(bob.presence.marks().get(0).caret()).isEqualTo(5);
        });
    EventThread.settle();
    assertThat(bob.shown()).isEqualTo("first here@there");
    assertThat(bob.marks().get(0).caret()).isEqualTo(11);
  }

  @Test
  void shouldSendOnceForManyMoves() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "some text");
    EventThread.await("nothing to send", () -> ada.presence.sender().waitsMillis() == 0);
    int sent = EventThread.call(ada.presence.sender()::sent);

    EventThread.run(
        () -> {
          for (int i = 0; i < 1_000; i++) {
            ada.component.setCaretPosition(i % 9);
          }
          ada.component.setCaretPosition(3);
        });

    bob.awaitMark(3, 3);
    EventThread.await("nothing to send", () -> ada.presence.sender().waitsMillis() == 0);
    assertThat(EventThread.call(ada.presence.sender()::sent)).isEqualTo(sent + 1);
  }

  @Test
  void shouldSendLessOftenOnSlowLink() {
    Seat ada = seat("Ada");
    ada.insert(0, "some text");
    EventThread.await("nothing to send", () -> ada.presence.sender().waitsMillis() == 0);

    EventThread.run(() -> ada.presence.setSlowLink(true));
    EventThread.run(
        () -> {
          ada.component.setCaretPosition(1);
          assertThat(ada.presence.sender().waitsMillis()).isEqualTo(2_000);
        });

    // What waits is not held back once the link is fast.
    EventThread.run(() -> ada.presence.setSlowLink(false));
    assertThat(EventThread.call(ada.presence.sender()::waitsMillis)).isLessThanOrEqualTo(50);
    EventThread.await("nothing to send", () -> ada.presence.sender().waitsMillis() == 0);

    ada.pass(Duration.ofSeconds(3));
    EventThread.run(() -> ada.presence.setSlowLink(true));
    int sent = EventThread.call(ada.presence.sender()::sent);
    EventThread.run(() -> ada.component.setCaretPosition(2));
    EventThread.await("sent at once after a rest", () -> ada.presence.sender().sent() > sent);
  }

  @Test
  void shouldFadeWhoIsIdleAndShowNameOnlyAfterMove() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "warp weft");
    ada.select(0, 4);
    bob.awaitMark(0, 4);
    EventThread.settle();
    assertThat(bob.drawn(Kind.FLAG)).extracting(Shape::words).containsExactly("Ada");

    bob.pass(Duration.ofSeconds(3));
    assertThat(bob.drawn(Kind.FLAG)).isEmpty();
    assertThat(bob.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(false);

    bob.pass(Duration.ofSeconds(58));
    assertThat(bob.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(true);
    assertThat(bob.drawn(Kind.SELECTION)).extracting(Shape::faded).containsExactly(true);

    ada.select(2, 2);
    bob.awaitMark(2, 2);
    EventThread.settle();
    assertThat(bob.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(false);
    assertThat(bob.drawn(Kind.FLAG)).hasSize(1);
  }

  @Test
  void shouldFadeAllWhileTheRelayCannotTellWhereTheyAre() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    ada.insert(0, "warp weft");
    ada.select(0, 4);
    bob.awaitMark(0, 4);
    EventThread.settle();
    assertThat(bob.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(false);

    bob.disconnect();
    EventThread.await("faded", () -> bob.presence.layer().drawn().stream().allMatch(Shape::faded));
    assertThat(bob.drawn(Kind.CARET)).hasSize(1);
    assertThat(bob.drawn(Kind.SELECTION)).hasSize(1);
    assertThat(bob.presence.others()).isEqualTo(1);

    bob.connect();
    EventThread.await(
        "as before", () -> bob.presence.layer().drawn().stream().noneMatch(Shape::faded));
    assertThat(bob.drawn(Kind.CARET)).hasSize(1);
  }

  /** Who begins without a network has heard nobody yet: that is no news of just now. */
  @Test
  void shouldNotSayWhenRelayWasHeardThatNeverWas() {
    try (Desk desk = new Desk(URI.create("ws://127.0.0.1:9"))) {
      SharedText text = desk.open("minutes");
      EventThread.run(
          () -> {
            JTextArea area = new JTextArea();
            SharedTextBinding binding = SharedTextBinding.bind(area, text);
            AtomicLong clock = new AtomicLong(1L << 50);
            TextPresence presence = TextPresence.install(area, binding, text, clock::get);
            assertThat(presence.lastHeard()).isEqualTo("The relay was not heard yet");
            clock.addAndGet(Duration.ofMinutes(5).toNanos());
            assertThat(presence.lastHeard()).isEqualTo("The relay was not heard yet");
            presence.close();
            binding.close();
          });
    }
  }

  /** After half a minute the client takes them for gone, of whom it hears no more. */
  @Test
  void shouldShowThoseLastHeardHoweverLongTheRelayIsAway() {
    Seat bob = seat("Bob");
    try (Seat ada = new Seat(relay.uri(), "minutes", "Ada", JTextArea::new)) {
      ada.insert(0, "warp weft");
      ada.select(0, 4);
      bob.awaitMark(0, 4);
      bob.disconnect();
      EventThread.await(
          "faded", () -> bob.presence.layer().drawn().stream().allMatch(Shape::faded));
    }

    EventThread.run(() -> bob.presence.othersAre(List.of()));
    bob.pass(Duration.ofMinutes(6));
    assertThat(bob.presence.others()).isEqualTo(1);
    assertThat(bob.marks()).extracting(mark -> mark.person().goneAtNanos()).containsOnlyNulls();
    assertThat(EventThread.call(bob.presence::lastHeard)).isEqualTo("As last heard, 6 minutes ago");

    bob.connect();
    EventThread.await("nobody", () -> bob.presence.others() == 0);
  }

  @Test
  void shouldFadeWhoHasGoneAndThenShowNobody() {
    Seat bob = seat("Bob");
    try (Seat ada = new Seat(relay.uri(), "minutes", "Ada", JTextArea::new)) {
      EventThread.await("Ada", () -> bob.presence.others() == 1);
      ada.insert(0, "x");
      EventThread.await("caret", () -> !bob.presence.layer().drawn().isEmpty());
    }

    EventThread.await("nobody", () -> bob.presence.others() == 0);
    EventThread.settle();
    assertThat(bob.drawn(Kind.CARET)).extracting(Shape::faded).containsExactly(true);
    assertThat(bob.drawn(Kind.FLAG)).isEmpty();
    long id = bob.marks().get(0).person().id();
    assertThat(EventThread.call(() -> bob.presence.jumpTo(id))).isFalse();

    bob.letPass(Person.FADES_FOR);
    EventThread.await("nobody drawn", () -> bob.presence.layer().drawn().isEmpty());
    assertThat(bob.marks()).isEmpty();
  }

  @Test
  void shouldShowNobodyBeforeNameIsGivenNorWhenClosed() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    EventThread.await("Bob", () -> ada.presence.others() == 1);

    EventThread.run(bob.presence::close);

    EventThread.await("nobody", () -> ada.presence.others() == 0);
    int children = EventThread.call(bob.component::getComponentCount);
    assertThat(children).isZero();
  }

  @Test
  void shouldTellOtherNameAndBoundItsLength() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    EventThread.await("Ada", () -> bob.presence.others() == 1);

    EventThread.run(() -> ada.presence.showAs("😀".repeat(200)));

    EventThread.await(
        "the other name",
        () -> bob.presence.marks().stream().anyMatch(m -> m.person().name().startsWith("😀")));
    assertThat(bob.marks().get(0).person().participant().name()).isEqualTo("😀".repeat(64));
    assertThat(bob.marks().get(0).person().name()).isEqualTo("😀".repeat(23) + "…");
  }

  /** Neither each for itself nor once nobody moves any more. */
  @Test
  void shouldTellNewsAfterMomentWhateverOthersDoMeanwhile() {
    Seat ada = seat("Ada");
    ada.insert(0, "warp");
    long opened = System.nanoTime();
    Seat bob = seat("Bob");
    List<String> told = new ArrayList<>();
    EventThread.run(() -> bob.presence.onNews(told::add));

    EventThread.await(
        "news while Ada moves",
        () -> {
          ada.component.setCaretPosition(4 - ada.component.getCaretPosition());
          return !told.isEmpty();
        });
    assertThat(Duration.ofNanos(System.nanoTime() - opened)).isGreaterThan(Duration.ofSeconds(2));
    assertThat(EventThread.call(() -> told.get(0))).isEqualTo("Ada is here.");
  }

  @Test
  void shouldTellNoNewsWhileTheRelayCannotTell() {
    Seat bob = seat("Bob");
    List<String> told = new ArrayList<>();
    EventThread.run(() -> bob.presence.onNews(told::add));
    seat("Ada").insert(0, "warp");
    EventThread.await("Ada's caret", () -> !bob.presence.layer().drawn().isEmpty());
    bob.disconnect();
    EventThread.await("faded", () -> bob.presence.layer().drawn().stream().allMatch(Shape::faded));
    EventThread.run(
        () -> {
          List<String> before = List.copyOf(told);
          bob.presence.tellNews();
          assertThat(told).isEqualTo(before);
        });
  }

  @Test
  void shouldTellUnderWhichIdsOthersWrite() {
    Seat ada = seat("Ada");
    Seat bob = seat("Bob");
    EventThread.await(
        "Ada's id", () -> bob.presence.namesByReplica().equals(Map.of(ada.text.replica(), "Ada")));

    Seat eve = seat("Eve");
    EventThread.await("Eve", () -> bob.presence.namesByReplica().size() == 2);
    // Of two who claim one id, one is not who writes under it.
    eve.text.presence().extend(WritesAs.toBytes(ada.text.replica()));
    EventThread.await("no names", () -> bob.presence.namesByReplica().isEmpty());
    eve.text.presence().extend(WritesAs.toBytes(bob.text.replica()));
    EventThread.await(
        "own id not taken",
        () -> bob.presence.namesByReplica().equals(Map.of(ada.text.replica(), "Ada")));
  }
}
