package dev.weft.cli;

import dev.weft.cli.loopback.LoopbackRelay;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Two editors and a relay, all of them real, that follow a script and say what they see. It prints
 * the same at every run: each step waits for what the one before it must bring about. For one
 * thread.
 */
final class HeadlessDemo {
  private static final DocumentId DOCUMENT = new DocumentId("minutes");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PrintWriter out;

  HeadlessDemo(PrintWriter out) {
    this.out = out;
  }

  /**
   * Plays the demonstration.
   *
   * @throws CommandFailure if the texts differ in the end, or something does not come about
   */
  void run() throws CommandFailure, IOException, InterruptedException {
    try (LoopbackRelay relay = LoopbackRelay.start();
        DemoEditor left = new DemoEditor("left", relay, DOCUMENT, 1);
        DemoEditor right = new DemoEditor("right", relay, DOCUMENT, 2)) {
      say("relay: listens on this machine's loopback address, with a store of its own");
      open(left);
      open(right);
      typeOneAfterTheOther(left, right);
      typeAtOnce(left, right);
      typeApart(left, right);
      save(left);
      compare(left, right);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailure("the demonstration got stuck: " + e, e);
    }
  }

  private void open(DemoEditor editor) throws CommandFailure, InterruptedException {
    awaitSafe(editor);
    say(editor.name() + ": opens " + DOCUMENT + ", is " + editor.status());
  }

  private void typeOneAfterTheOther(DemoEditor left, DemoEditor right)
      throws CommandFailure, InterruptedException, TimeoutException {
    say("");
    say("One types, the other sees it.");
    left.type(0, "Agenda: ");
    meet(left, right);
    show("types", left);
    show("sees", right);
  }

  private void typeAtOnce(DemoEditor left, DemoEditor right)
      throws CommandFailure, InterruptedException, ExecutionException, TimeoutException {
    say("");
    say("Both type at the same place, before either sees what the other does.");
    left.holdScreen();
    right.holdScreen();
    int end = left.text().length();
    left.type(end, "the warp ");
    right.type(end, "the weft ");
    await(left.text().delivered());
    await(right.text().delivered());
    show("types", left);
    show("types", right);
    left.releaseScreen();
    right.releaseScreen();
    meet(left, right);
    show("sees", left);
    show("sees", right);
  }

  private void typeApart(DemoEditor left, DemoEditor right)
      throws CommandFailure, InterruptedException, TimeoutException {
    say("");
    say("One loses the network, and both go on.");
    right.client().disconnect();
    awaitStatus(right, status -> status.connection() == Connection.OFFLINE);
    right.type(right.text().length(), "(offline) ");
    left.type(0, "(online) ");
    awaitSafe(left);
    show("types", left);
    show("types", right);
    say("");
    say("The network is back.");
    right.client().reconnect();
    meet(left, right);
    show("sees", left);
    show("sees", right);
  }

  /** Waits until both have what both typed, and know that it is safe. */
  private static void meet(DemoEditor left, DemoEditor right)
      throws CommandFailure, InterruptedException, TimeoutException {
    left.awaitSameVersion(right);
    right.awaitSameVersion(left);
    awaitSafe(left);
    awaitSafe(right);
  }

  /** Waits until the editor says that it is in step with the relay, and everything is safe. */
  private static void awaitSafe(DemoEditor editor) throws CommandFailure, InterruptedException {
    awaitStatus(
        editor, status -> status.connection() == Connection.LIVE && status.saves() == Saves.SAVED);
  }

  private static void awaitStatus(DemoEditor editor, Predicate<SyncStatus> wanted)
      throws CommandFailure, InterruptedException {
    SyncStatus last = StatusWait.await(editor.text(), wanted, PATIENCE);
    if (!wanted.test(last)) {
      throw new CommandFailure(
          "the demonstration got stuck: "
              + editor.name()
              + " is "
              + last.describe()
              + " for "
              + PATIENCE.toSeconds()
              + " s");
    }
  }

  private void save(DemoEditor editor)
      throws CommandFailure, InterruptedException, ExecutionException, TimeoutException {
    say("");
    say("One saves.");
    CompletableFuture<SaveReceipt> saved = editor.text().save();
    SaveReceipt receipt = saved.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    say(
        editor.name()
            + ": has a receipt: "
            + receipt.guarantee()
            + " at the relay, with all "
            + receipt.version().eventsSince(VersionVector.EMPTY)
            + " changes so far");
    awaitSafe(editor);
    show("sees", editor);
  }

  private void compare(DemoEditor left, DemoEditor right) throws CommandFailure {
    say("");
    String text = left.text().text();
    if (!text.equals(right.text().text())) {
      throw new CommandFailure("the texts differ in the end");
    }
    say("Both have the same " + text.length() + " characters: \"" + text + "\"");
  }

  private void show(String verb, DemoEditor editor) {
    say(
        String.format(
            "%s: %s \"%s\", is %s", editor.name(), verb, editor.text().text(), editor.status()));
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private static void await(CompletableFuture<@Nullable Void> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
