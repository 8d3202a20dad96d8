package dev.weft.lab.day;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.FaultyProxy;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.day.ClientRun.Keystroke;
import dev.weft.lab.day.Line.Kind;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.PendingSave;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inquest finds what is broken: each promise, broken by hand, is named and no other. */
class InquestTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final ReplicaId ANN = new ReplicaId(7);

  @TempDir Path directory;

  private Relay relay;
  private Person person;
  private ClientRun run;
  private Line shown;

  @BeforeEach
  void leaveEverythingWell() throws IOException {
    relay = new Relay(directory.resolve("relay"), directory);
    Files.createFile(relay.log());
    person =
        new Person("ann", NOTES, directory.resolve("ann"), directory, new FaultyProxy(1, 1), 1);
    run = new ClientRun();
    person.runs().add(run);
    TextDocument text = TextDocument.create(ANN);
    text.insert(0, "text");
    for (Path store : List.of(relay.store(), person.store())) {
      append(store, text);
    }
    run.receipts.add(text.version());
    shown =
        Line.of(Kind.STATE)
            .with("connection", "LIVE")
            .with("freshness", "FRESH")
            .with("saves", "SAVED")
            .with("degradations", "[]")
            .with("says", "live")
            .with("unstored", 0)
            .with("unanswered", 0)
            .with("text", "text");
  }

  private static void append(Path directory, TextDocument text) throws IOException {
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new SecureRandom())) {
      List<Change> changes = Change.parse(text.changesSince(VersionVector.EMPTY));
      VersionVector unused = store.append(NOTES, changes, Durability.WRITTEN);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    person.close();
  }

  private List<String> broken(String... failures) throws IOException {
    return new Inquest(relay, List.of(person), Map.of("ann", shown), List.of(failures))
        .hold().stream().filter(verdict -> !verdict.kept()).map(Verdict::promise).toList();
  }

  @Test
  void shouldFindNothingWhereAllIsWell() throws IOException {
    assertThat(broken()).isEmpty();
  }

  @Test
  void shouldFindReceiptOfWhatRelayHasNot() throws IOException {
    run.receipts.add(VersionVector.of(ANN, 99));

    assertThat(broken()).containsExactly("What a receipt named is in the relay's store");
  }

  @Test
  void shouldFindWhatStoreHeldAndRelayHasNot() throws IOException {
    run.killed = true;
    run.held = VersionVector.of(ANN, 99);

    assertThat(broken()).containsExactly("Nothing that a client's store held is missing");
  }

  @Test
  void shouldFindMissingKeystrokeOfProcessThatLived() throws IOException {
    run.keystrokes.add(new Keystroke(0, ANN, 99, true, 1));

    assertThat(broken())
        .containsExactly("No keystroke is missing but the last of a process that was killed");
  }

  @Test
  void shouldForgiveKeystrokeThatDiedWithItsProcess() throws IOException {
    run.killed = true;
    run.keystrokes.add(new Keystroke(0, ANN, 99, true, 1));

    assertThat(broken()).isEmpty();
  }

  @Test
  void shouldFindTextThatLogDoesNotGive() throws IOException {
    shown.with("text", "texts");

    assertThat(broken())
        .containsExactly(
            "It is the text that the relay's log gives, with and without its snapshot");
  }

  @Test
  void shouldFindSaveThatWaits() throws IOException {
    try (SqliteChangeStore store = SqliteChangeStore.open(person.store(), new SecureRandom())) {
      store.putPendingSave(NOTES, new PendingSave("save", VersionVector.of(ANN, 1), 1));
    }

    assertThat(broken()).containsExactly("No save waits any more");
  }

  @Test
  void shouldFindStatusThatIsNotWell() throws IOException {
    shown.with("saves", "UNSAVED");

    assertThat(broken()).containsExactly("In the end everybody is live, fresh and saved");
  }

  @Test
  void shouldFindFailureOfProcess() throws IOException {
    Files.writeString(relay.log(), "12:00:00.000 ERROR it broke\n");

    assertThat(broken("something").get(0)).startsWith("Every process started");
  }
}
