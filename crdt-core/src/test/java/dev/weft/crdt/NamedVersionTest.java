package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamedVersionTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument ada = TextDocument.create(A);
  private final TextDocument bob = TextDocument.create(B);

  @Test
  void shouldTellEverybodyWhatWasNamed() throws MalformedUpdateException {
    ada.insert(0, "warp");
    ada.nameVersion("draft \ud83e\uddf5");
    ada.insert(4, " and weft");
    bob.apply(ada.changesSince(bob.version()));
    bob.delete(0, 5);
    VersionVector second = bob.version();
    bob.nameVersion("second");
    ada.apply(bob.changesSince(ada.version()));

    assertThat(ada.namedVersions())
        .containsExactly(
            new NamedVersion("draft \ud83e\uddf5", A, VersionVector.of(A, 4)),
            new NamedVersion("second", B, second));
    assertThat(bob.namedVersions()).isEqualTo(ada.namedVersions());
    assertThat(ada.textAt(ada.namedVersions().get(0).version())).isEqualTo("warp");
    assertThat(ada.textAt(ada.namedVersions().get(1).version())).isEqualTo("and weft");
    assertThat(ada.text()).isEqualTo("and weft");
    ada.checkInvariants();
  }

  @Test
  void shouldNameWhatTheAuthorHadSeenAndNothingBeside() throws MalformedUpdateException {
    ada.insert(0, "a");
    bob.insert(0, "b");
    bob.nameVersion("bob's");
    bob.insert(1, "b");
    ada.apply(bob.changesSince(ada.version()));

    assertThat(ada.namedVersions())
        .containsExactly(new NamedVersion("bob's", B, VersionVector.of(B, 1)));
  }

  @Test
  void shouldKeepNamesInASnapshot() throws MalformedUpdateException {
    ada.nameVersion("empty");
    ada.insert(0, "warp");
    ada.nameVersion("full");
    ada.delete(0, 4);
    ada.nameVersion("empty");
    TextDocument loaded = TextDocument.load(B, ada.snapshot());

    assertThat(loaded.namedVersions()).isEqualTo(ada.namedVersions());
    assertThat(loaded.namedVersions())
        .extracting(NamedVersion::name)
        .containsExactly("empty", "full", "empty");
    assertThat(loaded.namedVersions().get(0).version()).isEqualTo(VersionVector.EMPTY);
    loaded.checkInvariants();
    bob.apply(loaded.snapshot());
    assertThat(bob.namedVersions()).isEqualTo(ada.namedVersions());
    assertThat(bob.fork(new ReplicaId(7)).namedVersions()).isEqualTo(ada.namedVersions());
  }

  @Test
  void shouldNotUndoANameNorTellObserversOfIt() {
    UndoHistory undo = UndoHistory.of(ada).build();
    Subscription unused = ada.observe(change -> assertThat(change.edits()).isNotEmpty());
    ada.insert(0, "warp");
    ada.nameVersion("full");
    ada.insert(4, "s");

    // What is typed before and behind a name are two steps.
    assertThat(undo.undo()).isPresent();
    assertThat(ada.text()).isEqualTo("warp");
    assertThat(undo.undo()).isPresent();
    assertThat(ada.text()).isEmpty();
    assertThat(ada.namedVersions()).hasSize(1);
    assertThat(undo.redo()).isPresent();
    assertThat(undo.redo()).isPresent();
    assertThat(ada.text()).isEqualTo("warps");
  }

  @Test
  void shouldRefuseWhatIsNoName() {
    assertThatThrownBy(() -> ada.nameVersion(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes=0");
    assertThatThrownBy(() -> ada.nameVersion("x".repeat(1025)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes=1025");
    assertThatThrownBy(() -> ada.nameVersion("\ud83e"))
        .isInstanceOf(IllegalArgumentException.class);
    ada.nameVersion("\u20ac".repeat(341));
    assertThat(ada.namedVersions()).hasSize(1);
  }

  @Test
  void shouldTakeNoMoreOfANameBackThanOfOtherEvents() throws MalformedUpdateException {
    ada.insert(0, "warp");
    ada.nameVersion("full");
    byte[] update = ada.changesSince(VersionVector.EMPTY);
    bob.apply(update);
    byte[] before = bob.snapshot();
    UpdateWriter broken = new UpdateWriter(64);
    broken.change(0xc, 0, 0, new EventList(), 0);
    broken.name("other", 0);
    broken.delete(Names.name(0xd, 0), 1, false, 0);
    broken.endChange(0);

    assertThatThrownBy(() -> bob.apply(broken.toBytes()))
        .isInstanceOf(MalformedUpdateException.class);
    assertThat(bob.snapshot()).isEqualTo(before);
    assertThat(bob.namedVersions()).hasSize(1);
    bob.apply(update);
    assertThat(bob.namedVersions()).hasSize(1);
  }
}
