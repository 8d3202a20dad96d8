package dev.weft.desktop;

import dev.weft.desktop.StatusWords.Phrase;
import dev.weft.desktop.network.NetworkLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.swing.SwingUtilities;

/**
 * Kills the demonstration's relay and starts it again, and says how it stands: what was seen of it,
 * not what was asked for. Confined to the event dispatch thread; what waits for the relay does so
 * elsewhere.
 */
final class RelaySwitch {
  private static final Phrase RUNNING =
      new Phrase(
          StatusSign.CONNECTED,
          "Running",
          "A process of its own, with a store of its own, on this machine.");
  private static final Phrase KILLED =
      new Phrase(
          StatusSign.OFFLINE,
          "Killed",
          "Its process was ended as by kill -9. What it has acknowledged is on its disk.");
  private static final Phrase STARTING =
      new Phrase(
          StatusSign.UNDER_WAY, "Starting", "With what is on its disk, at the same address.");
  private static final Phrase ENDED =
      new Phrase(StatusSign.REFUSED, "Ended by itself", "Nobody has killed it from here.");

  private final DemoRelay relay;
  private final List<NetworkLink> links;
  private final List<Runnable> listeners = new ArrayList<>();
  private final ExecutorService waiting =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "weft-demo-relay");
            thread.setDaemon(true);
            return thread;
          });

  private Stage stage = Stage.RUNNING;
  private Phrase state = RUNNING;
  private boolean killing;
  private boolean closed;

  private enum Stage {
    RUNNING,
    DOWN,
    STARTING
  }

  /**
   * Creates a switch.
   *
   * @param links lead to the relay, and learn from this whether it listens
   */
  RelaySwitch(DemoRelay relay, List<NetworkLink> links) {
    this.relay = relay;
    this.links = List.copyOf(links);
    watch();
  }

  /** Has a listener run whenever the state is another. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Returns how the relay stands, in words. */
  Phrase state() {
    return state;
  }

  boolean canKill() {
    return stage == Stage.RUNNING && !killing && !closed;
  }

  boolean canStart() {
    return stage == Stage.DOWN && !closed;
  }

  void kill() {
    if (canKill()) {
      killing = true;
      changed();
      waiting.execute(relay::kill);
    }
  }

  void start() {
    if (canStart()) {
      show(Stage.STARTING, STARTING);
      waiting.execute(this::startAndWait);
    }
  }

  private void startAndWait() {
    try {
      relay.start();
    } catch (IOException | RuntimeException e) {
      Phrase reason =
          new Phrase(StatusSign.REFUSED, "Does not start", String.valueOf(e.getMessage()));
      SwingUtilities.invokeLater(() -> show(Stage.DOWN, reason));
      return;
    }
    String problem = tellLinks(true);
    SwingUtilities.invokeLater(() -> show(Stage.RUNNING, with(RUNNING, problem)));
    watch();
  }

  /** Sees the end of the relay that runs now, who or whatever brings it about. */
  private void watch() {
    CompletableFuture<?> unused =
        relay
            .ended()
            .whenComplete(
                (nothing, failure) -> {
                  String problem = tellLinks(false);
                  SwingUtilities.invokeLater(() -> ended(problem));
                });
  }

  private void ended(String problem) {
    Phrase how = killing ? KILLED : ENDED;
    killing = false;
    show(Stage.DOWN, with(how, problem));
  }

  /** Tells the links whether the relay listens; returns what goes wrong, or nothing. */
  private String tellLinks(boolean listens) {
    StringBuilder problems = new StringBuilder();
    for (NetworkLink link : links) {
      try {
        link.setRelayListening(listens);
      } catch (IOException e) {
        problems.append(" A network follows only after Mend: ").append(e.getMessage()).append('.');
      }
    }
    return problems.toString();
  }

  private static Phrase with(Phrase phrase, String problem) {
    return new Phrase(phrase.sign(), phrase.text(), phrase.explanation() + problem);
  }

  private void show(Stage now, Phrase words) {
    stage = now;
    state = words;
    changed();
  }

  private void changed() {
    if (!closed) {
      listeners.forEach(Runnable::run);
    }
  }

  /** Takes no more orders. The relay is its owner's to end. */
  void close() {
    closed = true;
    waiting.shutdown();
  }
}
