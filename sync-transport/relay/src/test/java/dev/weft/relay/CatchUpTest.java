package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients lack, part by part. */
class CatchUpTest {
  private static final int CLIENTS = 4;
  private static final int ROUNDS = 50;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));
  private final TextDocument ben = TextDocument.create(new ReplicaId(2));
  private final List<TextDocument> clients = new ArrayList<>();
  private CatchUp catchUp;

  @BeforeEach
  void write() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      if (i < CLIENTS) {
        clients.add(ada.fork(new ReplicaId(10 + i)));
      }
      ada.insert(ada.length(), Texts.noise(2_000));
      ben.apply(ada.changesSince(ben.version()));
      ben.insert(0, Texts.noise(2_000));
      ada.apply(ben.changesSince(ada.version()));
    }
    RelayBounds bounds = new Tuning().partBytes(16 << 10).bounds();
    catchUp = new CatchUp(new RelayedText(ada, bounds), bounds, null);
  }

  @Test
  void shouldGiveEverythingInPartsToClientsThatComeTogether() throws Exception {
    int parts = 0;
    List<TextDocument> behind = new ArrayList<>(clients);
    while (!behind.isEmpty()) {
      for (TextDocument client : List.copyOf(behind)) {
        CatchUp.Part part = catchUp.next(client.version(), false);
        parts++;
        assertThat(client.apply(part.update().bytes()).isComplete()).isTrue();
        assertThat(client.version()).isEqualTo(part.after());
        if (part.complete()) {
          behind.remove(client);
        }
      }
    }

    assertThat(parts).isBetween(CLIENTS * 10, CLIENTS * 20);
    assertThat(clients).allMatch(client -> client.text().equals(ada.text()));
  }

  @Test
  void shouldCutTextOnceForEachOfClientsThatComeTogether() {
    List<VersionVector> starts = clients.stream().map(TextDocument::version).toList();
    List<VersionVector> first = next(starts);
    List<VersionVector> second = next(first);

    // The very same, where it was not cut again.
    for (int i = 0; i < CLIENTS; i++) {
      assertThat(next(starts).get(i)).isSameAs(first.get(i));
      assertThat(next(first).get(i)).isSameAs(second.get(i));
    }
  }

  private List<VersionVector> next(List<VersionVector> has) {
    return has.stream().map(each -> catchUp.next(each, false).after()).toList();
  }
}
