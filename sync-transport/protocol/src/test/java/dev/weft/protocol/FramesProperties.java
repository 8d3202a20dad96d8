package dev.weft.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weft.protocol.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What comes out is what went in, and bytes from outside are read or refused, never worse. */
class FramesProperties {
  private static final UnknownFieldSet FROM_THE_FUTURE =
      UnknownFieldSet.newBuilder()
          .addField(98, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
          .addField(
              99,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFromUtf8("later"))
                  .addFixed64(1)
                  .build())
          .build();

  @Property
  void shouldGiveBackClientMessageWhenEncodedAndDecoded(@ForAll("client") ClientMessage message)
      throws MalformedFrameException {
    assertThat(Frames.decodeClient(Frames.encode(message))).isEqualTo(message);
  }

  @Property
  void shouldGiveBackRelayMessageWhenEncodedAndDecoded(@ForAll("relay") RelayMessage message)
      throws MalformedFrameException {
    assertThat(Frames.decodeRelay(Frames.encode(message))).isEqualTo(message);
  }

  @Property(tries = 200)
  void shouldReadWhatRemainsWhenFrameStandsInBuffer(@ForAll("client") ClientMessage message)
      throws MalformedFrameException {
    byte[] frame = Frames.encode(message);
    ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length + 10).position(5);
    buffer.put(frame).limit(buffer.position()).position(5);

    assertThat(Frames.decodeClient(buffer)).isEqualTo(message);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Property(tries = 200)
  void shouldPassOverFieldWhenItIsUnknown(@ForAll("client") ClientMessage message)
      throws IOException, MalformedFrameException {
    Wire.ClientFrame frame = Wire.ClientFrame.parseFrom(Frames.encode(message));
    Wire.ClientFrame.Builder later = frame.toBuilder().setUnknownFields(FROM_THE_FUTURE);
    if (message instanceof ClientMessage.Edits) {
      later.getEditsBuilder().setUnknownFields(FROM_THE_FUTURE);
    } else if (message instanceof ClientMessage.Hello) {
      later.getHelloBuilder().getCapabilitiesBuilder().setUnknownFields(FROM_THE_FUTURE);
    } else if (message instanceof ClientMessage.Save) {
      later.getSaveBuilder().getGuaranteeBuilder().setUnknownFields(FROM_THE_FUTURE);
    }

    assertThat(Frames.decodeClient(later.build().toByteArray())).isEqualTo(message);
  }

  @Property
  void shouldReadOrRefuseWhenBytesAreRandom(@ForAll byte[] bytes) {
    readOrRefuse(bytes);
  }

  @Property
  void shouldReadOrRefuseWhenClientFrameIsDamaged(
      @ForAll("client") ClientMessage message, @ForAll int at, @ForAll byte with) {
    readOrRefuse(damaged(Frames.encode(message), at, with));
  }

  @Property
  void shouldReadOrRefuseWhenRelayFrameIsDamaged(
      @ForAll("relay") RelayMessage message, @ForAll int at, @ForAll byte with) {
    readOrRefuse(damaged(Frames.encode(message), at, with));
  }

  @Property
  void shouldReadOrRefuseWhenFrameIsCutOff(@ForAll("relay") RelayMessage message, @ForAll int at) {
    byte[] frame = Frames.encode(message);
    readOrRefuse(Arrays.copyOf(frame, Math.floorMod(at, frame.length)));
  }

  @Provide
  Arbitrary<ClientMessage> client() {
    return Messages.client();
  }

  @Provide
  Arbitrary<RelayMessage> relay() {
    return Messages.relay();
  }

  private static byte[] damaged(byte[] frame, int at, byte with) {
    frame[Math.floorMod(at, frame.length)] = with;
    return frame;
  }

  /** Any exception but the one that the codec promises fails the property. */
  private static void readOrRefuse(byte[] bytes) {
    try {
      assertThat(Frames.decodeClient(bytes)).isNotNull();
    } catch (MalformedFrameException e) {
      assertThat(e).hasMessageMatching("(?s)(malformed frame|frame too large): .+");
    }
    try {
      assertThat(Frames.decodeRelay(bytes)).isNotNull();
    } catch (MalformedFrameException e) {
      assertThat(e).hasMessageMatching("(?s)(malformed frame|frame too large): .+");
    }
  }
}
