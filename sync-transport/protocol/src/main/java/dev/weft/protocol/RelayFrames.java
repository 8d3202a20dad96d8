package dev.weft.protocol;

import static dev.weft.protocol.WireValues.bytes;
import static dev.weft.protocol.WireValues.optionalVector;
import static dev.weft.protocol.WireValues.payload;
import static dev.weft.protocol.WireValues.vector;
import static java.util.Map.entry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.protocol.Envelope.Kind;
import dev.weft.protocol.wire.Wire;
import dev.weft.protocol.wire.Wire.RelayFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The codec of what relays send. Stateless. */
final class RelayFrames {
  static final Map<Integer, Kind> KINDS =
      Map.ofEntries(
          entry(RelayFrame.WELCOME_FIELD_NUMBER, Kind.small("Welcome")),
          entry(RelayFrame.OPENED_FIELD_NUMBER, Kind.bulk("Opened")),
          entry(RelayFrame.EDITS_FIELD_NUMBER, Kind.bulk("Edits")),
          entry(RelayFrame.DURABLE_FIELD_NUMBER, Kind.control("Durable")),
          entry(RelayFrame.SAVE_ACKNOWLEDGED_FIELD_NUMBER, Kind.control("SaveAcknowledged")),
          entry(RelayFrame.SAVE_REFUSED_FIELD_NUMBER, Kind.control("SaveRefused")),
          entry(RelayFrame.PRESENCE_FIELD_NUMBER, Kind.small("Presence")),
          entry(RelayFrame.PONG_FIELD_NUMBER, Kind.control("Pong")),
          entry(RelayFrame.THROTTLE_FIELD_NUMBER, Kind.control("Throttle")),
          entry(RelayFrame.DRAIN_FIELD_NUMBER, Kind.control("Drain")),
          entry(RelayFrame.ERROR_FIELD_NUMBER, Kind.control("Error")),
          entry(RelayFrame.RESEND_FIELD_NUMBER, Kind.control("Resend")),
          entry(RelayFrame.STORE_STATE_FIELD_NUMBER, Kind.control("StoreState")));

  private RelayFrames() {}

  static byte[] encode(RelayMessage message) {
    RelayFrame.Builder frame = RelayFrame.newBuilder();
    if (message instanceof RelayMessage.Edits edits) {
      frame.setEdits(
          Wire.Edits.newBuilder()
              .setChannel(edits.channel())
              .setChanges(bytes(edits.changes()))
              .setMore(edits.more())
              .setVector(optionalVector(edits.vector())));
    } else if (message instanceof RelayMessage.Durable durable) {
      frame.setDurable(
          Wire.Durable.newBuilder()
              .setChannel(durable.channel())
              .setVector(vector(durable.vector())));
    } else if (message instanceof RelayMessage.Pong pong) {
      frame.setPong(
          Wire.Pong.newBuilder()
              .setNonce(pong.nonce())
              .setChannel(pong.channel())
              .setVector(optionalVector(pong.vector())));
    } else if (message instanceof Presence presence) {
      frame.setPresence(WireValues.presence(presence));
    } else if (message instanceof RelayMessage.Opened opened) {
      frame.setOpened(opened(opened));
    } else if (message instanceof RelayMessage.SaveAcknowledged save) {
      frame.setSaveAcknowledged(
          Wire.SaveAcknowledged.newBuilder()
              .setChannel(save.channel())
              .setId(save.id())
              .setVector(vector(save.vector()))
              .setGuarantee(WireValues.guarantee(save.guarantee())));
    } else if (message instanceof RelayMessage.SaveRefused save) {
      frame.setSaveRefused(
          Wire.SaveRefused.newBuilder()
              .setChannel(save.channel())
              .setId(save.id())
              .setCode(save.refusal().code())
              .setReason(save.refusal().reason())
              .setRetryable(save.refusal().retryable())
              .setRetryAfterMillis(save.refusal().retryAfterMillis()));
    } else if (message instanceof RelayMessage.Resend resend) {
      frame.setResend(
          Wire.Resend.newBuilder().setChannel(resend.channel()).setVector(vector(resend.vector())));
    } else if (message instanceof RelayMessage.Throttle throttle) {
      frame.setThrottle(
          Wire.Throttle.newBuilder()
              .setChannel(throttle.channel())
              .setWindowMillis(throttle.windowMillis())
              .setLastsMillis(throttle.lastsMillis())
              .setCode(throttle.code())
              .setReason(throttle.reason()));
    } else if (message instanceof RelayMessage.StoreState state) {
      frame.setStoreState(
          Wire.StoreState.newBuilder()
              .setAvailable(state.available())
              .setCode(state.code())
              .setReason(state.reason()));
    } else if (message instanceof RelayMessage.Fault fault) {
      frame.setError(error(fault));
    } else if (message instanceof RelayMessage.Drain drain) {
      frame.setDrain(
          Wire.Drain.newBuilder()
              .setReason(drain.reason())
              .setDeadlineMillis(drain.deadlineMillis())
              .setReconnectAfterMillis(drain.reconnectAfterMillis())
              .setJitterMillis(drain.jitterMillis())
              .addAllRelays(drain.relays()));
    } else if (message instanceof RelayMessage.Welcome welcome) {
      frame.setWelcome(welcome(welcome));
    } else {
      throw new IllegalArgumentException("this message stands for what cannot be sent: " + message);
    }
    return frame.build().toByteArray();
  }

  static RelayMessage decode(Envelope envelope) throws MalformedFrameException {
    try {
      return switch (envelope.field()) {
        case RelayFrame.WELCOME_FIELD_NUMBER -> welcome(envelope.read(Wire.Welcome.parser()));
        case RelayFrame.OPENED_FIELD_NUMBER -> opened(envelope.read(Wire.Opened.parser()));
        case RelayFrame.EDITS_FIELD_NUMBER -> edits(envelope.read(Wire.Edits.parser()));
        case RelayFrame.DURABLE_FIELD_NUMBER -> durable(envelope.read(Wire.Durable.parser()));
        case RelayFrame.SAVE_ACKNOWLEDGED_FIELD_NUMBER ->
            saveAcknowledged(envelope.read(Wire.SaveAcknowledged.parser()));
        case RelayFrame.SAVE_REFUSED_FIELD_NUMBER ->
            saveRefused(envelope.read(Wire.SaveRefused.parser()));
        case RelayFrame.PRESENCE_FIELD_NUMBER ->
            WireValues.presence(envelope.read(Wire.Presence.parser()));
        case RelayFrame.PONG_FIELD_NUMBER -> pong(envelope.read(Wire.Pong.parser()));
        case RelayFrame.THROTTLE_FIELD_NUMBER -> throttle(envelope.read(Wire.Throttle.parser()));
        case RelayFrame.DRAIN_FIELD_NUMBER -> drain(envelope.read(Wire.Drain.parser()));
        case RelayFrame.ERROR_FIELD_NUMBER -> fault(envelope.read(Wire.Error.parser()));
        case RelayFrame.RESEND_FIELD_NUMBER -> resend(envelope.read(Wire.Resend.parser()));
        case RelayFrame.STORE_STATE_FIELD_NUMBER ->
            storeState(envelope.read(Wire.StoreState.parser()));
        default -> new RelayMessage.Unknown();
      };
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MalformedFrameException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Wire.Welcome welcome(RelayMessage.Welcome welcome) {
    ConnectionLimits limits = welcome.limits();
    return Wire.Welcome.newBuilder()
        .setAgent(welcome.agent())
        .setSession(welcome.session())
        .setLimits(
            Wire.Limits.newBuilder()
                .setMaxFrameBytes(limits.maxFrameBytes())
                .setMaxChannels(limits.maxChannels())
                .setMaxPendingSaves(limits.maxPendingSaves())
                .setMaxPresenceBytes(limits.maxPresenceBytes()))
        .setCapabilities(WireValues.capabilities(welcome.capabilities()))
        .setHeartbeatMillis(welcome.heartbeatMillis())
        .setIdleTimeoutMillis(welcome.idleTimeoutMillis())
        .setTokenValidMillis(welcome.tokenValidMillis())
        .build();
  }

  private static RelayMessage welcome(Wire.Welcome wire) {
    Wire.Limits limits = wire.getLimits();
    return new RelayMessage.Welcome(
        wire.getAgent(),
        wire.getSession(),
        new ConnectionLimits(
            limits.getMaxFrameBytes(),
            limits.getMaxChannels(),
            limits.getMaxPendingSaves(),
            limits.getMaxPresenceBytes()),
        WireValues.capabilities(wire.getCapabilities()),
        wire.getHeartbeatMillis(),
        wire.getIdleTimeoutMillis(),
        wire.getTokenValidMillis());
  }

  private static Wire.Opened opened(RelayMessage.Opened opened) {
    return Wire.Opened.newBuilder()
        .setChannel(opened.channel())
        .setVector(vector(opened.vector()))
        .setChanges(bytes(opened.changes()))
        .setMore(opened.more())
        .setDurable(vector(opened.durable()))
        .setAccess(
            switch (opened.access()) {
              case READ -> Wire.Access.ACCESS_READ;
              case WRITE -> Wire.Access.ACCESS_WRITE;
            })
        .setAfter(optionalVector(opened.after()))
        .build();
  }

  private static RelayMessage opened(Wire.Opened wire) throws MalformedFrameException {
    return new RelayMessage.Opened(
        wire.getChannel(),
        vector("opened.vector", wire.getVector()),
        payload(wire.getChanges()),
        wire.getMore(),
        vector("opened.durable", wire.getDurable()),
        // Whatever else a later relay grants, only this much of it is understood here.
        wire.getAccess() == Wire.Access.ACCESS_WRITE
            ? RelayMessage.Access.WRITE
            : RelayMessage.Access.READ,
        optionalVector("opened.after", wire.getAfter()));
  }

  private static RelayMessage edits(Wire.Edits wire) throws MalformedFrameException {
    return new RelayMessage.Edits(
        wire.getChannel(),
        payload(wire.getChanges()),
        wire.getMore(),
        optionalVector("edits.vector", wire.getVector()));
  }

  private static RelayMessage durable(Wire.Durable wire) throws MalformedFrameException {
    return new RelayMessage.Durable(wire.getChannel(), vector("durable.vector", wire.getVector()));
  }

  private static RelayMessage resend(Wire.Resend wire) throws MalformedFrameException {
    return new RelayMessage.Resend(wire.getChannel(), vector("resend.vector", wire.getVector()));
  }

  private static RelayMessage saveAcknowledged(Wire.SaveAcknowledged wire)
      throws MalformedFrameException {
    return new RelayMessage.SaveAcknowledged(
        wire.getChannel(),
        wire.getId(),
        vector("save_acknowledged.vector", wire.getVector()),
        WireValues.guarantee(wire.getGuarantee()));
  }

  private static RelayMessage saveRefused(Wire.SaveRefused wire) {
    return new RelayMessage.SaveRefused(
        wire.getChannel(),
        wire.getId(),
        new Refusal(
            wire.getCode(), wire.getReason(), wire.getRetryable(), wire.getRetryAfterMillis()));
  }

  private static RelayMessage pong(Wire.Pong wire) throws MalformedFrameException {
    return new RelayMessage.Pong(
        wire.getNonce(), wire.getChannel(), optionalVector("pong.vector", wire.getVector()));
  }

  private static RelayMessage throttle(Wire.Throttle wire) {
    return new RelayMessage.Throttle(
        wire.getChannel(),
        wire.getWindowMillis(),
        wire.getLastsMillis(),
        wire.getCode(),
        wire.getReason());
  }

  private static RelayMessage storeState(Wire.StoreState wire) {
    return new RelayMessage.StoreState(wire.getAvailable(), wire.getCode(), wire.getReason());
  }

  private static RelayMessage drain(Wire.Drain wire) {
    return new RelayMessage.Drain(
        wire.getReason(),
        wire.getDeadlineMillis(),
        wire.getReconnectAfterMillis(),
        wire.getJitterMillis(),
        wire.getRelaysList());
  }

  private static Wire.Error error(RelayMessage.Fault fault) {
    Wire.Error.Builder wire =
        Wire.Error.newBuilder()
            .setScope(
                switch (fault.scope()) {
                  case CONNECTION -> Wire.ErrorScope.ERROR_SCOPE_CONNECTION;
                  case CHANNEL -> Wire.ErrorScope.ERROR_SCOPE_CHANNEL;
                  case CHANGES -> Wire.ErrorScope.ERROR_SCOPE_CHANGES;
                })
            .setChannel(fault.channel())
            .setCode(fault.refusal().code())
            .setReason(fault.refusal().reason())
            .setRetryable(fault.refusal().retryable())
            .setRetryAfterMillis(fault.refusal().retryAfterMillis());
    fault.changes().forEach(range -> wire.addChanges(WireValues.range(range)));
    return wire.build();
  }

  private static RelayMessage fault(Wire.Error wire) throws MalformedFrameException {
    RelayMessage.Scope scope =
        switch (wire.getScope()) {
          case ERROR_SCOPE_CONNECTION -> RelayMessage.Scope.CONNECTION;
          case ERROR_SCOPE_CHANNEL -> RelayMessage.Scope.CHANNEL;
          case ERROR_SCOPE_CHANGES -> RelayMessage.Scope.CHANGES;
          case ERROR_SCOPE_UNSPECIFIED, UNRECOGNIZED ->
              throw new MalformedFrameException(
                  "error.scope must be known, scope=" + wire.getScopeValue());
        };
    List<RelayMessage.ChangeRange> changes = new ArrayList<>();
    for (Wire.ChangeRange range : wire.getChangesList()) {
      changes.add(WireValues.range(range));
    }
    return new RelayMessage.Fault(
        scope,
        wire.getChannel(),
        new Refusal(
            wire.getCode(), wire.getReason(), wire.getRetryable(), wire.getRetryAfterMillis()),
        changes);
  }
}
