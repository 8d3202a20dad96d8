package dev.weft.protocol;

import static dev.weft.protocol.WireValues.bytes;
import static dev.weft.protocol.WireValues.optionalVector;
import static dev.weft.protocol.WireValues.payload;
import static dev.weft.protocol.WireValues.vector;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.crdt.ReplicaId;
import dev.weft.protocol.Envelope.Kind;
import dev.weft.protocol.wire.Wire;
import dev.weft.protocol.wire.Wire.ClientFrame;
import java.util.Map;

/** The codec of what clients send. Stateless. */
final class ClientFrames {
  static final Map<Integer, Kind> KINDS =
      Map.of(
          ClientFrame.HELLO_FIELD_NUMBER, Kind.small("Hello"),
          ClientFrame.OPEN_FIELD_NUMBER, Kind.control("Open"),
          ClientFrame.EDITS_FIELD_NUMBER, Kind.bulk("Edits"),
          ClientFrame.SAVE_FIELD_NUMBER, Kind.control("Save"),
          ClientFrame.PRESENCE_FIELD_NUMBER, Kind.small("Presence"),
          ClientFrame.PING_FIELD_NUMBER, Kind.control("Ping"),
          ClientFrame.CLOSE_FIELD_NUMBER, Kind.control("Close"),
          ClientFrame.RENEW_FIELD_NUMBER, Kind.small("Renew"),
          ClientFrame.REPORT_FIELD_NUMBER, Kind.small("Report"));

  private ClientFrames() {}

  static byte[] encode(ClientMessage message) {
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    if (message instanceof ClientMessage.Edits edits) {
      frame.setEdits(
          Wire.Edits.newBuilder()
              .setChannel(edits.channel())
              .setChanges(bytes(edits.changes()))
              .setVector(optionalVector(edits.vector())));
    } else if (message instanceof ClientMessage.Ping ping) {
      frame.setPing(
          Wire.Ping.newBuilder()
              .setNonce(ping.nonce())
              .setChannel(ping.channel())
              .setVector(optionalVector(ping.vector())));
    } else if (message instanceof Presence presence) {
      frame.setPresence(WireValues.presence(presence));
    } else if (message instanceof ClientMessage.Save save) {
      frame.setSave(
          Wire.Save.newBuilder()
              .setChannel(save.channel())
              .setId(save.id())
              .setVector(vector(save.vector()))
              .setGuarantee(WireValues.guarantee(save.guarantee()))
              .setDigest(save.digest()));
    } else if (message instanceof ClientMessage.Open open) {
      frame.setOpen(open(open));
    } else if (message instanceof ClientMessage.Close close) {
      frame.setClose(Wire.Close.newBuilder().setChannel(close.channel()));
    } else if (message instanceof ClientMessage.Hello hello) {
      frame.setHello(
          Wire.Hello.newBuilder()
              .setAgent(hello.agent())
              .setToken(hello.token())
              .setCapabilities(WireValues.capabilities(hello.capabilities()))
              .setPreviousSession(hello.previousSession()));
    } else if (message instanceof ClientMessage.Renew renew) {
      frame.setRenew(Wire.Renew.newBuilder().setToken(renew.token()));
    } else if (message instanceof ClientMessage.Report report) {
      frame.setReport(
          Wire.Report.newBuilder()
              .addAllKeystrokeMicros(report.keystrokeMicros())
              .addAllSaveMicros(report.saveMicros()));
    } else {
      throw new IllegalArgumentException("this message stands for what cannot be sent: " + message);
    }
    return frame.build().toByteArray();
  }

  static ClientMessage decode(Envelope envelope) throws MalformedFrameException {
    try {
      return switch (envelope.field()) {
        case ClientFrame.HELLO_FIELD_NUMBER -> hello(envelope.read(Wire.Hello.parser()));
        case ClientFrame.OPEN_FIELD_NUMBER -> open(envelope.read(Wire.Open.parser()));
        case ClientFrame.EDITS_FIELD_NUMBER -> edits(envelope.read(Wire.Edits.parser()));
        case ClientFrame.SAVE_FIELD_NUMBER -> save(envelope.read(Wire.Save.parser()));
        case ClientFrame.PRESENCE_FIELD_NUMBER ->
            WireValues.presence(envelope.read(Wire.Presence.parser()));
        case ClientFrame.PING_FIELD_NUMBER -> ping(envelope.read(Wire.Ping.parser()));
        case ClientFrame.CLOSE_FIELD_NUMBER ->
            new ClientMessage.Close(envelope.read(Wire.Close.parser()).getChannel());
        case ClientFrame.RENEW_FIELD_NUMBER ->
            new ClientMessage.Renew(envelope.read(Wire.Renew.parser()).getToken());
        case ClientFrame.REPORT_FIELD_NUMBER -> report(envelope.read(Wire.Report.parser()));
        default -> new ClientMessage.Unknown();
      };
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MalformedFrameException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ClientMessage hello(Wire.Hello wire) {
    return new ClientMessage.Hello(
        wire.getAgent(),
        wire.getToken(),
        WireValues.capabilities(wire.getCapabilities()),
        wire.getPreviousSession());
  }

  private static Wire.Open.Builder open(ClientMessage.Open open) {
    Wire.Open.Builder wire =
        Wire.Open.newBuilder()
            .setChannel(open.channel())
            .setDocument(open.document())
            .setVector(vector(open.vector()))
            .setDigest(open.digest());
    ReplicaId writer = open.writer();
    if (writer != null) {
      wire.setWriter(writer.bits());
    }
    return wire;
  }

  private static ClientMessage open(Wire.Open wire) throws MalformedFrameException {
    return new ClientMessage.Open(
        wire.getChannel(),
        wire.getDocument(),
        vector("open.vector", wire.getVector()),
        wire.getDigest(),
        wire.hasWriter() ? new ReplicaId(wire.getWriter()) : null);
  }

  private static ClientMessage edits(Wire.Edits wire) throws MalformedFrameException {
    return new ClientMessage.Edits(
        wire.getChannel(),
        payload(wire.getChanges()),
        optionalVector("edits.vector", wire.getVector()));
  }

  private static ClientMessage save(Wire.Save wire) throws MalformedFrameException {
    return new ClientMessage.Save(
        wire.getChannel(),
        wire.getId(),
        vector("save.vector", wire.getVector()),
        wire.hasGuarantee() ? WireValues.guarantee(wire.getGuarantee()) : Guarantee.FSYNCED,
        wire.getDigest());
  }

  private static ClientMessage report(Wire.Report wire) {
    return new ClientMessage.Report(wire.getKeystrokeMicrosList(), wire.getSaveMicrosList());
  }

  private static ClientMessage ping(Wire.Ping wire) throws MalformedFrameException {
    return new ClientMessage.Ping(
        wire.getNonce(), wire.getChannel(), optionalVector("ping.vector", wire.getVector()));
  }
}
