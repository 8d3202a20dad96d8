package dev.weft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.bench.peers.NodePeers.MissingException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NodePeersTest {
  @Test
  void shouldSayInOneSentenceWhatIsNotMeasuredAndWhy() {
    MissingException missing =
        catchThrowableOfType(
            MissingException.class,
            () -> NodePeers.open(EnumSet.of(Library.WEFT, Library.YJS, Library.LORO), "no-node"));

    assertThat(Objects.requireNonNull(missing).sentence())
        .isEqualTo(
            "not measured, since there is no no-node on the PATH (Node 18 or newer has it): Yjs,"
                + " Loro");
  }

  @Test
  void shouldPinOneExactVersionOfEachPackage() throws IOException {
    for (Library library : Library.values()) {
      if (library.npmPackage().isPresent()) {
        assertThat(NodePeers.versions().get(library.npmPackage().get()))
            .matches("\\d+\\.\\d+\\.\\d+");
      }
    }
  }
}
