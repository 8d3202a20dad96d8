package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.ForkedReplicaException;
import dev.weft.crdt.Limits;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes in what clients and other relays send of one document: what is good becomes news and is
 * written, what is bad is refused to whoever has sent it. Confined to the document's worker.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  /** The most that an Edits message has beside its changes. */
  private static final int ENVELOPE_BYTES = 64;

  private final OpenDocument document;
  private final Channels channels;
  private final DocumentBody body;
  private final RelayedText text;
  private final DocumentWriter writer;
  private final Writers writers;
  private final News news;
  private final PendingSaves saves;
  private final RelayTimes times;
  private final RelayMetrics metrics;
  private final Limits limits;
  private final int maxUpdateBytes;

  Intake(
      OpenDocument document,
      DocumentBody body,
      RelayedText text,
      DocumentWriter writer,
      News news,
      RelayTimes times,
      RelayBounds bounds,
      RelayMetrics metrics) {
    this.document = document;
    this.channels = document.channels();
    this.body = body;
    this.text = text;
    this.writer = writer;
    this.writers = channels.writers();
    this.news = news;
    this.saves = channels.saves();
    this.times = times;
    this.metrics = metrics;
    this.limits = bounds.document();
    // What is passed on has an envelope of its own, which may be longer than the client's.
    this.maxUpdateBytes = bounds.connection().maxFrameBytes() - ENVELOPE_BYTES;
  }

  /** A client has sent changes. */
  void edits(Channel channel, Payload update, @Nullable VersionVector vector) {
    try {
      if (channel.access != DocumentAccess.WRITE) {
        refuse(channel, text.unknown(update));
      } else if (requireRoom(channel, update)) {
        take(channel, update, vector);
      }
    } catch (MalformedUpdateException e) {
      channels.close(
          channel, Refusal.forGood(Codes.MALFORMED, Sentences.within(e.getMessage())), List.of());
    }
  }

  private boolean requireRoom(Channel channel, Payload update) {
    Refusal refusal = null;
    if (writer.isFull()) {
      int retryMillis = Math.toIntExact(times.storeRetry().toMillis());
      refusal =
          writer.isFailing()
              ? Refusals.storeUnwritable(retryMillis)
              : Refusals.storeFull(retryMillis);
    } else if (update.size() > maxUpdateBytes) {
      refusal =
          Refusal.forGood(
              Codes.TOO_LARGE, "Changes sent at once have at most " + maxUpdateBytes + " bytes.");
    }
    if (refusal != null) {
      channels.close(channel, refusal, List.of());
    }
    return refusal == null;
  }

  private void take(Channel channel, Payload update, @Nullable VersionVector vector)
      throws MalformedUpdateException {
    if (!news.hasRoomFor(update.size())) {
      body.passOn();
    }
    List<Change> changes = text.read(update);
    Refusal refusal = writers.refusal(channel, changes, text.version(), channels.now());
    if (refusal != null) {
      channels.close(channel, refusal, List.of());
      return;
    }
    RelayedText.Outcome outcome = text.take(channel, changes, update);
    settle(outcome);
    if (outcome.gap() || (vector != null && !text.version().includes(vector))) {
      askAgain(channel);
    }
  }

  /** Answers changes of a client that may only read: none is taken in, and the channel stays. */
  private static void refuse(Channel channel, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    channel.answer(
        new RelayMessage.Fault(
            RelayMessage.Scope.CHANGES,
            channel.number,
            Refusals.readOnly(),
            changes.stream().limit(RelayMessage.Fault.MAX_RANGES).map(Intake::range).toList()));
  }

  /** Another relay has announced changes. */
  void announced(List<Change> changes) {
    // While the store fails, no more is taken in than from clients. It will be found there later.
    if (!writer.isFull()) {
      settle(text.takeFromRelay(changes));
    }
  }

  /** Another relay has stored changes. */
  void foundInStore(List<Change> changes) {
    writer.found(changes);
    settle(text.takeFromRelay(changes));
  }

  /** Sees to what came of changes, whoever has sent them. */
  private void settle(RelayedText.Outcome outcome) {
    for (RelayedText.Accepted accepted : outcome.accepted()) {
      accept(accepted);
    }
    for (RelayedText.Poisonous poisonous : outcome.poisonous()) {
      refuse(poisonous);
    }
    if (!outcome.accepted().isEmpty() && saves.editsCame(text.version())) {
      writer.flush();
    }
  }

  private void accept(RelayedText.Accepted accepted) {
    news.add(accepted);
    writer.changed(accepted.update().size());
    Channel from = accepted.from();
    if (from != null) {
      metrics.changes(accepted.changes().size());
      from.queue().clientHas(from.feed, reached(accepted.changes()));
    }
  }

  /** Ascending, since a vector is collected in no time then, and else in that of all its moves. */
  private static VersionVector reached(List<Change> changes) {
    VersionVector.Builder reached = new VersionVector.Builder();
    changes.stream()
        .sorted(Comparator.comparing(Change::replica))
        .forEach(each -> reached.advance(each.replica(), each.end()));
    return reached.build();
  }

  private void refuse(RelayedText.Poisonous poisonous) {
    Change change = poisonous.change();
    Channel from = poisonous.from();
    if (from == null && poisonous.reason() instanceof ForkedReplicaException) {
      document.readAnew(poisonous.reason());
      return;
    }
    if (from == null) {
      Failures.tell(
          log,
          Level.ERROR,
          "document " + document.id() + ": another relay gave a bad change " + change,
          poisonous.reason());
      return;
    }
    channels.close(from, why(poisonous), List.of(range(change)));
  }

  private Refusal why(RelayedText.Poisonous poisonous) {
    if (text.isOfOneTooMany(poisonous.change())) {
      return Refusals.tooManyReplicas(limits);
    }
    String code =
        poisonous.reason() instanceof ForkedReplicaException
            ? Codes.FORKED_IDENTITY
            : Codes.MALFORMED;
    return Refusal.forGood(code, Sentences.within(poisonous.reason().getMessage()));
  }

  private static RelayMessage.ChangeRange range(Change change) {
    return new RelayMessage.ChangeRange(change.replica(), change.start(), change.end());
  }

  /** Asks a client to send again what it has beyond the text, unless it was asked just now. */
  void askAgain(Channel channel) {
    long now = channels.now();
    if (!channel.closed
        && (!channel.askedAgain || now - channel.askedAgainNanos >= times.resend().toNanos())) {
      channel.askedAgain = true;
      channel.askedAgainNanos = now;
      channel.queue().resend(channel.feed, text.version());
    }
  }
}
