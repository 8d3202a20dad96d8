package dev.weft.client;

import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.Subscription;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is where in a {@link SharedText}: what this client shows of itself, and who else is there.
 * Got from {@link SharedText#presence}. Thread-safe.
 *
 * <p>It is the least of what goes over the network: the newest wins, up to ten times a second and
 * less often on a slow link, behind edits and saves; it may be lost, expires 30 s after it was last
 * heard, and is never stored. Nobody is shown before {@link #show} is called.
 */
public final class SharedPresence {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = Presence.MAX_NAME_BYTES;

  /** How many carets and selections are shown; of more, the first. */
  public static final int MAX_SELECTIONS = 64;

  /** The longest extension, in bytes. */
  public static final int MAX_EXTENSION_BYTES = 1_024;

  private final LocalCopy copy;
  private final Runnable ownChanged;
  private final Announcer announcer;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Participant> others = List.of();

  // Guarded by this.
  private @Nullable String name;
  private int color;
  private List<AnchoredSelection> selections = List.of();
  private Payload extension = Payload.EMPTY;

  /**
   * Creates the presence of a text.
   *
   * @param ownChanged is run, by any thread, when there is something else to show
   */
  SharedPresence(LocalCopy copy, Environment environment, Runnable ownChanged) {
    this.copy = copy;
    this.ownChanged = ownChanged;
    this.announcer = new Announcer(environment.listeners(), environment.loop(), this::tell);
  }

  /**
   * Shows this client to the others, under a name and in a color.
   *
   * @param newName what to call the person
   * @param newColor {@code 0xRRGGBB}
   * @throws IllegalArgumentException if the name is longer than {@link #MAX_NAME_BYTES}, or the
   *     color is not from 0 to 0xFFFFFF
   */
  public void show(String newName, int newColor) {
    int bytes = newName.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a name has at most " + MAX_NAME_BYTES + " bytes of UTF-8, bytes=" + bytes);
    }
    if (newColor < 0 || newColor > 0xFFFFFF) {
      throw new IllegalArgumentException(
          "a color is from 0x000000 to 0xffffff, color=0x" + Integer.toHexString(newColor));
    }
    synchronized (this) {
      name = newName;
      color = newColor;
    }
    ownChanged.run();
  }

  /** Shows one caret or selection. */
  public void select(Selection selection) {
    select(List.of(selection));
  }

  /**
   * Shows carets and selections, the main one first. They stay with the text until others are
   * shown. What is beyond the text is taken for its end. O(selections x log spans).
   */
  public void select(List<Selection> shown) {
    List<AnchoredSelection> anchored =
        copy.read(
            document ->
                shown.stream()
                    .limit(MAX_SELECTIONS)
                    .map(each -> AnchoredSelection.of(each, document))
                    .toList());
    synchronized (this) {
      if (anchored.equals(selections)) {
        return;
      }
      selections = anchored;
    }
    ownChanged.run();
  }

  /**
   * Shows something of the application's own, which only such applications understand.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MAX_EXTENSION_BYTES}
   */
  public void extend(byte[] bytes) {
    if (bytes.length > MAX_EXTENSION_BYTES) {
      throw new IllegalArgumentException(
          "an extension has at most " + MAX_EXTENSION_BYTES + " bytes, bytes=" + bytes.length);
    }
    synchronized (this) {
      extension = Payload.of(bytes.clone());
    }
    ownChanged.run();
  }

  /** Shows this client no more. Others are still seen. */
  public void hide() {
    synchronized (this) {
      name = null;
    }
    ownChanged.run();
  }

  /** Returns what to show of this client; null for nothing. */
  synchronized PresenceExchange.@Nullable Own own() {
    return name == null ? null : new PresenceExchange.Own(name, color, selections, extension);
  }

  /** Returns who else is there, as last heard, in the order in which they came. */
  public List<Participant> others() {
    return others;
  }

  /**
   * Has {@code listener} told who is there, on the listener executor: soon, then whenever somebody
   * has come, gone or moved. What passes quicker than the listener looks is left out.
   */
  public Subscription observe(Consumer<List<Participant>> listener) {
    Listener added = new Listener(Objects.requireNonNull(listener, "listener"));
    listeners.add(added);
    announcer.changed();
    return () -> listeners.remove(added);
  }

  void othersAre(List<Participant> now) {
    others = now;
    if (!listeners.isEmpty()) {
      announcer.changed();
    }
  }

  /** The text is closed: who cannot be told now is told no more. */
  void close() {
    announcer.end();
  }

  private void tell() {
    List<Participant> now = others;
    for (Listener listener : listeners) {
      listener.tell(now);
    }
  }

  /** A listener and what it was told last. Called by one thread at a time. */
  private static final class Listener {
    private final Consumer<List<Participant>> listener;
    private @Nullable List<Participant> told;

    Listener(Consumer<List<Participant>> listener) {
      this.listener = listener;
    }

    void tell(List<Participant> now) {
      if (now.equals(told)) {
        return;
      }
      told = now;
      try {
        listener.accept(now);
      } catch (Throwable e) {
        DaemonThreads.report(e);
      }
    }
  }
}
