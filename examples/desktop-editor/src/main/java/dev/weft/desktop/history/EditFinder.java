package dev.weft.desktop.history;

import dev.weft.crdt.HistoryRun;
import dev.weft.crdt.NamedVersion;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the events of a history, one after the other, which belong to one edit. Confined to one
 * thread. O(events), and what {@link TextSoFar} takes to go from place to place.
 *
 * <p>Of one author, and with nobody else's between, these are one edit:
 *
 * <ol>
 *   <li>what is inserted where the last insertion ended;
 *   <li>what is deleted where the last deletion was;
 *   <li>what is inserted where something was deleted just before, unless it is the same text: that
 *       takes the deletion back, as an undo does, and is an edit of its own, in whatever pieces and
 *       on whichever side of what was written instead;
 *   <li>such replacements as put the same text in one place after the other, from the end of the
 *       text to its beginning or the other way, as replacing all does and its undo.
 * </ol>
 *
 * <p>All else begins another edit: what is elsewhere, and what is deleted after something was
 * inserted. A history has neither times nor transactions by which more could be told. So what takes
 * a part of a deletion back is taken for writing over, and two undos in one place for one.
 */
final class EditFinder {
  private static final int NOWHERE = -1;

  private final long first;

  /** By author the sequence numbers of the events that name versions. */
  private final Map<ReplicaId, NavigableSet<Long>> names = new HashMap<>();

  private long[] ends = new long[16];
  private int count;

  /** After how many events this is. */
  private long events;

  /** Who made the edit under way; null if the next event begins another, whoever makes it. */
  private @Nullable ReplicaId author;

  /** What was deleted last, and inserted after it, in the edit under way; see {@link #NOWHERE}. */
  private int deletedAt = NOWHERE;

  private int insertedTo = NOWHERE;

  /** What the edit under way deleted in one place, in the order of the text. */
  private final Deque<String> deleted = new ArrayDeque<>();

  private int deletedLength;

  /** After how many events it had deleted that. */
  private long eventsWhenDeleted;

  /** What it inserted in that place since. */
  private final StringBuilder insertedInstead = new StringBuilder();

  /** What the edit under way has put in the place of something else; null if it is none such. */
  private @Nullable String replacement;

  /** What the edit before put in the place of something, if this one may go on with it. */
  private @Nullable String replacedBefore;

  /** Which way the replacements of the edit under way go: 1 to the end, -1, or 0 for one alone. */
  private int direction;

  private int directionBefore;
  private final TextSoFar text = new TextSoFar();

  EditFinder(TextDocument document) {
    first = document.historyBase().eventsSince(VersionVector.EMPTY);
    events = first;
    if (first > 0) {
      String unused = text.make(new Edit(0, 0, document.textAt(document.historyBase())));
    }
    for (NamedVersion named : document.namedVersions()) {
      names
          .computeIfAbsent(named.author(), author -> new TreeSet<>())
          .add(named.version().next(named.author()));
    }
  }

  /** Returns what was found. */
  Edits found() {
    return new Edits(first, Arrays.copyOf(ends, count));
  }

  /** Takes the next run. */
  void take(HistoryRun run) {
    NavigableSet<Long> named =
        names
            .getOrDefault(run.author(), Collections.emptyNavigableSet())
            .subSet(run.start(), true, run.end(), false);
    run.arrived().forEach(text::make);
    if (run.author().equals(author)) {
      deletedAt = moved(deletedAt, run.arrived());
      insertedTo = moved(insertedTo, run.arrived());
    } else {
      end();
    }
    long unseen = run.end() - run.start() - unitsOf(run.edits()) - named.size();
    if (unseen != 0) {
      // What takes back one of several deletions of a text changes nothing that is seen.
      end();
      begin();
      run.edits().forEach(text::make);
      events += run.end() - run.start();
      end();
      return;
    }
    long sequence = takeNames(named, run.start());
    for (Edit edit : run.edits()) {
      take(run.author(), edit);
      sequence += unitsOf(edit);
      sequence = takeNames(named, sequence);
    }
  }

  private void take(ReplicaId by, Edit edit) {
    String gone = text.make(edit);
    if (edit.inserted().isEmpty()) {
      takeDeletion(edit, gone);
    } else {
      takeInsertion(edit);
    }
    author = by;
  }

  private void takeDeletion(Edit edit, String gone) {
    if (goesOnDeleting(edit)) {
      if (edit.index() == deletedAt) {
        deleted.addLast(gone);
      } else {
        deleted.addFirst(gone);
      }
    } else {
      String before = replacement;
      int way = directionFrom(insertedTo, before, edit);
      boolean mayGoOn = way != 0 && way != -direction;
      end();
      begin();
      if (mayGoOn) {
        replacedBefore = before;
        directionBefore = way;
      }
      deleted.add(gone);
    }
    deletedLength += gone.length();
    deletedAt = edit.index();
    count(edit);
    eventsWhenDeleted = events;
  }

  /** Returns on which side of a replacement something is deleted; 0 if it is not beside it. */
  private static int directionFrom(int end, @Nullable String replacement, Edit edit) {
    if (replacement == null || end == NOWHERE) {
      return 0;
    }
    if (edit.index() >= end) {
      return 1;
    }
    return edit.index() + edit.deletedLength() <= end - replacement.length() ? -1 : 0;
  }

  private void takeInsertion(Edit edit) {
    if (!goesOnInserting(edit) || insertedAgainBehind(edit)) {
      end();
      begin();
    }
    boolean replaces = edit.index() == deletedAt;
    insertedTo = edit.index() + edit.inserted().length();
    deletedAt = NOWHERE;
    count(edit);
    replacement = null;
    if (deletedLength > 0) {
      insertedInstead.append(edit.inserted());
      if (isDeleted(insertedInstead)) {
        ends[count - 1] = eventsWhenDeleted;
        begin();
        forgetDeletion();
      } else if (replaces) {
        replacement = edit.inserted();
        goOnReplacing();
      }
    }
    replacedBefore = null;
  }

  /** If the edit before put the same text elsewhere, the deletion began no edit of its own. */
  private void goOnReplacing() {
    if (replacement != null && replacement.equals(replacedBefore)) {
      count--;
      ends[count - 1] = events;
      direction = directionBefore;
    }
  }

  /** Returns whether what was deleted comes again after something else took its place. */
  private boolean insertedAgainBehind(Edit edit) {
    return !insertedInstead.isEmpty() && isDeleted(edit.inserted());
  }

  /** Returns whether a text is that which the edit under way deleted. */
  private boolean isDeleted(CharSequence inserted) {
    return inserted.length() == deletedLength && String.join("", deleted).contentEquals(inserted);
  }

  private void forgetDeletion() {
    deleted.clear();
    deletedLength = 0;
    insertedInstead.setLength(0);
  }

  private void count(Edit edit) {
    events += unitsOf(edit);
    ends[count - 1] = events;
  }

  private boolean goesOnInserting(Edit edit) {
    return author != null && (edit.index() == insertedTo || edit.index() == deletedAt);
  }

  private boolean goesOnDeleting(Edit edit) {
    return author != null
        && deletedAt != NOWHERE
        && (edit.index() == deletedAt || edit.index() + edit.deletedLength() == deletedAt);
  }

  private void begin() {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = events;
  }

  /** Ends the edit under way, if there is one. */
  private void end() {
    if (count > 0) {
      ends[count - 1] = events;
    }
    author = null;
    deletedAt = NOWHERE;
    insertedTo = NOWHERE;
    replacement = null;
    replacedBefore = null;
    direction = 0;
    forgetDeletion();
  }

  /** Whoever names a version has ended the edit before: the name is counted with it. */
  private long takeNames(NavigableSet<Long> named, long sequence) {
    long next = sequence;
    while (named.contains(next)) {
      next++;
      events++;
    }
    if (next > sequence) {
      if (count == 0) {
        begin();
      }
      end();
    }
    return next;
  }

  private static long unitsOf(List<Edit> edits) {
    return edits.stream().mapToLong(EditFinder::unitsOf).sum();
  }

  private static long unitsOf(Edit edit) {
    return (long) edit.deletedLength() + edit.inserted().length();
  }

  /** Returns where a place is after edits by others; nowhere if it was among what they deleted. */
  private static int moved(int place, List<Edit> edits) {
    int now = place;
    for (Edit edit : edits) {
      if (now == NOWHERE || edit.index() >= now) {
        continue;
      }
      now =
          edit.index() + edit.deletedLength() > now
              ? NOWHERE
              : now + edit.inserted().length() - edit.deletedLength();
    }
    return now;
  }
}
