package dev.weft.desktop.presence;

import dev.weft.client.Participant;
import dev.weft.client.SharedPresence;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Subscription;
import dev.weft.desktop.binding.SharedTextBinding;
import java.awt.Rectangle;
import java.awt.event.HierarchyEvent;
import java.awt.event.HierarchyListener;
import java.awt.geom.Rectangle2D;
import java.beans.PropertyChangeListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.swing.JComponent;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Shows in a text component where others are in its shared text, and shows the others where the
 * person here is.
 *
 * <pre>{@code
 * SharedTextBinding binding = SharedTextBinding.bind(textArea, text);
 * TextPresence presence = TextPresence.install(textArea, binding, text, System::nanoTime);
 * presence.showAs("Ada");
 * window.add(presence.people(), BorderLayout.LINE_END);
 * }</pre>
 *
 * <p>Each of the others has a caret and, if something is selected, a translucent ground, in the
 * person's color, in a shade that is seen on the component's ground. A flag with the name stands at
 * the caret for a moment after it has moved, and while the mouse is over it: nothing is told by
 * color alone. Who has not moved for a minute fades, and everybody while the relay cannot tell
 * where they are now; who has gone disappears. Of more than 64 people the first to come are drawn,
 * and each with 4 carets at most.
 *
 * <p>What others call themselves comes from outside: it is shown as plain text, without what
 * directs how text is shown, and cut to 24 characters. Those here who chose one name, also that of
 * the person here, are told apart by numbers, and those who chose one color get others, as long as
 * there are.
 *
 * <p>Confined to the event dispatch thread. After an edit it costs that thread O(people x log
 * spans) once for each event, and nothing while nobody else is here.
 */
public final class TextPresence implements AutoCloseable {
  private static final Duration LOOKED_AT = Duration.ofMillis(500);
  private static final Duration FLASH = Duration.ofMillis(1_500);

  /**
   * Nobody wants to hear of each more often; longer than it takes to hear of all again who stayed
   * while the connection was lost.
   */
  private static final Duration NEWS_EVERY = Duration.ofSeconds(3);

  private static final Set<Connection> TELLING =
      EnumSet.of(Connection.CATCHING_UP, Connection.LIVE, Connection.DRAINING);

  private final JTextComponent component;
  private final SharedTextBinding binding;
  private final SharedText text;
  private final Document document;
  private final Roster roster;
  private final PresenceLayer layer;
  private final CaretSender sender;
  private final PeoplePanel panel;
  private final Subscription subscription;
  private final Subscription statusSubscription;
  private final Timer clock;
  private final Timer flashEnd;
  private final Timer newsTime;
  private final PeopleNews news = new PeopleNews();
  private final DocumentListener edits = new Edits();
  private final PropertyChangeListener look;
  private final HierarchyListener shown;
  private final List<Runnable> listeners = new ArrayList<>();
  private final List<Consumer<String>> newsListeners = new ArrayList<>();

  private List<Mark> marks = List.of();
  private String ownName = "";
  private boolean slowLink;
  private boolean closed;

  private TextPresence(
      JTextComponent component, SharedTextBinding binding, SharedText text, LongSupplier ticker) {
    this.component = component;
    this.binding = binding;
    this.text = text;
    document = component.getDocument();
    roster = new Roster(ticker);
    layer = new PresenceLayer(component, this::places, ticker);
    sender = new CaretSender(component, binding, text.presence(), ticker);
    panel = new PeoplePanel(this::jumpTo, component::requestFocusInWindow);
    clock = new Timer((int) LOOKED_AT.toMillis(), event -> timePassed());
    flashEnd = new Timer((int) FLASH.toMillis(), event -> layer.flash(null));
    flashEnd.setRepeats(false);
    newsTime = new Timer((int) NEWS_EVERY.toMillis(), event -> tellNews());
    newsTime.setRepeats(false);
    look = event -> layer.changed();
    shown = this::panelShownOrHidden;
    document.addDocumentListener(edits);
    component.addPropertyChangeListener(look);
    panel.addHierarchyListener(shown);
    statusIs(text.status());
    statusSubscription = text.onStatus(status -> onEventThread(() -> statusIs(status)));
    subscription = text.presence().observe(others -> onEventThread(() -> othersAre(others)));
  }

  /**
   * Shows others in a component. The person here is shown to them once {@link #showAs} is called.
   *
   * @param binding binds the component's document to {@code text}; close it after this
   * @param ticker the monotonic clock, in nanoseconds from any origin
   * @throws IllegalStateException if not called on the event dispatch thread
   */
  public static TextPresence install(
      JTextComponent component, SharedTextBinding binding, SharedText text, LongSupplier ticker) {
    if (!SwingUtilities.isEventDispatchThread()) {
      throw new IllegalStateException(
          "presence must be installed on the event dispatch thread, thread="
              + Thread.currentThread().getName());
    }
    return new TextPresence(component, binding, text, ticker);
  }

  // --- The person here ---

  /**
   * Shows the person here to others under a name, in the color that goes with it, and tells them
   * under which id the person writes, so that they can tell who wrote what. Of a name longer than
   * {@link SharedPresence#MAX_NAME_BYTES} the beginning is shown.
   */
  public void showAs(String name) {
    ownName = name;
    roster.ownIs(PersonName.of(name), Palette.colorOf(name));
    layer.changed();
    text.presence().extend(WritesAs.toBytes(text.replica()));
    text.presence()
        .show(PersonName.fitting(name, SharedPresence.MAX_NAME_BYTES), Palette.colorOf(name));
    peopleChanged();
  }

  /**
   * Shows the caret here at most every 2 s, or again at most every 50 ms, which the client makes
   * fewer by itself as it sees fit.
   */
  public void setSlowLink(boolean slow) {
    slowLink = slow;
    sender.setSlow(slow);
    peopleChanged();
  }

  // --- Others ---

  /** Returns a list of those who are here, from which the person here jumps to them. */
  public JComponent people() {
    return panel;
  }

  /** Offers, in that list, to do what lets the person here choose another name. */
  public void offerRename(Runnable rename) {
    panel.offerRename(rename);
  }

  /** Moves the focus to the list of those who are here. */
  public void focusPeople() {
    panel.focusList();
  }

  /** Returns how many people are here beside the person here. */
  public int others() {
    return roster.people().size();
  }

  /**
   * Returns what those call themselves who are here, by the ids under which they say to write the
   * text: as they say, which nobody has proved. Who does not say it is left out, as is an id that
   * two claim, or the one of the person here. The names are fit to be shown, and may be equal.
   */
  public Map<ReplicaId, String> namesByReplica() {
    Map<ReplicaId, String> names = roster.namesByReplica();
    names.remove(text.replica());
    return names;
  }

  /**
   * Has {@code listener} run whenever {@link #others} or {@link #namesByReplica} may have changed.
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Has {@code listener} told in words who has come and who has left, for those who do not see it:
   * a few seconds later, with all that came and left meanwhile, and only while that is known.
   */
  public void onNews(Consumer<String> listener) {
    newsListeners.add(listener);
  }

  /**
   * Scrolls to somebody's caret and makes it stand out for a moment. The caret here stays where it
   * is, since jumping is looking: what is typed next goes where it would have gone.
   *
   * @param participantId as {@link Participant#id} tells it
   * @return whether the person is here and has a caret in the text
   */
  public boolean jumpTo(long participantId) {
    marks = places();
    Optional<Mark> mark =
        marks.stream()
            .filter(each -> each.person().id() == participantId)
            .filter(each -> each.person().goneAtNanos() == null)
            .findFirst();
    if (mark.isEmpty() || !scrollTo(mark.get().caret())) {
      return false;
    }
    layer.flash(participantId);
    flashEnd.restart();
    return true;
  }

  /** Jumps to who stands in a row of the list. */
  private boolean jumpTo(PersonRow row) {
    return row.isYou() ? scrollTo(component.getCaretPosition()) : jumpTo(row.id());
  }

  private boolean scrollTo(int offset) {
    try {
      Rectangle2D place = component.modelToView2D(Math.min(offset, document.getLength()));
      if (place == null) {
        return false;
      }
      Rectangle wanted = place.getBounds();
      // Not at the edge, where what is around it would be out of sight.
      Rectangle sight = component.getVisibleRect();
      if (!sight.contains(wanted)) {
        wanted.grow(sight.width / 4, sight.height / 3);
      }
      component.scrollRectToVisible(wanted);
      return true;
    } catch (BadLocationException e) {
      throw new AssertionError("a caret is not within the text, offset=" + offset, e);
    }
  }

  /** Is told whenever the client has heard of somebody, or not for so long that it gives up. */
  void othersAre(List<Participant> others) {
    if (closed) {
      return;
    }
    take(others);
    if (!newsTime.isRunning()) {
      newsTime.start();
    }
  }

  private void take(List<Participant> others) {
    roster.update(others);
    runClock();
    layer.changed();
    peopleChanged();
  }

  private void statusIs(SyncStatus status) {
    if (closed) {
      return;
    }
    if (TELLING.contains(status.connection()) && status.freshness() == Freshness.FRESH) {
      if (!roster.isInTouch()) {
        roster.inTouch();
        newsTime.restart();
      }
    } else {
      roster.outOfTouch(status.sinceHeard());
    }
    layer.setInTouch(roster.isInTouch());
    showPeople();
  }

  /** Time passes for nobody where nobody is seen. */
  private void runClock() {
    if (roster.isEmpty() && !panel.isShowing()) {
      clock.stop();
    } else if (!clock.isRunning()) {
      clock.start();
    }
  }

  private void peopleChanged() {
    showPeople();
    listeners.forEach(Runnable::run);
  }

  /** Who is not heard of has not left: that is told when somebody can tell. */
  void tellNews() {
    if (!roster.isInTouch()) {
      return;
    }
    // Of those last heard, who was not heard again by now has left meanwhile.
    take(text.presence().others());
    String words = news.since(roster.people());
    if (!words.isEmpty()) {
      newsListeners.forEach(listener -> listener.accept(words));
    }
  }

  /** Flags leave, people fade, and how long they were idle is told in other words. */
  void timePassed() {
    if (roster.forgetFaded()) {
      layer.changed();
    }
    layer.update();
    showPeople();
    runClock();
  }

  /** Nothing is told to a list that nobody sees. */
  private void showPeople() {
    if (panel.isShowing()) {
      panel.tellNameShared(roster.isOwnNameShared());
      panel.show(
          PersonRow.of(ownName, component.getCaretPosition(), roster, places(), document),
          lastHeard(),
          slowLink);
    }
  }

  /** Returns until when the others were heard, in words; nothing while they are. */
  String lastHeard() {
    if (roster.isInTouch()) {
      return "";
    }
    return roster.wasHeard() ? IdleWords.lastHeard(roster.age()) : IdleWords.NEVER_HEARD;
  }

  private void panelShownOrHidden(HierarchyEvent event) {
    if ((event.getChangeFlags() & HierarchyEvent.SHOWING_CHANGED) != 0 && !closed) {
      runClock();
      showPeople();
    }
  }

  /** Returns where others are; where they were last, while the document does not show all. */
  private List<Mark> places() {
    if (roster.isEmpty()) {
      marks = List.of();
    } else {
      @Nullable List<Mark> now =
          text.read(shared -> binding.showsAll() ? roster.marks(shared, binding::toOffset) : null);
      marks = now == null ? marks : now;
    }
    return marks;
  }

  PresenceLayer layer() {
    return layer;
  }

  CaretSender sender() {
    return sender;
  }

  List<Mark> marks() {
    return places();
  }

  /** Shows nobody any more, and the person here to nobody. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    subscription.close();
    statusSubscription.close();
    clock.stop();
    flashEnd.stop();
    newsTime.stop();
    document.removeDocumentListener(edits);
    component.removePropertyChangeListener(look);
    panel.removeHierarchyListener(shown);
    sender.close();
    layer.close();
    text.presence().hide();
  }

  private static void onEventThread(Runnable action) {
    if (SwingUtilities.isEventDispatchThread()) {
      action.run();
    } else {
      SwingUtilities.invokeLater(action);
    }
  }

  /** Notices that places in the text have moved, whoever edits. */
  private final class Edits implements DocumentListener {
    @Override
    public void insertUpdate(DocumentEvent event) {
      changed();
    }

    @Override
    public void removeUpdate(DocumentEvent event) {
      changed();
    }

    @Override
    public void changedUpdate(DocumentEvent event) {
      changed();
    }

    private void changed() {
      if (!roster.isEmpty()) {
        layer.changed();
      }
    }
  }
}
