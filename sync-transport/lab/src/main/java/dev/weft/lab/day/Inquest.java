package dev.weft.lab.day;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.day.ClientRun.Keystroke;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoredDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Checks every promise on the stores that are left, once all processes have ended, and on what the
 * clients showed last. Confined to a thread.
 */
final class Inquest {
  private static final Set<String> POLLING_AT_MOST = Set.of("[]", "[" + Degradation.POLLING + "]");

  private static final ReplicaId READER = new ReplicaId(0);

  private final Relay relay;
  private final Collection<Person> people;
  private final Map<String, Line> shown;
  private final List<String> failures;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<DocumentId, VersionVector> durable = new TreeMap<>(Inquest::compare);
  private final Map<DocumentId, String> rebuilt = new TreeMap<>(Inquest::compare);

  /**
   * Prepares to check.
   *
   * @param shown what each client showed last, by its person
   * @param failures what could not be done, or did not end as it should
   */
  Inquest(Relay relay, Collection<Person> people, Map<String, Line> shown, List<String> failures) {
    this.relay = relay;
    this.people = people;
    this.shown = shown;
    this.failures = failures;
  }

  private static int compare(DocumentId a, DocumentId b) {
    return a.value().compareTo(b.value());
  }

  /** Checks everything. */
  List<Verdict> hold() throws IOException {
    try (SqliteChangeStore store = SqliteChangeStore.open(relay.store(), new SecureRandom())) {
      for (Person person : people) {
        durable.put(person.document(), store.version(person.document()));
        rebuilt.put(person.document(), rebuild(store, person.document()));
      }
      checkReceipts();
      checkTexts(store);
      checkHeld();
      checkKeystrokes();
    }
    checkStores();
    checkStatus();
    checkProcesses();
    return verdicts;
  }

  /** Returns the text that follows from the log alone, without a snapshot. */
  private static String rebuild(ChangeStore store, DocumentId document) {
    TextDocument text = TextDocument.create(READER);
    try {
      List<Change> log = store.readSince(document, VersionVector.EMPTY);
      if (!log.isEmpty() && !text.apply(Change.combine(log)).isComplete()) {
        return "the relay's log of " + document.value() + " lacks something";
      }
    } catch (MalformedUpdateException e) {
      return "the relay's log of " + document.value() + " cannot be read: " + e;
    }
    return text.text();
  }

  /** Returns what the relay's store holds of each document. */
  Map<DocumentId, VersionVector> durable() {
    return durable;
  }

  private VersionVector durable(Person person) {
    return durable.getOrDefault(person.document(), VersionVector.EMPTY);
  }

  private void checkReceipts() {
    List<String> broken = new ArrayList<>();
    int count = 0;
    for (Person person : people) {
      for (ClientRun run : person.runs()) {
        for (VersionVector receipt : run.receipts) {
          count++;
          if (!durable(person).includes(receipt)) {
            broken.add(person.name() + " was given a receipt of [" + receipt + "]");
          }
        }
      }
    }
    if (count == 0) {
      broken.add("there is no receipt at all");
    }
    note("What a receipt named is in the relay's store", broken, count + " receipts");
  }

  private void checkTexts(ChangeStore store) {
    List<String> different = new ArrayList<>();
    List<String> notRebuilt = new ArrayList<>();
    for (Person person : people) {
      String text = text(person);
      String first =
          people.stream()
              .filter(other -> other.document().equals(person.document()))
              .map(this::text)
              .findFirst()
              .orElse("");
      if (!text.equals(first)) {
        different.add(person.name() + " shows " + text.length() + " of " + first.length());
      }
      String loaded = StoredDocument.load(store, person.document(), READER).text().text();
      if (!text.equals(rebuilt.get(person.document())) || !text.equals(loaded)) {
        notRebuilt.add(person.name() + " shows another text than the relay's log gives");
      }
    }
    List<String> lengths = new ArrayList<>();
    rebuilt.forEach(
        (document, text) -> lengths.add(document.value() + ": " + text.length() + " units"));
    note("All who have a document open show the same", different, String.join(", ", lengths));
    note(
        "It is the text that the relay's log gives, with and without its snapshot",
        notRebuilt,
        rebuilt.size() + " logs");
  }

  private String text(Person person) {
    Line line = shown.get(person.name());
    return line == null ? "(" + person.name() + " did not answer)" : line.text("text");
  }

  private void checkHeld() {
    List<String> missing = new ArrayList<>();
    long looks = 0;
    for (Person person : people) {
      looks += person.runs().stream().filter(run -> run.killed).count();
      if (!durable(person).includes(person.held())) {
        missing.add(
            person.name() + "'s store held " + person.held().subtract(durable(person)) + " more");
      }
    }
    note(
        "Nothing that a client's store held is missing",
        missing,
        looks + " stores looked into after a kill, and all that was said to be stored");
  }

  /** What is missing must have died in a process, before its store had it. */
  private void checkKeystrokes() {
    List<String> broken = new ArrayList<>();
    long typed = 0;
    long died = 0;
    long oldestMicros = 0;
    for (Person person : people) {
      for (ClientRun run : person.runs()) {
        for (Keystroke each : run.keystrokes) {
          typed++;
          if (durable(person).next(each.replica()) >= each.next()) {
            continue;
          }
          if (run.killed) {
            died++;
            oldestMicros = Math.max(oldestMicros, run.endedMicros - each.atMicros());
          } else {
            broken.add(person.name() + "'s event " + each.next() + " of " + each.replica());
          }
        }
      }
    }
    note(
        "No keystroke is missing but the last of a process that was killed",
        broken,
        String.format("%,d keystrokes; ", typed)
            + (died == 0 ? "none is missing" : dead(died, oldestMicros)));
  }

  private static String dead(long count, long oldestMicros) {
    return String.format(
        "%d died with their process, the oldest %d ms before the kill",
        count, oldestMicros / 1_000);
  }

  private void checkStores() {
    List<String> waiting = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    for (Person person : people) {
      try (SqliteChangeStore store = SqliteChangeStore.open(person.store(), new SecureRandom())) {
        int saves = store.pendingSaves(person.document()).size();
        if (saves > 0) {
          waiting.add(saves + " in " + person.name() + "'s store");
        }
        if (!store.version(person.document()).equals(durable(person))) {
          behind.add(person.name() + "'s store holds [" + store.version(person.document()) + "]");
        }
        int letters = store.deadLetters(person.document()).size();
        if (letters > 0) {
          behind.add(person.name() + " has " + letters + " dead letters");
        }
      }
      Line line = shown.get(person.name());
      if (line == null || line.number("unanswered") > 0) {
        waiting.add(person.name() + " waits for an answer");
      }
    }
    note("No save waits any more", waiting, people.size() + " stores, and what was asked last");
    note(
        "Every client's store holds what the relay's does, and no dead letter",
        behind,
        people.size() + " stores");
  }

  private void checkStatus() {
    List<String> not = new ArrayList<>();
    for (Person person : people) {
      Line line = shown.get(person.name());
      if (line == null || !isWell(line)) {
        not.add(person.name() + ": " + (line == null ? "no answer" : line.text("says")));
      }
    }
    note("In the end everybody is live, fresh and saved", not, people.size() + " clients");
  }

  /** Returns whether a client shows that nothing is left to do; it may still poll. */
  static boolean isWell(Line state) {
    return state.text("connection").equals(Connection.LIVE.name())
        && state.text("freshness").equals(Freshness.FRESH.name())
        && state.text("saves").equals(Saves.SAVED.name())
        && POLLING_AT_MOST.contains(state.text("degradations"))
        && state.number("unstored") == 0
        && state.number("unanswered") == 0;
  }

  private void checkProcesses() throws IOException {
    List<String> broken = new ArrayList<>(failures);
    for (Person person : people) {
      for (ClientRun run : person.runs()) {
        run.faults.forEach(fault -> broken.add(person.name() + ": " + fault));
      }
    }
    try (Stream<String> log = Files.lines(relay.log(), StandardCharsets.UTF_8)) {
      log.filter(line -> line.contains(" ERROR ")).limit(5).forEach(broken::add);
    }
    note(
        "Every process started, ended and was healed as asked, threw nothing that nobody handles,"
            + " and the relay logged no error",
        broken,
        people.stream().mapToInt(person -> person.runs().size()).sum() + " starts of clients");
  }

  private void note(String promise, List<String> broken, String details) {
    verdicts.add(
        new Verdict(
            promise, broken.isEmpty(), broken.isEmpty() ? details : String.join("; ", broken)));
  }
}
