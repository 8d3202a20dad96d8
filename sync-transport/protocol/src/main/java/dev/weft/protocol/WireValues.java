package dev.weft.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the values that messages are made of into those of the generated classes, and back. */
final class WireValues {
  private WireValues() {}

  /** Absent bytes are the empty vector: fields that always mean one need no byte to say it. */
  static ByteString vector(VersionVector vector) {
    return vector.isEmpty() ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(vector.toBytes());
  }

  static VersionVector vector(String name, ByteString bytes) throws MalformedFrameException {
    return bytes.isEmpty() ? VersionVector.EMPTY : parse(name, bytes);
  }

  /** Absent bytes are no vector at all; the empty one has a byte. */
  static ByteString optionalVector(@Nullable VersionVector vector) {
    return vector == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(vector.toBytes());
  }

  static @Nullable VersionVector optionalVector(String name, ByteString bytes)
      throws MalformedFrameException {
    return bytes.isEmpty() ? null : parse(name, bytes);
  }

  /** Beside changes, too, a vector is no longer than where it stands alone. */
  private static VersionVector parse(String name, ByteString bytes) throws MalformedFrameException {
    if (bytes.size() > Frames.MAX_CONTROL_BYTES) {
      throw MalformedFrameException.tooLarge(name, bytes.size(), Frames.MAX_CONTROL_BYTES);
    }
    try {
      return VersionVector.parse(bytes.toByteArray());
    } catch (MalformedUpdateException e) {
      throw new MalformedFrameException(name + ": " + e.getMessage(), e);
    }
  }

  static ByteString bytes(Payload payload) {
    return UnsafeByteOperations.unsafeWrap(payload.bytes());
  }

  static Payload payload(ByteString bytes) {
    return Payload.of(bytes.toByteArray());
  }

  static Wire.Capabilities capabilities(Capabilities capabilities) {
    return Wire.Capabilities.newBuilder()
        .addAllRequired(sorted(capabilities.required()))
        .addAllOptional(sorted(capabilities.optional()))
        .build();
  }

  static Capabilities capabilities(Wire.Capabilities wire) {
    return new Capabilities(
        new LinkedHashSet<>(wire.getRequiredList()), new LinkedHashSet<>(wire.getOptionalList()));
  }

  /** The same message has the same bytes, whatever the order of a set. */
  private static List<String> sorted(Iterable<String> names) {
    List<String> sorted = new ArrayList<>();
    names.forEach(sorted::add);
    sorted.sort(null);
    return sorted;
  }

  static Wire.Guarantee guarantee(Guarantee guarantee) {
    return Wire.Guarantee.newBuilder()
        .setLevel(
            switch (guarantee.level()) {
              case FSYNCED -> Wire.GuaranteeLevel.GUARANTEE_LEVEL_FSYNCED;
              case REPLICATED -> Wire.GuaranteeLevel.GUARANTEE_LEVEL_REPLICATED;
            })
        .setCopies(guarantee.copies())
        .build();
  }

  static Guarantee guarantee(Wire.Guarantee wire) throws MalformedFrameException {
    int level = wire.getLevelValue();
    if (level < Wire.GuaranteeLevel.GUARANTEE_LEVEL_FSYNCED_VALUE) {
      throw new MalformedFrameException("guarantee.level must be given, level=" + level);
    }
    // Levels ascend, so one of a later version gives at least what the highest known one gives.
    return new Guarantee(
        level < Wire.GuaranteeLevel.GUARANTEE_LEVEL_REPLICATED_VALUE
            ? Guarantee.Level.FSYNCED
            : Guarantee.Level.REPLICATED,
        wire.getCopies());
  }

  static Wire.Presence presence(Presence presence) {
    Wire.Presence.Builder wire =
        Wire.Presence.newBuilder()
            .setChannel(presence.channel())
            .setParticipant(presence.participant())
            .setClock(presence.clock())
            .setGone(presence.gone())
            .setExpiresAfterMillis(presence.expiresAfterMillis())
            .setName(presence.name())
            .setColor(presence.color())
            .setExtension(bytes(presence.extension()));
    for (Presence.Selection selection : presence.selections()) {
      wire.addSelections(
          Wire.Selection.newBuilder()
              .setAnchor(bytes(selection.anchor()))
              .setHead(bytes(selection.head())));
    }
    return wire.build();
  }

  static Presence presence(Wire.Presence wire) {
    // Before the list is copied: what is refused costs nothing.
    if (wire.getSelectionsCount() > Presence.MAX_SELECTIONS) {
      throw new IllegalArgumentException(
          "selections must be at most "
              + Presence.MAX_SELECTIONS
              + ", count="
              + wire.getSelectionsCount());
    }
    List<Presence.Selection> selections = new ArrayList<>(wire.getSelectionsCount());
    for (Wire.Selection selection : wire.getSelectionsList()) {
      selections.add(
          new Presence.Selection(payload(selection.getAnchor()), payload(selection.getHead())));
    }
    return new Presence(
        wire.getChannel(),
        wire.getParticipant(),
        wire.getClock(),
        wire.getGone(),
        wire.getExpiresAfterMillis(),
        wire.getName(),
        wire.getColor(),
        selections,
        payload(wire.getExtension()));
  }

  static Wire.ChangeRange range(RelayMessage.ChangeRange range) {
    return Wire.ChangeRange.newBuilder()
        .setReplica(range.replica().bits())
        .setStart(range.start())
        .setEnd(range.end())
        .build();
  }

  static RelayMessage.ChangeRange range(Wire.ChangeRange wire) {
    return new RelayMessage.ChangeRange(
        new ReplicaId(wire.getReplica()), wire.getStart(), wire.getEnd());
  }
}
