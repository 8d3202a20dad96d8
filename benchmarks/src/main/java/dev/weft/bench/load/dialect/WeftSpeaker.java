package dev.weft.bench.load.dialect;

import dev.weft.crdt.Bias;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** A client of a relay. Confined to the loop. */
final class WeftSpeaker implements Speaker {
  private static final int CHANNEL = 1;
  private static final String AGENT = "weft-load";
  private static final int COLOR = 0x808080;

  private final String token;
  private final String document;
  private final ReplicaId replica;
  private final Edits edits;
  private final Ear ear;
  private final TextDocument written;
  private Consumer<byte[]> wire = WeftSpeaker::nowhere;
  private VersionVector seen = VersionVector.EMPTY;
  private long said;
  private int caret;

  WeftSpeaker(String token, String document, long writer, Edits edits, Ear ear) {
    this.token = token;
    this.document = document;
    this.replica = new ReplicaId(writer);
    this.edits = edits;
    this.ear = ear;
    this.written = TextDocument.create(replica);
  }

  private static void nowhere(byte[] message) {}

  // --- What it says ---

  @Override
  public void begin(Consumer<byte[]> newWire) {
    wire = newWire;
    say(new ClientMessage.Hello(AGENT, token, Capabilities.NONE, ""));
    say(new ClientMessage.Open(CHANNEL, document, seen));
  }

  @Override
  public void type() {
    edits.next(written.length(), this::replace);
  }

  private void replace(int start, int end, String inserted) {
    if (start == end) {
      written.insert(start, inserted);
    } else if (inserted.isEmpty()) {
      written.delete(start, end);
    } else {
      written.replace(start, end, inserted);
    }
    caret = start + inserted.length();
  }

  @Override
  public void sayEdits() {
    sayEditsSince(said);
  }

  private void sayEditsSince(long sequence) {
    said = written.nextSequence();
    if (sequence < said) {
      say(
          new ClientMessage.Edits(
              CHANNEL, Payload.of(written.ownChangesSince(sequence)), written.version()));
    }
  }

  @Override
  public long events() {
    return written.nextSequence();
  }

  @Override
  public void save(String id) {
    say(new ClientMessage.Save(CHANNEL, id, written.version(), Guarantee.FSYNCED));
  }

  @Override
  public void showCaret(long clock) {
    Payload anchor = Payload.of(written.anchor(caret, Bias.LEFT).toBytes());
    say(
        new Presence(
            CHANNEL,
            replica.bits(),
            clock,
            false,
            0,
            "load",
            COLOR,
            List.of(new Presence.Selection(anchor, anchor)),
            Payload.EMPTY));
  }

  /** As a client does: of the connection, and of what was sent of the document. */
  @Override
  public void ask(long nonce) {
    say(new ClientMessage.Ping(nonce, 0, null));
    say(new ClientMessage.Ping(nonce, CHANNEL, null));
  }

  private void say(ClientMessage message) {
    wire.accept(Frames.encode(message));
  }

  // --- What it hears ---

  @Override
  public void hear(ByteBuffer bytes) {
    try {
      hear(Frames.decodeRelay(bytes));
    } catch (MalformedFrameException | MalformedUpdateException e) {
      ear.puzzled(String.valueOf(e.getMessage()));
    }
  }

  private void hear(RelayMessage message) throws MalformedUpdateException {
    if (message instanceof RelayMessage.Edits told) {
      changes(told.changes());
    } else if (message instanceof RelayMessage.Pong pong) {
      if (pong.channel() == 0) {
        ear.answered(pong.nonce());
      }
    } else if (message instanceof Presence presence) {
      if (!presence.gone()) {
        ear.caret(presence.participant(), presence.clock());
      }
    } else if (message instanceof RelayMessage.Opened opened) {
      changes(opened.changes());
      sayEditsSince(Math.min(said, opened.vector().next(replica)));
      ear.caughtUp();
    } else if (message instanceof RelayMessage.Resend resend) {
      sayEditsSince(Math.min(said, resend.vector().next(replica)));
    } else if (message instanceof RelayMessage.SaveAcknowledged saved) {
      ear.saved(saved.id(), saved.guarantee().level().name().toLowerCase(Locale.ROOT));
    } else if (message instanceof RelayMessage.SaveRefused refused) {
      ear.saveRefused(
          refused.id(),
          refused.refusal().code(),
          refused.refusal().retryable() ? refused.refusal().retryAfterMillis() : -1);
    } else if (message instanceof RelayMessage.Throttle throttle) {
      ear.throttled(throttle.code(), throttle.windowMillis(), throttle.lastsMillis());
    } else if (message instanceof RelayMessage.Fault fault) {
      ear.refused(fault.refusal().code(), fault.refusal().reason());
    } else if (message instanceof RelayMessage.Drain drain) {
      ear.refused("draining", drain.reason());
    }
  }

  private void changes(Payload update) throws MalformedUpdateException {
    if (update.isEmpty()) {
      return;
    }
    for (Change change : Change.parse(update.bytes())) {
      if (change.end() > seen.next(change.replica())) {
        seen = seen.toBuilder().advance(change.replica(), change.end()).build();
        ear.progress(change.replica().bits(), change.end());
      }
    }
  }
}
