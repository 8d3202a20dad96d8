package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.weft.client.Workshop.Device;
import dev.weft.crdt.Selection;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextRange;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an editor does with a text beside typing: undo, and show what is not safe. */
class SharedTextTest {
  @TempDir Path directory;
  private Workshop workshop;
  private Device ann;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 31);
    ann = workshop.device("ann");
    ann.awaitLive();
  }

  private void awaitSaved(Device device) {
    workshop.await("saved", () -> device.text.status().undurableChanges() == 0);
  }

  @Test
  void shouldUndoWhatThisDeviceDidAndTellTheOthers() {
    Device bob = workshop.device("bob");
    bob.awaitLive();
    SharedUndo undo = ann.text.undoHistory(steps -> steps.selection(() -> Selection.caret(2)));
    ann.text.insert(0, "mine ");
    awaitSaved(ann);
    workshop.await("bob has it", () -> bob.text.length() == 5);
    bob.text.insert(5, "theirs");
    workshop.await("ann has it", () -> ann.text.length() == 11);

    assertThat(undo.canUndo()).isTrue();
    assertThat(undo.undo()).isPresent();
    workshop.await("bob sees it undone", () -> bob.text.text().equals("theirs"));
    assertThat(undo.canUndo()).isFalse();
    assertThat(undo.undo()).isEmpty();

    assertThat(undo.canRedo()).isTrue();
    assertThat(undo.redo()).isPresent();
    workshop.await("bob sees it redone", () -> bob.text.text().equals("mine theirs"));
  }

  @Test
  void shouldStoreWhatWasUndone() {
    SharedUndo undo = ann.text.undoHistory(UnaryOperator.identity());
    ann.text.insert(0, "one");
    ann.text.insert(3, " two");
    assertThat(undo.undo()).isPresent();
    workshop.relay.reachable = false;
    workshop.relay.cut("a cable was pulled");
    ann.close();

    Device again = workshop.device("ann");
    assertThat(again.text.text()).isEqualTo("one");
  }

  @Test
  void shouldUndoOnlyWhatCameFromAChosenSource() {
    Object typing = "typing";
    SharedUndo undo = ann.text.undoHistory(steps -> steps.tracking(typing::equals));
    List<Object> sources = new ArrayList<>();
    ann.text.observe(
        change -> {
          if (change.origin() == TextChange.Origin.LOCAL && change.source() != null) {
            sources.add(change.source());
          }
        });
    ann.text.transact(typing, document -> document.insert(0, "typed"));
    ann.text.transact("formatter", document -> document.insert(5, " formatted"));

    assertThat(undo.undo()).isPresent();

    assertThat(ann.text.text()).isEqualTo(" formatted");
    assertThat(sources).startsWith(typing, "formatter");
  }

  @Test
  void shouldRefuseToUndoInAClosedText() {
    SharedUndo undo = ann.text.undoHistory(UnaryOperator.identity());
    ann.text.insert(0, "x");
    ann.close();

    assertThatIllegalStateException()
        .isThrownBy(undo::undo)
        .withMessage("the text is closed; open it again to edit it");
  }

  @Test
  void shouldTellWhereTheTextIsNotSafeYet() {
    ann.text.insert(0, "safe text");
    assertThat(ann.text.unsavedRanges()).containsExactly(new TextRange(0, 9));
    assertThat(ann.text.unstoredRanges()).containsExactly(new TextRange(0, 9));
    awaitSaved(ann);
    assertThat(ann.text.unsavedRanges()).isEmpty();

    workshop.relay.reachable = false;
    workshop.relay.cut("a cable was pulled");
    ann.text.insert(4, "ly kept");
    ann.text.delete(0, 1);
    workshop.run(Duration.ofSeconds(1));

    assertThat(ann.text.text()).isEqualTo("afely kept text");
    assertThat(ann.text.unsavedRanges()).containsExactly(new TextRange(0, 0), new TextRange(3, 10));
    assertThat(ann.text.unstoredRanges()).isEmpty();
    workshop.relay.reachable = true;
    awaitSaved(ann);
    assertThat(ann.text.unsavedRanges()).isEmpty();
  }

  @Test
  void shouldTellWhereATextWithoutARelayIsNotFlushed() {
    Device alone = workshop.deviceAlone("alone", builder -> {});
    alone.text.insert(0, "abc");
    workshop.run(Duration.ofSeconds(1));
    assertThat(alone.text.unstoredRanges()).isEmpty();
    assertThat(alone.text.unsavedRanges()).containsExactly(new TextRange(0, 3));

    workshop.await(alone.text.save());

    assertThat(alone.text.unsavedRanges()).isEmpty();
  }

  /** Also where another change is half applied, and where somebody else is to be told after it. */
  @Test
  void shouldTellOthersAndApplyAllWhateverAListenerThrows() {
    try (Reports reports = new Reports()) {
      List<Object> told = new ArrayList<>();
      ann.text.observe(change -> fail("observer"));
      ann.text.observe(told::add);
      ann.text.onStatus(status -> fail("status"));
      ann.text.onStatus(told::add);
      ann.text.onSave(progress -> fail("save"));
      ann.text.onSave(told::add);
      ann.text.presence().observe(others -> fail("presence"));
      ann.text.presence().observe(told::add);
      Device bob = workshop.device("bob");
      bob.text.presence().show("Bob", 0);
      bob.text.insert(0, "from bob");
      workshop.await("ann has it", () -> ann.text.length() == 8);
      ann.text.insert(0, "from ann, ");
      workshop.await(ann.text.save());
      workshop.await("bob has it", () -> bob.text.text().equals("from ann, from bob"));
      workshop.run(Duration.ofSeconds(1));

      assertThat(ann.text.text()).isEqualTo(bob.text.text());
      assertThat(told)
          .hasAtLeastOneElementOfType(TextChange.class)
          .hasAtLeastOneElementOfType(SyncStatus.class)
          .hasAtLeastOneElementOfType(SaveProgress.class)
          .hasAtLeastOneElementOfType(List.class);
      assertThat(reports.thrown)
          .extracting(Throwable::getMessage)
          .contains("observer", "status", "save", "presence");
    }
  }

  /** Whether an executor is full or shut down for good cannot be told. */
  @Test
  void shouldTellWhatTheExecutorWasTooFullForOnceItIsNot() {
    List<SyncStatus> statuses = new ArrayList<>();
    List<SaveProgress> saves = new ArrayList<>();
    List<List<Participant>> others = new ArrayList<>();
    ann.text.onStatus(statuses::add);
    ann.text.onSave(saves::add);
    ann.text.presence().observe(others::add);
    Device bob = workshop.device("bob");
    bob.awaitLive();
    workshop.run(Duration.ofSeconds(1));

    ann.refuseListeners(new RejectedExecutionException("full"));
    bob.text.presence().show("Bob", 0);
    ann.text.insert(0, "abc");
    SaveReceipt receipt = workshop.await(ann.text.save());
    ann.client.disconnect();
    ann.text.insert(0, "not saved");
    workshop.run(Duration.ofSeconds(1));
    ann.refuseListeners(null);
    workshop.run(Duration.ofSeconds(5));

    SyncStatus now = ann.text.status();
    assertThat(now.saves()).isEqualTo(SyncStatus.Saves.UNSAVED);
    assertThat(statuses).last().matches(now::saysTheSameAs);
    assertThat(saves)
        .extracting(SaveProgress::state)
        .containsExactly(SaveProgress.State.PENDING, SaveProgress.State.ACKNOWLEDGED);
    assertThat(saves).last().extracting(SaveProgress::receipt).isEqualTo(receipt);
    assertThat(others).last().asInstanceOf(LIST).hasSize(1);
  }

  /** The thread that asks is held up between its look at the text and the loop. */
  @Test
  void shouldEndWhatIsAskedForWhileTheClientEnds() {
    assertEndsWithTheClient(SharedText::save);
    assertEndsWithTheClient(SharedText::delivered);
  }

  private void assertEndsWithTheClient(Function<SharedText, CompletableFuture<?>> ask) {
    EndingLoop loop = new EndingLoop(workshop.time.line(0));
    VirtualTime.Line threads = workshop.time.line(0);
    Device cid =
        workshop.device(
            "cid",
            builder ->
                builder.environment(
                    new Environment(
                        loop,
                        threads,
                        threads,
                        threads,
                        Runnable::run,
                        Runnable::run,
                        workshop.time::nanos,
                        InstantSource.fixed(Workshop.NOW),
                        workshop.random,
                        workshop.relay)));
    cid.awaitLive();
    loop.beforeNext =
        () -> {
          CompletableFuture<?> closed = cid.closeClient();
          assertThat(closed).isCompleted();
          loop.close();
        };

    assertThat(workshop.awaitFailure(ask.apply(cid.text)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the text was closed before");
  }

  /** Drops what is handed over once it is closed, as a thread's does. */
  private static final class EndingLoop implements Loop {
    private final Loop loop;
    private boolean closed;

    /** What other threads do just before the next task is handed over. */
    private @Nullable Runnable beforeNext;

    EndingLoop(Loop loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
      Runnable before = beforeNext;
      beforeNext = null;
      if (before != null) {
        before.run();
      }
      if (!closed) {
        loop.execute(task);
      }
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return loop.schedule(delayNanos, task);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void fail(String what) {
    throw new AssertionError(what);
  }
}
