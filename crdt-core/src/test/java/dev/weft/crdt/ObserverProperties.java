package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * What observers are told, applied to a plain text, gives the document's text. {@link
 * CheckedReplica} checks this of local edits and of every update; here are the updates that bring
 * much at once, and the local edits that follow them.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class ObserverProperties {

  @Property
  void shouldFollowTheTextThroughUpdatesOfAnySize(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    List<Change> changes = Change.parse(history.runAndSettle().replica(0).document().snapshot());
    TextDocument document =
        TextDocument.create(new ReplicaId(42), Limits.DEFAULT, history.nodeCapacity());
    List<TextChange> seen = new ArrayList<>();
    StringBuilder mirror = new StringBuilder();
    Subscription subscription =
        document.observe(
            change -> {
              seen.add(change);
              change.applyTo(mirror);
              assertThat(mirror.toString()).isEqualTo(document.text());
            });
    int at = 0;
    while (at < changes.size()) {
      int end = at + 1 + random.nextInt(changes.size() - at);
      String before = document.text();
      seen.clear();
      document.apply(Change.combine(changes.subList(at, end)));
      assertThat(mirror.toString()).isEqualTo(document.text());
      assertThat(seen).allMatch(change -> change.origin() == TextChange.Origin.REMOTE);
      if (!before.equals(document.text())) {
        assertThat(seen).hasSize(1);
      }
      at = end;

      seen.clear();
      int index = Session.boundary(document.text(), random.nextInt(document.length() + 1));
      document.insert(index, "!");
      assertThat(seen)
          .containsExactly(
              new TextChange(TextChange.Origin.LOCAL, List.of(new TextChange.Edit(index, 0, "!"))));
    }
    subscription.close();
    int told = seen.size();
    document.insert(0, "?");
    assertThat(seen).as("after the subscription was closed").hasSize(told);
  }
}
