package dev.weft.client;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import dev.weft.store.StoreException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how one text stands, from what each part of its channel knows. Confined to the loop.
 *
 * @param session the connection
 * @param outgoing what goes out
 * @param watermark what the relay holds durably
 * @param saves what is being saved
 * @param refused what the relay does not take
 * @param journal the way into the store
 * @param gauge how much waits for the relay
 */
record ChannelStatus(
    Session session,
    Outgoing outgoing,
    Watermark watermark,
    Saves saves,
    RefusedEdits refused,
    Journal journal,
    OutboxGauge gauge) {

  /**
   * Returns the view that other threads are given.
   *
   * @param inStep whether the text is in step with the relay
   * @param closed whether the text is closed
   * @param textRefusal why the text itself is refused for good; null if it is not
   * @param postponed why the relay does not open the text for now; null if it does
   */
  View view(
      boolean inStep, boolean closed, @Nullable Refusal textRefusal, @Nullable Refusal postponed) {
    Connection connection = session.connection();
    String reason = session.reason();
    if (closed) {
      connection = Connection.OFFLINE;
      reason = "the text is closed";
    } else if (textRefusal != null) {
      connection = Connection.REFUSED;
      reason = textRefusal.reason();
    } else if (!inStep && (connection == Connection.LIVE || connection == Connection.DRAINING)) {
      connection = Connection.CATCHING_UP;
      reason = postponed == null ? reason : postponed.reason();
    }
    StoreException problem = journal.problem();
    return new View(
        session.hasRelay(),
        connection,
        reason,
        saves.isSaving(),
        refusal(textRefusal),
        degradations(problem),
        problem == null ? "" : String.valueOf(problem.getMessage()),
        refused.letters().size(),
        watermark.durable(),
        journal.stored(),
        journal.flushed());
  }

  private @Nullable Refusal refusal(@Nullable Refusal textRefusal) {
    if (textRefusal != null) {
      return textRefusal;
    }
    Refusal ofEdits = refused.why();
    VersionVector safe = session.hasRelay() ? watermark.durable() : journal.flushed();
    return ofEdits != null ? ofEdits : saves.refusal(safe);
  }

  private Set<Degradation> degradations(@Nullable StoreException problem) {
    Set<Degradation> degradations = EnumSet.noneOf(Degradation.class);
    if (outgoing.isThrottled()) {
      degradations.add(Degradation.THROTTLED);
    }
    if (session.isPolling()) {
      degradations.add(Degradation.POLLING);
    }
    if (session.isRelayStoreUnavailable()) {
      degradations.add(Degradation.RELAY_STORE_UNAVAILABLE);
    }
    if (problem != null) {
      degradations.add(Degradation.STORE_UNAVAILABLE);
    }
    if (refused.isReadOnly()) {
      degradations.add(Degradation.READ_ONLY);
    }
    switch (gauge.level()) {
      case ROOMY -> {}
      case NEARLY_FULL -> degradations.add(Degradation.OUTBOX_NEARLY_FULL);
      case FULL -> degradations.add(Degradation.OUTBOX_FULL);
    }
    return degradations;
  }
}
