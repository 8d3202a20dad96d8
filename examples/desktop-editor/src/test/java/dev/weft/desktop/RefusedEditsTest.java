package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusedEditsTest {
  private final TextDocument others = TextDocument.create(new ReplicaId(1));
  private final TextDocument own = TextDocument.create(new ReplicaId(2));

  @BeforeEach
  void begin() throws MalformedUpdateException {
    others.insert(0, "What the others wrote.");
    var unused = own.apply(others.changesSince(VersionVector.EMPTY));
    own.insert(0, "Sent. ");
  }

  @FunctionalInterface
  private interface Edit {
    void make() throws MalformedUpdateException;
  }

  /** Refuses what is done, and has both write on. */
  private String refused(Edit edit) throws MalformedUpdateException {
    return refused(edit, "read-only");
  }

  private String refused(Edit edit, String code) throws MalformedUpdateException {
    VersionVector before = own.version().merge(others.version());
    edit.make();
    byte[] update = own.diff(before, own.version());
    own.insert(own.length(), " Written later.");
    others.insert(others.length(), " And written meanwhile.");
    var unused = own.apply(others.changesSince(VersionVector.EMPTY));
    DeadLetter letter =
        new DeadLetter(1, new DocumentId("notes"), code, "You may not.", Instant.EPOCH, update);
    return RefusedEdits.inWords(own, List.of(letter)).get(0);
  }

  @Test
  void shouldTellWhatWasWrittenAndNothingElse() throws MalformedUpdateException {
    assertThat(refused(() -> own.insert(6, "Refused. "))).isEqualTo("You wrote: Refused. ");
  }

  @Test
  void shouldTellHowMuchWasDeleted() throws MalformedUpdateException {
    assertThat(refused(() -> own.delete(6, 10))).isEqualTo("You deleted 4 characters.");
    assertThat(refused(() -> own.delete(0, 1))).isEqualTo("You deleted 1 character.");
  }

  /** What is written once others were heard is a change of its own. */
  @Test
  void shouldTellAllOfSeveralChanges() throws MalformedUpdateException {
    others.insert(others.length(), " Theirs.");
    String words =
        refused(
            () -> {
              own.delete(10, 14);
              own.insert(6, "First. ");
              var unused = own.apply(others.changesSince(own.version()));
              own.delete(0, 1);
              own.insert(own.length(), " Last.");
            });

    assertThat(words).isEqualTo("You wrote: First.  ...  Last.\nand deleted 5 characters.");
  }

  @Test
  void shouldTellThatNothingIsLeftOfWhatWasTakenBack() throws MalformedUpdateException {
    String words =
        refused(
            () -> {
              own.insert(6, "Never mind.");
              own.delete(6, 17);
            });

    assertThat(words).isEqualTo("It changes nothing in the text.");
  }

  @Test
  void shouldTellWhatTookThePlaceOfWhat() throws MalformedUpdateException {
    String words =
        refused(
            () ->
                own.transact(
                    () -> {
                      own.replace(6, 10, "That which");
                      own.insert(0, "First: ");
                    }));

    assertThat(words).isEqualTo("You wrote: First:  ... That which\nand deleted 4 characters.");
  }

  @Test
  void shouldTellTheBeginningOfMuchAndPartNoCharacter() throws MalformedUpdateException {
    String much = "x".repeat(399) + "\uD83D\uDE00".repeat(10);

    assertThat(refused(() -> own.insert(6, much)))
        .isEqualTo("You wrote: " + "x".repeat(399) + "... (419 characters in all)");
    assertThat(refused(() -> own.insert(6, "y".repeat(400))))
        .isEqualTo("You wrote: " + "y".repeat(400));
  }

  @Test
  void shouldTellWhereItIsThatIsInNoDocument() throws MalformedUpdateException {
    assertThat(refused(() -> own.insert(6, "Lost. "), DeadLetter.LEFT_OUT))
        .contains("in no document here")
        .contains("weft dead-letters export");
  }
}
