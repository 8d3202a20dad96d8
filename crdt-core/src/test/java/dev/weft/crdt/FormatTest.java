package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the worked bytes of {@code docs/FORMAT.md} against what the code writes. */
class FormatTest {
  private static final Path FORMAT = Path.of("..", "docs", "FORMAT.md");
  private static final Pattern BLOCK = Pattern.compile("```\n(.*?)```", Pattern.DOTALL);
  private static final Pattern HEX = Pattern.compile("^\\s*((?:[0-9a-f]{2} ?)+)(?:\\s.*)?$");

  @Test
  void shouldWriteTheWorkedBytesOfTheFormat() throws Exception {
    List<byte[]> examples = readExamples();
    TextDocument ada = TextDocument.create(ReplicaId.parse("00000000000000aa"));
    TextDocument bob = TextDocument.create(ReplicaId.parse("00000000000000bb"));

    ada.insert(0, "Hé");
    ada.insert(2, "y");
    byte[] first = ada.changesSince(VersionVector.EMPTY);
    bob.apply(first);
    bob.replace(1, 2, "e");
    byte[] second = bob.ownChangesSince(0);
    ada.apply(second);

    assertThat(examples).hasSize(7);
    assertThat(first).isEqualTo(examples.get(0));
    assertThat(second).isEqualTo(examples.get(1));
    assertThat(ada.version().toBytes()).isEqualTo(examples.get(2));
    assertThat(ada.snapshot()).isEqualTo(examples.get(3));
    assertThat(ada.text()).isEqualTo("Hey");
    assertThat(Digests.of(ada, bob.replica(), 1)).isEqualTo(0xabf52245);
    TextDocument cat = TextDocument.load(ReplicaId.parse("00000000000000cc"), ada.snapshot());
    cat.insert(3, "!");
    assertThat(cat.shallowSnapshot(ada.version())).isEqualTo(examples.get(6));

    Restores.restore(ada, new EventId(bob.replica(), 0), 1);
    assertThat(ada.ownChangesSince(3)).isEqualTo(examples.get(4));
    assertThat(ada.text()).isEqualTo("Heéy");
    ada.nameVersion("one");
    assertThat(ada.ownChangesSince(4)).isEqualTo(examples.get(5));
    assertThat(Digests.of(ada, ada.replica(), 1)).isEqualTo(0x6881804f);
    assertThat(Digests.of(ada, ada.replica(), 2)).isEqualTo(0x120b49e4);
    assertThat(Digests.of(ada, ada.replica(), 3)).isEqualTo(0x351e9ef5);
  }

  @Test
  void shouldReadTheWorkedBytesOfTheFormat() throws Exception {
    List<byte[]> examples = readExamples();
    TextDocument reader = TextDocument.create(new ReplicaId(1));

    reader.apply(examples.get(0));
    assertThat(reader.text()).isEqualTo("Héy");
    reader.apply(examples.get(1));

    assertThat(reader.text()).isEqualTo("Hey");
    TextDocument shallow = TextDocument.load(new ReplicaId(4), examples.get(6));
    assertThat(shallow.text()).isEqualTo("Hey!");
    assertThat(shallow.historyBase()).isEqualTo(reader.version());
    TextDocument restored = TextDocument.load(new ReplicaId(3), examples.get(3));
    restored.apply(examples.get(4));
    assertThat(restored.text()).isEqualTo("Heéy");
    VersionVector named = restored.version();
    restored.apply(examples.get(5));
    ReplicaId author = ReplicaId.parse("00000000000000aa");
    assertThat(restored.namedVersions()).containsExactly(new NamedVersion("one", author, named));
    assertThat(VersionVector.parse(examples.get(2))).isEqualTo(reader.version());
    TextDocument loaded = TextDocument.load(new ReplicaId(2), examples.get(3));
    assertThat(loaded.text()).isEqualTo("Hey");
    assertThat(loaded.version()).isEqualTo(reader.version());
    assertThat(TextDocument.readText(examples.get(3))).isEqualTo("Hey");
  }

  /** Reads the hexadecimal blocks below the heading "Worked bytes". */
  private static List<byte[]> readExamples() throws IOException {
    String format = Files.readString(FORMAT);
    String worked = format.substring(format.indexOf("## Worked bytes"));
    List<byte[]> examples = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(worked);
    while (blocks.find()) {
      StringBuilder hex = new StringBuilder();
      for (String line : blocks.group(1).lines().toList()) {
        Matcher matcher = HEX.matcher(line);
        if (matcher.matches()) {
          hex.append(matcher.group(1).replace(" ", ""));
        }
      }
      examples.add(HexFormat.of().parseHex(hex));
    }
    return examples;
  }

  @Test
  void shouldTakeNothingButZerosBehindTheEndOfASection() throws Exception {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, "warp and weft ".repeat(100));
    byte[] snapshot = document.snapshot();
    int length = snapshot[6];
    assertThat(length).as("of the stored text, in one byte").isBetween(1, 100);
    for (byte padding : new byte[] {0, 1}) {
      ByteWriter padded = new ByteWriter(64);
      padded.writeBytes(snapshot, 0, 6);
      padded.writeByte(length + 1);
      padded.writeBytes(snapshot, 7, 7 + length);
      padded.writeByte(padding);
      padded.writeBytes(snapshot, 7 + length, snapshot.length);
      byte[] bytes = Damage.withChecksum(padded.toBytes());
      if (padding == 0) {
        assertThat(TextDocument.load(new ReplicaId(2), bytes).text()).isEqualTo(document.text());
      } else {
        assertThatThrownBy(() -> TextDocument.load(new ReplicaId(2), bytes))
            .isInstanceOf(MalformedUpdateException.class)
            .hasMessageContaining("nothing but zeros");
      }
    }
  }
}
