package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import dev.weft.desktop.Loopback;
import dev.weft.desktop.binding.Bound.Kind;
import dev.weft.desktop.binding.Step.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.swing.text.BadLocationException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Components on two devices that are written into at once come to the same text. */
class ConvergenceProperties {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Loopback relay;
  private static Desk left;
  private static Desk right;
  private static int documents;

  @BeforeContainer
  static void open() throws IOException {
    relay = new Loopback(Files.createTempDirectory("weft-relay"));
    left = new Desk(relay.uri());
    right = new Desk(relay.uri());
  }

  @AfterContainer
  static void close() {
    left.close();
    right.close();
    relay.close();
  }

  @Property(tries = 150)
  void shouldComeToSameTextWhenTwoWrite(
      @ForAll Kind leftKind,
      @ForAll Kind rightKind,
      @ForAll("steps") List<Step> leftSteps,
      @ForAll("steps") List<Step> rightSteps)
      throws BadLocationException {
    String document = "document" + documents++;
    try (Bound one = new Bound(left.open(document), leftKind);
        Bound other = new Bound(right.open(document), rightKind)) {
      for (int i = 0; i < Math.max(leftSteps.size(), rightSteps.size()); i++) {
        take(one, leftKind, leftSteps, i);
        take(other, rightKind, rightSteps, i);
      }
      awaitSame(one, other);
      one.requireSame();
      other.requireSame();
    }
  }

  private static void take(Bound bound, Kind kind, List<Step> steps, int i)
      throws BadLocationException {
    if (i < steps.size()) {
      steps.get(i).fitting(kind).takeOnItsThread(bound);
      EventThread.settle();
      bound.requireSame();
    }
  }

  private static void awaitSame(Bound one, Bound other) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!one.text.version().equals(other.text.version())) {
      one.requireSame();
      other.requireSame();
      assertThat(System.nanoTime()).as("%s; %s", one.text, other.text).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(one.shown()).isEqualTo(other.shown());
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Step.lists(Author.PERSON, Author.PROGRAM, Author.ANOTHER_THREAD);
  }
}
