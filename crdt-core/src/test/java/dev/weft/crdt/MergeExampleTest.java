package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Does what {@code docs/MERGE.md} works through. */
class MergeExampleTest {

  @Test
  void shouldReachTheTextAndTheDepthsOfTheExample() throws MalformedUpdateException {
    TextDocument ann = TextDocument.create(new ReplicaId(1));
    TextDocument ben = TextDocument.create(new ReplicaId(2));
    ann.insert(0, "a");
    ann.insert(1, "d");
    ben.apply(ann.changesSince(VersionVector.EMPTY));

    ann.insert(1, "b");
    ann.insert(2, "c");
    ben.insert(1, "x");
    ben.insert(1, "y");
    ben.delete(3, 4);
    assertThat(ann.text()).isEqualTo("abcd");
    assertThat(ben.text()).isEqualTo("ayx");
    ann.apply(ben.changesSince(ann.version()));
    ben.apply(ann.changesSince(ben.version()));

    assertThat(ann.text()).isEqualTo("abcyx");
    assertThat(ben.text()).isEqualTo("abcyx");
    // Ann's units arrived in the order a d b c x y.
    assertThat(depths(ann, "adbcxy")).isEqualTo("a00 d10 b11 c21 x11 y12");
    assertThat(depths(ben, "adxybc")).isEqualTo("a00 d10 x11 y12 b11 c21");
  }

  private static String depths(TextDocument document, String units)
      throws MalformedUpdateException {
    byte[] snapshot = document.snapshot();
    ByteReader in = new ByteReader(snapshot);
    BinaryFormat.open(in, snapshot.length);
    FugueTree tree = new FugueTree(SnapshotReader.read(in, Limits.DEFAULT, 4).tree);
    StringBuilder depths = new StringBuilder();
    for (int unit = 0; unit < units.length(); unit++) {
      depths
          .append(unit == 0 ? "" : " ")
          .append(units.charAt(unit))
          .append(tree.rightDepth(unit))
          .append(tree.leftDepth(unit));
    }
    return depths.toString();
  }
}
