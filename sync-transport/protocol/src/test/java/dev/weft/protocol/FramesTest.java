package dev.weft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the codec refuses, with which words, and what it lets pass. */
class FramesTest {

  @Test
  void shouldRefuseFrameWhenItIsEmpty() {
    assertRefused(new byte[0], "it is empty");
  }

  @Test
  void shouldRefuseFrameWhenItCarriesTwoMessages() {
    Wire.ClientFrame ping =
        Wire.ClientFrame.newBuilder().setPing(Wire.Ping.getDefaultInstance()).build();
    Wire.ClientFrame close =
        Wire.ClientFrame.newBuilder().setClose(Wire.Close.newBuilder().setChannel(1)).build();

    assertRefused(
        ping.toByteString().concat(close.toByteString()).toByteArray(), "more than one message");
  }

  @Test
  void shouldRefuseFrameWhenMessageIsLongerThanFrame() {
    byte[] frame = Frames.encode(new ClientMessage.Renew("token"));
    frame[1]++;

    assertRefused(frame, "Renew is longer than its frame, length=8");
  }

  @Test
  void shouldRefuseFrameWhenFieldHasWrongWireType() {
    assertRefused(new byte[] {0x08, 0x01}, "Hello must have wire type 2, type=0");
  }

  @Test
  void shouldRefuseFrameWhenChannelIsMissing() {
    assertRefused(
        Wire.ClientFrame.newBuilder().setOpen(Wire.Open.getDefaultInstance()).build().toByteArray(),
        "channel must be from 1 to 2147483647, channel=0");
  }

  @Test
  void shouldRefuseFrameWhenChannelIsBeyondJavaInt() {
    assertRefused(
        Wire.ClientFrame.newBuilder()
            .setClose(Wire.Close.newBuilder().setChannel(-1))
            .build()
            .toByteArray(),
        "channel=-1");
  }

  @Test
  void shouldRefuseFrameWhenVectorIsMalformed() {
    assertRefused(
        Wire.ClientFrame.newBuilder()
            .setOpen(
                Wire.Open.newBuilder()
                    .setChannel(1)
                    .setDocument("notes")
                    .setVector(ByteString.copyFrom(new byte[] {1, 2, 3})))
            .build()
            .toByteArray(),
        "open.vector: malformed data at byte");
  }

  @Test
  void shouldRefuseFrameBeforeReadingItWhenItIsLongForItsKind() {
    Wire.Presence.Builder presence = Wire.Presence.newBuilder().setChannel(1);
    for (int i = 0; i <= Frames.MAX_SMALL_BYTES / 2; i++) {
      presence.addSelections(Wire.Selection.getDefaultInstance());
    }
    byte[] frame = Wire.ClientFrame.newBuilder().setPresence(presence).build().toByteArray();

    assertThatThrownBy(() -> Frames.decodeClient(frame))
        .isInstanceOfSatisfying(
            MalformedFrameException.class, e -> assertThat(e.code()).isEqualTo(Codes.TOO_LARGE))
        .hasMessage("frame too large: Presence has at most 65536 bytes, bytes=65540");
  }

  @Test
  void shouldTakeFrameOfManyMegabytesWhenItCarriesChanges() throws MalformedFrameException {
    ClientMessage edits = new ClientMessage.Edits(1, Payload.of(new byte[5 << 20]), null);

    assertThat(Frames.decodeClient(Frames.encode(edits))).isEqualTo(edits);
  }

  @Test
  void shouldGiveUnknownMessageWhenKindIsFromLaterVersion() throws MalformedFrameException {
    byte[] frame =
        Wire.ClientFrame.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        77,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                            .build())
                    .build())
            .build()
            .toByteArray();

    assertThat(Frames.decodeClient(frame)).isEqualTo(new ClientMessage.Unknown());
    assertThat(Frames.decodeRelay(frame)).isEqualTo(new RelayMessage.Unknown());
  }

  @Test
  void shouldTakeFsyncedWhenSaveNamesNoGuarantee() throws MalformedFrameException {
    byte[] frame =
        Wire.ClientFrame.newBuilder()
            .setSave(Wire.Save.newBuilder().setChannel(1).setId("s"))
            .build()
            .toByteArray();

    assertThat(Frames.decodeClient(frame))
        .isEqualTo(new ClientMessage.Save(1, "s", VersionVector.EMPTY, Guarantee.FSYNCED));
  }

  @Test
  void shouldTakeHighestKnownLevelWhenGuaranteeIsFromLaterVersion() throws MalformedFrameException {
    byte[] frame =
        Wire.RelayFrame.newBuilder()
            .setSaveAcknowledged(
                Wire.SaveAcknowledged.newBuilder()
                    .setChannel(1)
                    .setId("s")
                    .setGuarantee(Wire.Guarantee.newBuilder().setLevelValue(9).setCopies(3)))
            .build()
            .toByteArray();

    assertThat(Frames.decodeRelay(frame))
        .isEqualTo(
            new RelayMessage.SaveAcknowledged(
                1, "s", VersionVector.EMPTY, new Guarantee(Guarantee.Level.REPLICATED, 3)));
  }

  @Test
  void shouldTellNoVectorFromEmptyOneWhenVectorIsOptional() throws MalformedFrameException {
    ClientMessage none = new ClientMessage.Ping(1, 1, null);
    ClientMessage empty = new ClientMessage.Ping(1, 1, VersionVector.EMPTY);

    assertThat(Frames.decodeClient(Frames.encode(none))).isEqualTo(none);
    assertThat(Frames.decodeClient(Frames.encode(empty))).isEqualTo(empty);
  }

  @Test
  void shouldRefuseToEncodeWhenMessageIsUnknown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frames.encode(new ClientMessage.Unknown()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frames.encode(new RelayMessage.Unknown()));
  }

  @Test
  void shouldNameFieldValueAndBoundWhenMessageIsOutOfBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Refusal.forNow("", "why", 0))
        .withMessage("code must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClientMessage.Renew("中".repeat(6_000)))
        .withMessage("token must have at most 16384 bytes, bytes=18000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Guarantee(Guarantee.Level.REPLICATED, 1))
        .withMessage("copies must be at least 2 for REPLICATED, copies=1");
  }

  @Test
  void shouldKeepTokenOutOfTextWhenMessageIsPrinted() {
    assertThat(new ClientMessage.Hello("a", "secret", Capabilities.NONE, "").toString())
        .contains("token=given")
        .doesNotContain("secret");
    assertThat(new ClientMessage.Renew("secret").toString()).doesNotContain("secret");
  }

  @Test
  void shouldAgreeOnCapabilityWhenBothSidesNameIt() {
    Capabilities client = new Capabilities(Set.of("a"), Set.of("b", "c"));
    Capabilities relay = new Capabilities(Set.of("b"), Set.of("a", "d"));

    assertThat(client.agreedWith(relay)).containsExactlyInAnyOrder("a", "b");
    assertThat(client.missingFrom(relay)).isEmpty();
    assertThat(new Capabilities(Set.of("x", "a"), Set.of()).missingFrom(relay))
        .isEqualTo(Set.of("x"));
  }

  @Test
  void shouldBeAsSafeAsAskedWhenGuaranteeIsAtLeastThat() {
    Guarantee two = new Guarantee(Guarantee.Level.REPLICATED, 2);

    assertThat(two.satisfies(Guarantee.FSYNCED)).isTrue();
    assertThat(two.satisfies(two)).isTrue();
    assertThat(two.satisfies(new Guarantee(Guarantee.Level.REPLICATED, 3))).isFalse();
    assertThat(Guarantee.FSYNCED.satisfies(two)).isFalse();
  }

  @Test
  void shouldKeepOwnCopyWhenListIsGiven() {
    List<String> relays = new ArrayList<>(List.of("wss://one.example"));
    RelayMessage.Drain drain = new RelayMessage.Drain("upgrade", 1, 2, 3, relays);
    relays.clear();

    assertThat(drain.relays()).containsExactly("wss://one.example");
  }

  private static void assertRefused(byte[] frame, String why) {
    assertThatThrownBy(() -> Frames.decodeClient(frame))
        .isInstanceOfSatisfying(
            MalformedFrameException.class, e -> assertThat(e.code()).isEqualTo(Codes.MALFORMED))
        .hasMessageStartingWith("malformed frame: ")
        .hasMessageContaining(why);
  }
}
