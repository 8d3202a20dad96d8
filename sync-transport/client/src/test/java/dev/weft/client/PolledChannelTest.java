package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a lasting conversation is held in requests of one conversation each. */
class PolledChannelTest {
  private static final int CLIENT_CHANNEL = 7;
  private static final int ROOM = 1_000;

  private final TextDocument relay = TextDocument.create(new ReplicaId(1));
  private PolledChannel channel;

  @BeforeEach
  void open() {
    channel =
        new PolledChannel(new ClientMessage.Open(CLIENT_CHANNEL, "notes", VersionVector.EMPTY));
  }

  private RelayMessage.Opened opened(VersionVector since) {
    Payload changes =
        since.includes(relay.version()) ? Payload.EMPTY : Payload.of(relay.changesSince(since));
    return new RelayMessage.Opened(
        1, relay.version(), changes, false, VersionVector.EMPTY, RelayMessage.Access.WRITE);
  }

  private VersionVector asked() {
    return ((ClientMessage.Open) channel.request(ROOM).get(0)).vector();
  }

  private List<RelayMessage> answer(RelayMessage... messages) throws Exception {
    return channel.answered(List.of(messages)).told();
  }

  @Test
  void shouldAskForWhatTheClientLacksAndNotForWhatItWasTold() throws Exception {
    relay.insert(0, "abc");
    assertThat(asked()).isEqualTo(VersionVector.EMPTY);

    assertThat(answer(opened(VersionVector.EMPTY)))
        .singleElement()
        .isInstanceOfSatisfying(
            RelayMessage.Opened.class,
            told -> {
              assertThat(told.channel()).isEqualTo(CLIENT_CHANNEL);
              assertThat(told.vector()).isEqualTo(relay.version());
            });
    assertThat(asked()).isEqualTo(relay.version());
    assertThat(answer(opened(relay.version()))).isEmpty();
  }

  @Test
  void shouldTellNewsAsEditsOnceTheChannelIsOpen() throws Exception {
    VersionVector before = asked();
    assertThat(answer(opened(before))).hasSize(1);
    relay.insert(0, "news");

    assertThat(answer(opened(asked())))
        .singleElement()
        .isInstanceOfSatisfying(
            RelayMessage.Edits.class,
            told -> {
              assertThat(told.channel()).isEqualTo(CLIENT_CHANNEL);
              assertThat(told.vector()).isEqualTo(relay.version());
            });
  }

  /** The answer under way is to another question; what the client lacks is not in it. */
  @Test
  void shouldNotTakeTheAnswerUnderWayForThatToWhatTheClientAsksNow() throws Exception {
    relay.insert(0, "abc");
    VersionVector had = relay.version();
    assertThat(asked()).isEqualTo(VersionVector.EMPTY);
    assertThat(answer(opened(VersionVector.EMPTY))).hasSize(1);
    assertThat(asked()).isEqualTo(had);

    channel.open(new ClientMessage.Open(CLIENT_CHANNEL, "notes", VersionVector.EMPTY));

    assertThat(answer(opened(had))).isEmpty();
    assertThat(channel.urgency()).isEqualTo(PolledChannel.Urgency.NOW);
    assertThat(asked()).isEqualTo(VersionVector.EMPTY);
    assertThat(answer(opened(VersionVector.EMPTY)))
        .singleElement()
        .isInstanceOf(RelayMessage.Opened.class);
  }

  @Test
  void shouldNotBeSentItsOwnEditsBack() throws Exception {
    VersionVector before = asked();
    assertThat(answer(opened(before))).hasSize(1);
    TextDocument own = TextDocument.create(new ReplicaId(2));
    own.insert(0, "mine");
    channel.say(edits(own), 10);

    assertThat(channel.request(ROOM)).hasSize(2);
    assertThat(answer(opened(VersionVector.EMPTY))).isEmpty();

    assertThat(asked()).isEqualTo(own.version());
  }

  @Test
  void shouldRepeatASaveUntilItIsAnsweredBehindAllThatItCovers() throws Exception {
    TextDocument own = TextDocument.create(new ReplicaId(2));
    own.insert(0, "x".repeat(900));
    channel.say(edits(own), 10);
    channel.say(edits(own), 10);
    ClientMessage.Save save =
        new ClientMessage.Save(CLIENT_CHANNEL, "s1", own.version(), Guarantee.FSYNCED, 5);
    channel.say(save, 10);

    assertThat(channel.request(15)).hasSize(2).noneMatch(ClientMessage.Save.class::isInstance);
    assertThat(answer(opened(VersionVector.EMPTY))).hasSize(1);
    assertThat(relay.apply(own.changesSince(VersionVector.EMPTY)).isComplete()).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(channel.request(ROOM))
          .last()
          .isEqualTo(new ClientMessage.Save(1, "s1", own.version(), Guarantee.FSYNCED, 5));
      assertThat(answer(opened(own.version()))).isEmpty();
    }

    assertThat(channel.request(ROOM)).hasSize(2);
    assertThat(answer(new RelayMessage.SaveAcknowledged(1, "s1", own.version(), Guarantee.FSYNCED)))
        .containsExactly(
            new RelayMessage.SaveAcknowledged(
                CLIENT_CHANNEL, "s1", own.version(), Guarantee.FSYNCED));
    assertThat(channel.request(ROOM)).hasSize(1);
  }

  @Test
  void shouldTellWhoIsGoneAndSayGoodbyeForItself() throws Exception {
    Presence bob = shown(1, 2, 5);
    VersionVector before = asked();
    assertThat(answer(opened(before), bob))
        .hasSize(2)
        .last()
        .isEqualTo(shown(CLIENT_CHANNEL, 2, 5));
    assertThat(asked()).isEqualTo(relay.version());
    assertThat(answer(opened(before), bob)).containsExactly(shown(CLIENT_CHANNEL, 2, 5));
    assertThat(asked()).isEqualTo(relay.version());
    assertThat(answer(opened(before))).containsExactly(Presence.gone(CLIENT_CHANNEL, 2, 6));

    channel.say(shown(CLIENT_CHANNEL, 3, 1), 10);
    assertThat(channel.request(ROOM)).last().isEqualTo(shown(1, 3, 1));
    assertThat(answer(opened(before))).isEmpty();
    channel.leave();
    assertThat(channel.request(ROOM)).last().isEqualTo(Presence.gone(1, 3, 2));
  }

  /**
   * What the client believes to be there is not any more: it must find out as on a new connection.
   */
  @Test
  void shouldTellAnewWhatTheRelayHasWhenItHasLostSomething() throws Exception {
    TextDocument own = TextDocument.create(new ReplicaId(2));
    own.insert(0, "mine");
    VersionVector before = asked();
    assertThat(answer(opened(before))).hasSize(1);
    channel.say(edits(own), 10);
    assertThat(channel.request(ROOM)).hasSize(2);
    // What comes with a request is not part of what the relay had before it.
    assertThat(answer(opened(before))).isEmpty();

    assertThat(asked()).isEqualTo(own.version());
    assertThat(answer(opened(relay.version())))
        .singleElement()
        .isInstanceOfSatisfying(
            RelayMessage.Opened.class,
            told -> assertThat(told.vector()).isEqualTo(VersionVector.EMPTY));
  }

  @Test
  void shouldTellAnewWhatIsDurableWhenThatIsLess() throws Exception {
    relay.insert(0, "abc");
    VersionVector before = asked();
    RelayMessage.Opened durable =
        new RelayMessage.Opened(
            1, relay.version(), Payload.EMPTY, false, relay.version(), RelayMessage.Access.WRITE);
    assertThat(answer(durable)).hasSize(1);
    assertThat(asked()).isEqualTo(relay.version());
    assertThat(answer(durable)).isEmpty();
    assertThat(asked()).isNotEqualTo(before);

    assertThat(answer(opened(relay.version())))
        .singleElement()
        .isInstanceOf(RelayMessage.Opened.class);
  }

  /** The answer may have ended where it became too long: the client goes on from what it has. */
  @Test
  void shouldGoOnFromWhereACatchUpInPartsWasCutOff() throws Exception {
    relay.insert(0, "first");
    VersionVector first = relay.version();
    Payload part = Payload.of(relay.changesSince(VersionVector.EMPTY));
    relay.insert(0, "second");
    VersionVector before = asked();
    RelayMessage.Opened cutOff =
        new RelayMessage.Opened(
            1, relay.version(), part, true, VersionVector.EMPTY, RelayMessage.Access.WRITE, first);

    assertThat(answer(cutOff)).hasSize(1);
    assertThat(before).isEqualTo(VersionVector.EMPTY);
    assertThat(channel.urgency()).isEqualTo(PolledChannel.Urgency.NOW);
    assertThat(asked()).isEqualTo(first);
    assertThat(answer(opened(first)))
        .singleElement()
        .isInstanceOfSatisfying(
            RelayMessage.Edits.class, told -> assertThat(told.vector()).isEqualTo(relay.version()));
    assertThat(asked()).isEqualTo(relay.version());
  }

  @Test
  void shouldSettleWhatARequestCarriedAndNoMore() throws Exception {
    TextDocument own = TextDocument.create(new ReplicaId(2));
    own.insert(0, "mine");
    channel.say(edits(own), 600);
    channel.say(edits(own), 500);
    channel.say(new ClientMessage.Ping(1, CLIENT_CHANNEL, null), 12);
    assertThat(channel.unsettledBytes()).isEqualTo(1_112);

    assertThat(channel.request(1_000)).hasSize(2);
    assertThat(channel.unsettledBytes()).isEqualTo(1_112);
    assertThat(channel.answered(List.of()).settledBytes()).isEqualTo(600);
    assertThat(channel.urgency()).isEqualTo(PolledChannel.Urgency.NOW);
    assertThat(channel.request(1_000)).hasSize(3);
    assertThat(channel.answered(List.of()).settledBytes()).isEqualTo(512);
    assertThat(channel.unsettledBytes()).isZero();
    assertThat(channel.urgency()).isEqualTo(PolledChannel.Urgency.NEVER);
  }

  private static ClientMessage.Edits edits(TextDocument own) {
    return new ClientMessage.Edits(
        CLIENT_CHANNEL, Payload.of(own.changesSince(VersionVector.EMPTY)), null);
  }

  private static Presence shown(int channel, long participant, long clock) {
    return new Presence(channel, participant, clock, false, 0, "name", 0, List.of(), Payload.EMPTY);
  }
}
