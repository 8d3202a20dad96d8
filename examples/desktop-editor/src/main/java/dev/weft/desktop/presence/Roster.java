package dev.weft.desktop.presence;

import dev.weft.client.Participant;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Selection;
import dev.weft.crdt.TextDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who else is here, and where, as last heard. Confined to the event dispatch thread. */
final class Roster {
  /** Of more people, the first to come are drawn in the text. */
  static final int MOST_DRAWN = 64;

  /** Of more carets that one person has, the first are drawn. */
  private static final int MOST_CARETS_EACH = 4;

  /** As many as a client knows of; a hostile relay could have us keep ever more. */
  private static final int MOST_KEPT = 1_000;

  private final LongSupplier ticker;
  private final ToldApart toldApart = new ToldApart();
  private List<Person> people = List.of();
  private List<Person> gone = List.of();

  private boolean inTouch = true;

  /** Until when others were heard; null while they are, and where nobody ever was. */
  private @Nullable Long lastHeardNanos;

  /**
   * Creates a roster of nobody.
   *
   * @param ticker the monotonic clock, in nanoseconds from any origin
   */
  Roster(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /**
   * Takes over who is here now. While nobody tells who is, those stay whom the client gives up,
   * since it has not heard of them for long.
   */
  void update(List<Participant> participants) {
    Map<Long, Person> before = new HashMap<>();
    people.forEach(person -> before.put(person.id(), person));
    long now = ticker.getAsLong();
    List<Person> updated = new ArrayList<>(participants.size());
    for (Participant each : participants) {
      Person known = before.get(each.id());
      updated.add(known != null && known.participant() == each ? known : Person.of(each, now));
      before.remove(each.id());
    }
    if (!inTouch) {
      updated = withLastHeard(updated);
      before.clear();
    }
    people = toldApart.of(updated);
    Stream<Person> goneBefore = gone.stream().filter(each -> !isHere(each.id()));
    Stream<Person> goneNow = before.values().stream().map(each -> each.gone(now));
    gone = Stream.concat(goneNow, goneBefore).limit(MOST_DRAWN).toList();
  }

  /** Returns all who were here before, as they are now or were last, and then those who came. */
  private List<Person> withLastHeard(List<Person> updated) {
    Map<Long, Person> all = new LinkedHashMap<>();
    people.forEach(person -> all.put(person.id(), person));
    updated.forEach(person -> all.put(person.id(), person));
    return all.values().stream().limit(MOST_KEPT).toList();
  }

  /**
   * Returns what those here who say under which ids they write chose to be called. An id that two
   * claim is left out: one of them is not who writes under it.
   */
  Map<ReplicaId, String> namesByReplica() {
    Map<ReplicaId, String> names = new HashMap<>();
    Set<ReplicaId> claimedTwice = new HashSet<>();
    for (Person person : people) {
      person
          .writesAs()
          .filter(replica -> names.putIfAbsent(replica, person.chosenName()) != null)
          .ifPresent(claimedTwice::add);
    }
    names.keySet().removeAll(claimedTwice);
    return names;
  }

  /** Leaves a name and a color to the person here. */
  void ownIs(String name, int color) {
    toldApart.ownIs(name, color);
    people = toldApart.of(people);
  }

  /** Returns whether somebody else here chose the same name as the person here. */
  boolean isOwnNameShared() {
    return toldApart.isOwnNameShared();
  }

  private boolean isHere(long id) {
    return people.stream().anyMatch(each -> each.id() == id);
  }

  /** Returns whether nobody is here, nor has just gone. */
  boolean isEmpty() {
    return people.isEmpty() && gone.isEmpty();
  }

  /** Forgets who went long enough ago, and returns whether there was anybody. */
  boolean forgetFaded() {
    long now = ticker.getAsLong();
    List<Person> still = gone.stream().filter(each -> !each.hasFaded(now)).toList();
    boolean fewer = still.size() < gone.size();
    gone = still;
    return fewer;
  }

  /** Nobody tells any more who is where: it is as it was so long ago; null if nobody ever told. */
  void outOfTouch(@Nullable Duration ago) {
    inTouch = false;
    if (lastHeardNanos == null && ago != null) {
      lastHeardNanos = ticker.getAsLong() - ago.toNanos();
    }
  }

  /** It is told again who is where. */
  void inTouch() {
    inTouch = true;
    lastHeardNanos = null;
  }

  boolean isInTouch() {
    return inTouch;
  }

  /** Returns whether it was ever told who is where. */
  boolean wasHeard() {
    return inTouch || lastHeardNanos != null;
  }

  /** Returns how long ago it was as it is told here; nothing while that is now. */
  Duration age() {
    return lastHeardNanos == null
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, ticker.getAsLong() - lastHeardNanos));
  }

  /** Returns how long somebody had not moved when others were heard last. */
  Duration idleFor(Person person) {
    return person.idleFor(lastHeardNanos == null ? ticker.getAsLong() : lastHeardNanos);
  }

  /** Returns all who are here, in the order in which they came. */
  List<Person> people() {
    return people;
  }

  /**
   * Returns where the people are in a text, and where those were who have just gone. O(their carets
   * x log spans), for {@value #MOST_DRAWN} people at most.
   *
   * @param toOffset which offset to show for an index of the text
   */
  List<Mark> marks(TextDocument document, IntUnaryOperator toOffset) {
    List<Mark> marks = new ArrayList<>();
    List<Person> drawn = Stream.concat(people.stream(), gone.stream()).limit(MOST_DRAWN).toList();
    for (Person person : drawn) {
      List<Selection> selections = person.participant().selections(document);
      for (int i = 0; i < Math.min(MOST_CARETS_EACH, selections.size()); i++) {
        Selection selection = selections.get(i);
        marks.add(
            new Mark(
                person,
                toOffset.applyAsInt(selection.mark()),
                toOffset.applyAsInt(selection.caret())));
      }
    }
    return marks;
  }
}
