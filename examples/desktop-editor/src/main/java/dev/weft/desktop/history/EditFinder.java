package dev.weft.desktop.history;

import dev.weft.crdt.HistoryRun;
import dev.weft.crdt.NamedVersion;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the events of a history, one after the other, which belong to one edit. Confined to one
 * thread.
 *
 * <p>Of one author, and with nobody else's between, it is one edit what is inserted where the last
 * insertion ended, what is deleted where the last deletion was, and what is inserted where
 * something was deleted just before; and of such replacements those that put the same text
 * elsewhere, as replacing all does. A history has neither times nor transactions by which more
 * could be told.
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

  /** What the edit under way has put in the place of something else; null if it is none such. */
  private @Nullable String replacement;

  /** What the edit before put in the place of something, if this one may go on with it. */
  private @Nullable String replacedBefore;

  EditFinder(TextDocument document) {
    first = document.historyBase().eventsSince(VersionVector.EMPTY);
    events = first;
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
    boolean inserts = !edit.inserted().isEmpty();
    if (!(inserts ? goesOnInserting(edit) : goesOnDeleting(edit))) {
      String before = replacement;
      end();
      begin();
      replacedBefore = inserts ? null : before;
    }
    author = by;
    if (inserts) {
      replacement = deletedAt == edit.index() && insertedTo == NOWHERE ? edit.inserted() : null;
      if (replacement != null && replacement.equals(replacedBefore)) {
        // The deletion began no edit of its own, but went on replacing.
        count--;
      }
      replacedBefore = null;
      insertedTo = edit.index() + edit.inserted().length();
      deletedAt = NOWHERE;
    } else {
      deletedAt = edit.index();
      insertedTo = NOWHERE;
    }
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
