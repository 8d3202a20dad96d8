package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShallowSnapshotTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);
  private static final ReplicaId C = new ReplicaId(0xc);

  private final TextDocument ada = TextDocument.create(A);
  private final TextDocument ben = TextDocument.create(B);

  private TextDocument shallow(ReplicaId id) throws MalformedUpdateException {
    return TextDocument.load(id, ada.shallowSnapshot(ada.version()));
  }

  @Test
  void shouldHoldTheTextWithoutWhatWasDeleted() throws MalformedUpdateException {
    ada.insert(0, "one secret two \ud83e\uddf5");
    ada.delete(4, 11);
    byte[] bytes = ada.shallowSnapshot(ada.version());
    TextDocument document = TextDocument.load(C, bytes);

    assertThat(TextDocument.readText(bytes)).isEqualTo("one two \ud83e\uddf5");
    assertThat(document.text()).isEqualTo("one two \ud83e\uddf5");
    assertThat(document.version()).isEqualTo(ada.version());
    assertThat(document.historyBase()).isEqualTo(ada.version());
    assertThat(ada.historyBase()).isEqualTo(VersionVector.EMPTY);
    assertThat(document.footprint().deletedUnits()).isZero();
    assertThat(document.authors(0, 3)).containsExactly(new AuthorRun(0, 3, A));
    document.checkInvariants();
  }

  @Test
  void shouldGoOnWithThoseWhoHaveTheWholeHistory() throws MalformedUpdateException {
    ada.insert(0, "one [gone] two");
    ada.delete(4, 10);
    TextDocument cyd = shallow(C);
    ben.merge(ada);
    // All three type where something was deleted.
    ada.insert(4, "A");
    ben.insert(4, "B");
    cyd.insert(4, "C");
    cyd.insert(5, "c");
    ada.insert(4, "a");
    for (TextDocument from : List.of(ada, ben, cyd)) {
      for (TextDocument to : List.of(ada, ben, cyd)) {
        to.apply(from.changesSince(to.version()));
      }
    }
    assertThat(ada.text()).isEqualTo(ben.text()).isEqualTo(cyd.text());
    cyd.checkInvariants();
    TextDocument again = TextDocument.load(new ReplicaId(0xd), cyd.snapshot());
    assertThat(again.text()).isEqualTo(ada.text());
    assertThat(again.version()).isEqualTo(ada.version());
    assertThat(again.historyBase()).isEqualTo(cyd.historyBase());
  }

  @Test
  void shouldBeginWhereAllHadMet() throws MalformedUpdateException {
    ada.insert(0, "one");
    ben.merge(ada);
    VersionVector met = ada.version();
    ada.insert(3, " two");
    ben.insert(0, "> ");
    VersionVector apart = ada.version();
    ada.merge(ben);

    assertThat(TextDocument.load(C, ada.shallowSnapshot(apart)).historyBase()).isEqualTo(met);
    ada.insert(0, "!");
    TextDocument later = TextDocument.load(C, ada.shallowSnapshot(ada.version()));
    assertThat(later.historyBase()).isEqualTo(ada.version());
    assertThat(later.text()).isEqualTo("!> one two");
  }

  @Test
  void shouldBeWholeWhereNobodyEverMet() throws MalformedUpdateException {
    ada.insert(0, "one");
    ben.insert(0, "two");
    ada.merge(ben);
    assertThat(shallow(C).historyBase()).isEqualTo(VersionVector.EMPTY);
    assertThat(TextDocument.create(A).shallowSnapshot(VersionVector.EMPTY))
        .isEqualTo(TextDocument.create(A).snapshot());
    assertThatThrownBy(() -> ada.shallowSnapshot(VersionVector.of(C, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has not seen all of the version");
  }

  @Test
  void shouldAnswerOneWhoComesBackFromBelowAndLoseNothingOfIt() throws MalformedUpdateException {
    ada.insert(0, "one two three");
    ben.merge(ada);
    // Ben goes away and writes; the others go on without him.
    ben.insert(7, " and a half");
    ben.delete(0, 4);
    ada.delete(4, 8);
    ada.insert(0, "> ");
    TextDocument cyd = shallow(C);
    byte[] before = cyd.snapshot();

    assertThatThrownBy(() -> cyd.apply(ben.ownChangesSince(0)))
        .isInstanceOf(ShallowHistoryException.class)
        .hasMessageContaining(B.toString())
        .hasMessageContaining("had not seen all of");
    assertThat(cyd.snapshot()).isEqualTo(before);
    assertThatThrownBy(() -> cyd.changesSince(ben.version()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("history begins at a later version");
    assertThatThrownBy(() -> ben.apply(before))
        .isInstanceOf(ShallowHistoryException.class)
        .hasMessageContaining("open it instead");
    assertThatThrownBy(() -> cyd.merge(ben)).isInstanceOf(IllegalArgumentException.class);

    TextDocument back = TextDocument.load(new ReplicaId(0xd), before);
    back.rebase(ben);
    // What it stood behind is gone, but for the space that both deleted or did not.
    assertThat(back.text()).isEqualTo(">  and a halfthree");
    cyd.merge(back);
    assertThat(cyd.text()).isEqualTo(back.text());
  }

  /** What it knows of the change already does not make up for what its author had not seen. */
  @Test
  void shouldRefuseWhoHadNotSeenAllAlsoIfItsChangeIsKnownInPart() throws MalformedUpdateException {
    ben.insert(0, "rrr");
    ada.merge(ben);
    ada.insert(0, "SS");
    TextDocument cyd = shallow(C);
    ben.insert(3, "x");

    assertThatThrownBy(() -> cyd.apply(ben.ownChangesSince(0)))
        .isInstanceOf(ShallowHistoryException.class);
    assertThat(TextDocument.load(A, cyd.snapshot()).text()).isEqualTo("SSrrr");
  }

  /** What was deleted before, and is taken back behind, is not forgotten. */
  @Test
  void shouldBeginBeforeADeletionThatWasUndone() throws MalformedUpdateException {
    ada.insert(0, "one two");
    UndoHistory undo = UndoHistory.of(ada).build();
    VersionVector typed = ada.version();
    ada.delete(3, 7);
    VersionVector stable = ada.version();
    assertThat(undo.undo()).isPresent();
    TextDocument cyd = TextDocument.load(C, ada.shallowSnapshot(stable));

    assertThat(cyd.text()).isEqualTo("one two");
    assertThat(cyd.historyBase()).isEqualTo(typed);
    cyd.checkInvariants();
  }

  @Test
  void shouldSayThatItForgotWhatIsToBeBroughtBack() throws MalformedUpdateException {
    ada.insert(0, "one two");
    UndoHistory undo = UndoHistory.of(ada).build();
    ada.delete(3, 7);
    TextDocument cyd = shallow(C);
    ada.insert(3, "!");
    cyd.merge(ada);
    assertThat(undo.undo()).isPresent();
    assertThat(undo.undo()).isPresent();
    VersionVector version = cyd.version();

    assertThatThrownBy(() -> cyd.apply(ada.changesSince(cyd.version())))
        .isInstanceOf(ShallowHistoryException.class)
        .hasMessageContaining("is forgotten");
    assertThat(cyd.version()).isEqualTo(version);
    assertThat(cyd.text()).isEqualTo("one!");
  }

  @Test
  void shouldKnowItsOwnPartOfTheHistory() throws MalformedUpdateException {
    ada.insert(0, "one");
    VersionVector early = ada.version();
    ada.nameVersion("early");
    ada.insert(3, " two");
    VersionVector base = ada.version();
    ada.delete(0, 4);
    ada.nameVersion("late");
    TextDocument cyd = TextDocument.load(C, ada.shallowSnapshot(base));
    cyd.insert(0, ">");

    assertThat(cyd.historyBase()).isEqualTo(base);
    assertThat(cyd.textAt(base)).isEqualTo("one two");
    assertThat(cyd.namedVersions()).extracting(NamedVersion::name).containsExactly("late");
    assertThatThrownBy(() -> cyd.textAt(early))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("history begins at a later version");
    StringBuilder text = new StringBuilder(cyd.textAt(base));
    cyd.history()
        .forEachRun(
            run -> {
              new TextChange(TextChange.Origin.REMOTE, run.arrived()).applyTo(text);
              new TextChange(TextChange.Origin.REMOTE, run.edits()).applyTo(text);
            });
    assertThat(text.toString()).isEqualTo(cyd.text()).isEqualTo(">two");
    cyd.revertTo(base);
    assertThat(cyd.text()).isEqualTo("one two");
  }

  @Test
  void shouldTellAForkedReplicaAboveItsBase() throws MalformedUpdateException {
    ada.insert(0, "one");
    TextDocument copy = TextDocument.load(A, ada.snapshot());
    ada.insert(3, " two");
    TextDocument cyd = shallow(C);
    copy.insert(3, " 2");

    // Of what came before there is nothing to compare with.
    assertThat(cyd.apply(copy.ownChangesSince(0)).applied()).isZero();
    ada.insert(0, "!");
    copy.insert(0, "??????");
    assertThatThrownBy(() -> cyd.apply(copy.ownChangesSince(0)))
        .isInstanceOf(ForkedReplicaException.class);
    cyd.merge(ada);
    assertThat(cyd.text()).isEqualTo("!one two");
  }

  /** The part of the base that the other had seen ends inside what is forgotten. */
  @Test
  void shouldAnswerOneWhoHadSeenAPartOfTheBaseWhereThereAreSurrogatePairs()
      throws MalformedUpdateException {
    ada.insert(0, "\ud83d\ude00 hello");
    ada.delete(2, 8);
    TextDocument late = TextDocument.create(C);
    late.apply(ada.diff(VersionVector.EMPTY, VersionVector.of(A, 4)));
    late.insert(0, "late ");
    ben.merge(ada);
    ben.insert(0, "b");
    TextDocument shallow = TextDocument.load(new ReplicaId(99), ben.shallowSnapshot(ada.version()));
    assertThat(shallow.historyBase()).isEqualTo(ada.version());

    assertThatThrownBy(() -> shallow.apply(late.ownChangesSince(0)))
        .isInstanceOf(ShallowHistoryException.class);
    assertThat(shallow.text()).isEqualTo(ben.text());
  }
}
