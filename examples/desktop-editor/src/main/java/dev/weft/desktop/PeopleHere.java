package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.desktop.presence.TextPresence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The people in the documents of a workspace: under which name the person here is shown to them,
 * how often, and whether their list is seen; alike in all documents. Confined to the event dispatch
 * thread.
 */
final class PeopleHere {
  private final List<Place> places = new ArrayList<>();
  private final Consumer<Map<ReplicaId, String>> heard;
  private String ownName;
  private boolean slowLink;
  private boolean listShown;
  private @Nullable Runnable rename;

  /** A document that others may have open, and where it is shown. */
  record Place(TextPresence presence, EditorPane pane) {

    /** Shows nobody any more. */
    void close() {
      presence.close();
    }
  }

  /**
   * Creates the people in no documents.
   *
   * @param heard is told what those who are here call themselves, by the ids under which they say
   *     to write
   */
  PeopleHere(String ownName, Consumer<Map<ReplicaId, String>> heard) {
    this.ownName = ownName;
    this.heard = heard;
  }

  /** Shows in a pane who else is in its document, and the others who is here. */
  Place join(EditorPane pane, SharedTextBinding binding, SharedText text, LongSupplier ticker) {
    TextPresence presence = TextPresence.install(pane.area(), binding, text, ticker);
    Place place = new Place(presence, pane);
    pane.setPeople(presence.people());
    pane.showPeople(listShown);
    presence.onChange(() -> pane.statusBar().showPeople(presence.others()));
    presence.onNews(pane.statusBar()::tellOfPeople);
    presence.onChange(() -> heard.accept(presence.namesByReplica()));
    presence.setSlowLink(slowLink);
    presence.showAs(ownName);
    if (rename != null) {
      presence.offerRename(rename);
    }
    places.add(place);
    return place;
  }

  /** Offers, in the lists of documents that are joined from now on, what asks for another name. */
  void offerRename(Runnable asking) {
    rename = asking;
  }

  void leave(Place place) {
    places.remove(place);
    place.close();
  }

  /** Returns the name under which the person here is shown. */
  String ownName() {
    return ownName;
  }

  void setOwnName(String name) {
    ownName = name;
    places.forEach(place -> place.presence.showAs(name));
  }

  boolean isSlowLink() {
    return slowLink;
  }

  void toggleSlowLink() {
    slowLink = !slowLink;
    places.forEach(place -> place.presence.setSlowLink(slowLink));
  }

  boolean isListShown() {
    return listShown;
  }

  /** Shows the list and moves the focus to it, or back to the text and hides it. */
  void toggleList(EditorTab tab) {
    listShown = !listShown;
    places.forEach(place -> place.pane.showPeople(listShown));
    if (listShown) {
      places.stream()
          .filter(place -> place.pane == tab.pane())
          .forEach(place -> place.presence.focusPeople());
    } else {
      tab.area().requestFocusInWindow();
    }
  }
}
