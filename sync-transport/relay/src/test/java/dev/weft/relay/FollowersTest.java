package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What those hear who follow a document, in one thread: edits, and a fresh text where one is slow.
 */
class FollowersTest {
  private final TextDocument ada = TextDocument.create(new ReplicaId(1));
  private final RelayedText text =
      new RelayedText(TextDocument.create(new ReplicaId(9)), RelayBounds.DEFAULT);
  private final ReaderBudget budget = new ReaderBudget(1 << 20);
  private final Followers followers =
      new Followers(new Renderings(budget, (delay, task) -> () -> {}));

  @Test
  void shouldTellTextAndThenEditsThatLeadToIt() {
    type("hello");
    Reader reader = join("");
    type(", world");
    followers.tell(text);
    ada.delete(0, 5);
    type("!");
    followers.tell(text);

    assertThat(reader.events())
        .extracting(ServerEvent::name)
        .containsExactly("text", "edit", "edit");
    assertThat(reader.copy.text()).isEqualTo(", world!").isEqualTo(ada.text());
    assertThat(reader.copy.version()).isEqualTo(VersionTag.of(ada.version()));
  }

  @Test
  void shouldTellInOneEventWhatCameTogether() {
    Reader reader = join("");
    type("a");
    type("b");
    type("c");
    followers.tell(text);

    assertThat(reader.events()).hasSize(2);
    assertThat(reader.copy.text()).isEqualTo("abc");
  }

  @Test
  void shouldNotRepeatTextWhenReaderHasIt() {
    type("hello");
    Reader reader = join(VersionTag.of(text.version()));
    reader.copy.keep("hello");
    assertThat(reader.events()).isEmpty();
    assertThat(reader.heard()).startsWith(":");
    Reader old = join(VersionTag.of(VersionVector.EMPTY));

    type("!");
    followers.tell(text);

    assertThat(reader.events()).extracting(ServerEvent::name).containsExactly("edit");
    assertThat(old.events()).extracting(ServerEvent::name).containsExactly("text", "edit");
  }

  @Test
  void shouldGiveFreshTextInPlaceOfEditsWhenReaderIsSlow() {
    Reader quick = join("");
    Reader slow = join("");
    slow.stopTaking();
    for (int i = 0; i < 2_000; i++) {
      type("a line of some length, number " + i + "\n");
      followers.tell(text);
    }

    slow.take();

    assertThat(quick.events()).hasSize(2_001);
    assertThat(slow.events()).extracting(ServerEvent::name).containsExactly("text", "edit", "text");
    assertThat(slow.asked).isEqualTo(1);
    assertThat(slow.copy.text()).isEqualTo(ada.text()).isEqualTo(quick.copy.text());
    type("live again");
    followers.tell(text);
    assertThat(slow.events()).hasSize(4);
    assertThat(slow.copy.text()).isEqualTo(ada.text());
  }

  @Test
  void shouldNotTellTwiceWhatFreshTextHas() {
    Reader first = join("");
    Reader slow = join("");
    slow.stopTaking();
    for (int i = 0; i < 2_000; i++) {
      type("a line of some length, number " + i + "\n");
      followers.tell(text);
    }
    type("not told yet");

    Reader late = join("");
    type(", nor this");
    slow.take();
    followers.tell(text);

    for (Reader each : List.of(first, slow, late)) {
      assertThat(each.events()).isNotEmpty();
      assertThat(each.copy.text()).isEqualTo(ada.text());
    }
  }

  @Test
  void shouldGiveFreshTextWhenEditsAreLong() {
    Reader reader = join("");
    type("long ".repeat(20_000));
    followers.tell(text);
    type("short");
    followers.tell(text);

    assertThat(reader.events())
        .extracting(ServerEvent::name)
        .containsExactly("text", "text", "edit");
    assertThat(reader.copy.text()).isEqualTo(ada.text());
  }

  @Test
  void shouldGiveSignOfLifeOnlyWhenNothingElseIsUnderWay() {
    Reader reader = join("");
    reader.stream.beat();
    assertThat(reader.heard()).endsWith("\n\n:\n\n");
    reader.stopTaking();
    type("x");
    followers.tell(text);
    int before = reader.heard().length();
    reader.stream.beat();
    reader.take();

    assertThat(reader.heard()).hasSize(before);
  }

  @Test
  void shouldHearNothingMoreWhenStreamHasEnded() {
    Reader reader = join("");
    reader.stream.end();
    assertThat(reader.over).isTrue();
    assertThat(followers.leave(reader.stream)).isTrue();
    assertThat(followers.leave(reader.stream)).isFalse();
    int before = reader.heard().length();

    type("x");
    followers.tell(text);

    assertThat(reader.heard()).hasSize(before);
  }

  @Test
  void shouldHoldTextOnceForAllSlowReadersUntilTheLastHasIt() {
    type("long ".repeat(100_000));
    List<Reader> slow = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Reader reader = new Reader();
      reader.stopTaking();
      slow.add(join(reader, ""));
    }
    assertThat(budget.used()).isBetween(500_000L, 501_000L);

    slow.forEach(Reader::take);

    assertThat(budget.used()).isZero();
    for (Reader each : slow) {
      each.events();
      assertThat(each.copy.text()).isEqualTo(ada.text());
    }
  }

  @Test
  void shouldHoldTextNoLongerThanStream() {
    type("hello");
    Reader failed = new Reader();
    failed.stopTaking();
    join(failed, "");
    failed.stream.fail(new EofException());
    Objects.requireNonNull(failed.untaken).failed(new EofException());
    Reader ended = new Reader();
    ended.stopTaking();
    join(ended, "");
    ended.stream.end();
    ended.take();

    assertThat(budget.used()).isZero();
    assertThat(ended.over).isTrue();
  }

  @Test
  void shouldEndStreamWhenThereIsNoRoomForFreshText() {
    Reader slow = join("");
    slow.stopTaking();
    type("long ".repeat(100_000));
    followers.tell(text);
    Reader holder = new Reader();
    holder.stopTaking();
    join(holder, "");
    type("long ".repeat(50_000));
    followers.tell(text);

    slow.take();

    assertThat(slow.over).isTrue();
    assertThat(slow.stream.isEnding()).isTrue();
    holder.stream.end();
    holder.take();
    assertThat(budget.used()).isZero();
  }

  private Reader join(String known) {
    return join(new Reader(), known);
  }

  private Reader join(Reader reader, String known) {
    try {
      followers.join(reader.stream, text, followers.first(text, known));
    } catch (RefusedException e) {
      throw new AssertionError(e.refusal().reason(), e);
    }
    return reader;
  }

  private void type(String typed) {
    VersionVector before = text.version();
    ada.insert(ada.length(), typed);
    RelayedText.Outcome outcome =
        text.takeFromRelay(ServerEvent.changes(Payload.of(ada.changesSince(before))));
    assertThat(outcome.accepted()).isNotEmpty();
  }

  /** A reader that takes in what it is given when the test likes. */
  private final class Reader implements Content.Sink {
    final EventStream stream =
        new EventStream(this, Callback.from(() -> this.over = true), this::renew);
    final ServerEvent.Copy copy = new ServerEvent.Copy();
    private final StringBuilder heard = new StringBuilder();
    private boolean taking = true;
    private @Nullable Callback untaken;
    int asked;
    boolean over;

    private void renew() {
      asked++;
      followers.renew(stream, text);
    }

    void stopTaking() {
      taking = false;
    }

    void take() {
      taking = true;
      Callback callback = untaken;
      untaken = null;
      if (callback != null) {
        callback.succeeded();
      }
    }

    String heard() {
      return heard.toString();
    }

    List<ServerEvent> events() {
      List<ServerEvent> events = ServerEvent.parse(heard());
      for (ServerEvent event : new ArrayList<>(events).subList(copy.applied(), events.size())) {
        copy.apply(event);
      }
      return events;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback callback) {
      assertThat(untaken).as("one write at a time").isNull();
      heard.append(StandardCharsets.UTF_8.decode(bytes));
      if (taking) {
        callback.succeeded();
      } else {
        untaken = callback;
      }
    }
  }
}
