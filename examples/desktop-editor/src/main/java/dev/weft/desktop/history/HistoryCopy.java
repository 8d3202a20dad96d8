package dev.weft.desktop.history;

import dev.weft.client.SharedText;
import dev.weft.crdt.AuthorRun;
import dev.weft.crdt.EventRange;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.NamedVersion;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextHistory;
import dev.weft.crdt.VersionVector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.swing.text.BadLocationException;
import javax.swing.text.PlainDocument;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a shared text, in which one goes back and forth while the text itself is written: of
 * the text's lock it takes only what copying takes, array by array. Belongs to one thread, which is
 * not the event dispatch thread.
 */
final class HistoryCopy {
  /** From here on Swing takes another document faster than each edit of the one shown. */
  private static final int MANY_EDITS = 200;

  /** Of more names than anybody reads the last are shown. */
  private static final int MOST_MARKS = 500;

  private final TextDocument copy;
  private final TextHistory history;
  private long shown;
  private boolean everShown;

  private HistoryCopy(TextDocument copy) {
    this.copy = copy;
    history = copy.history();
    shown = history.eventCount();
  }

  /** Copies a text as it is now. O(what it holds). */
  static HistoryCopy of(SharedText text) {
    // Nothing is ever written in the copy: the id is for the form.
    ReplicaId nobody = ReplicaId.random(new SecureRandom());
    return new HistoryCopy(text.read(document -> document.fork(nobody)));
  }

  /** Returns a copy of this copy, for another thread. O(what it holds). */
  TextDocument apart() {
    return copy.fork(ReplicaId.random(new SecureRandom()));
  }

  /** Takes in what was written since. O(that). */
  void refresh(SharedText text) {
    byte[] since = text.read(document -> document.changesSince(copy.version()));
    try {
      var unused = copy.apply(since);
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "the text's own changes cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the version of the text that this is a copy of. */
  VersionVector version() {
    return copy.version();
  }

  /** Returns how many events came before the history that is known. */
  long first() {
    return copy.historyBase().eventsSince(VersionVector.EMPTY);
  }

  /** Returns how many events there are. */
  long last() {
    return history.eventCount();
  }

  /** Returns who has written. */
  List<ReplicaId> replicas() {
    return copy.version().replicas();
  }

  /** Returns the versions that have names, in the order in which they were given. */
  List<Mark> marks() {
    List<NamedVersion> named = copy.namedVersions();
    List<Mark> marks = new ArrayList<>();
    for (NamedVersion version :
        named.subList(Math.max(0, named.size() - MOST_MARKS), named.size())) {
      marks.add(new Mark(version, eventsOf(version.version())));
    }
    return marks;
  }

  /** Returns after how many events all of a version had come here. */
  private long eventsOf(VersionVector version) {
    long low = first();
    long high = last();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (history.versionAfter(middle).includes(version)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Goes to where the first so many events had come. O(what was done between there and here + the
   * text's spans).
   */
  Moment moveTo(long events) {
    long within = Math.max(first(), Math.min(last(), events));
    if (within > first() && history.versionAfter(within).equals(history.versionAfter(within - 1))) {
      // Between the halves of a character nothing changes: one goes on the way one came.
      within += within > shown ? 1 : -1;
    }
    return moveTo(within, history.versionAfter(within));
  }

  /** Goes to a version that has a name. */
  Moment moveTo(Mark mark) {
    return moveTo(mark.events(), mark.named().version());
  }

  private Moment moveTo(long events, VersionVector version) {
    List<TextChange.Edit> edits = history.moveTo(version);
    @Nullable PlainDocument whole =
        edits.size() > MANY_EDITS || !everShown ? whole(history.text()) : null;
    shown = events;
    everShown = true;
    List<AuthorRun> authors = history.authors(0, history.length());
    Map<ReplicaId, Long> units = new HashMap<>();
    for (AuthorRun run : authors) {
      units.merge(run.author(), (long) run.end() - run.start(), Long::sum);
    }
    return new Moment(
        events,
        version,
        whole == null ? edits : List.of(),
        whole,
        authors,
        units,
        changedBy(events));
  }

  private static PlainDocument whole(String text) {
    PlainDocument whole = new PlainDocument();
    try {
      whole.insertString(0, text, null);
    } catch (BadLocationException e) {
      throw new AssertionError("every text has a beginning", e);
    }
    return whole;
  }

  private @Nullable ReplicaId changedBy(long events) {
    VersionVector version = history.versionAfter(events);
    for (long before = events - 1; before >= first() && before >= events - 2; before--) {
      List<EventRange> last = version.subtract(history.versionAfter(before));
      if (!last.isEmpty()) {
        return last.get(0).replica();
      }
    }
    return null;
  }
}
