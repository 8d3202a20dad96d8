package dev.weft.cli;

import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.TokenSource;
import dev.weft.client.WeftClient;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One command's use of this device's store and of a relay: opens a document, finds out whether the
 * relay answers, and delivers what earlier commands left queued. For one thread.
 */
final class Workspace implements AutoCloseable {
  /** How long a command waits for a relay that neither answers nor refuses. */
  static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /** How long a command waits for a relay that is there. */
  static final Duration RELAY_PATIENCE = Duration.ofSeconds(10);

  /**
   * How long a command waits for a save, and for a relay to save to: certainty may take its time.
   */
  static final Duration SAVE_PATIENCE = Duration.ofSeconds(30);

  private final URI relay;
  private final WorkspaceStore store;
  private final WeftClient client;
  private final SharedText text;
  private final Optional<EarlierSave> earlierSave;
  private final Map<DocumentId, SaveReceipt> earlierReceipts = new LinkedHashMap<>();

  private Workspace(URI relay, WorkspaceStore store, WeftClient client, DocumentId document) {
    this.relay = relay;
    this.store = store;
    this.client = client;
    boolean saveAsked = !store.pendingSaves(document).isEmpty();
    this.text = client.open(document);
    this.earlierSave = saveAsked ? Optional.of(new EarlierSave(text)) : Optional.empty();
  }

  /**
   * Opens a document in the store, and begins to connect to the relay.
   *
   * @throws CommandFailure if the store's directory cannot be created, or it is open elsewhere
   */
  static Workspace open(WorkspaceOptions options, DocumentId document) throws CommandFailure {
    URI relay = options.relay();
    WorkspaceStore store = StoreOption.open(options.store());
    WeftClient client = null;
    try {
      WeftClient.Builder builder = WeftClient.builder().relay(relay).store(store).agent("weft-cli");
      TokenSource token = options.token();
      client = (token == null ? builder : builder.token(token)).build();
      return new Workspace(relay, store, client, document);
    } catch (RuntimeException e) {
      if (client != null) {
        client.close();
      }
      store.close();
      throw e;
    }
  }

  /** Returns the document. */
  SharedText text() {
    return text;
  }

  /** Returns the relay's address. */
  URI relay() {
    return relay;
  }

  /**
   * Waits until the document is in step with the relay.
   *
   * @param connectPatience how long to wait for a relay that neither answers nor refuses
   * @return why it is not, for a person; empty if it is
   * @throws CommandFailure if the relay refuses this client or the document
   */
  Optional<String> catchUp(Duration connectPatience) throws CommandFailure, InterruptedException {
    // The reason is that of the attempt which failed: the client goes on trying by itself.
    SyncStatus tried = StatusWait.await(text, StatusWait.connectionTried(), connectPatience);
    requireNotRefused(tried);
    if (!StatusWait.isConnected(tried)) {
      return Optional.of(whyNot(tried));
    }
    try {
      text.caughtUp().get(RELAY_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException | ExecutionException e) {
      SyncStatus status = text.status();
      requireNotRefused(status);
      return Optional.of(whyNot(status));
    }
  }

  private static String whyNot(SyncStatus status) {
    return status.reason().isEmpty() ? "the relay does not answer" : status.reason();
  }

  /**
   * Waits until the relay holds all of the document durably, and then does the same for every other
   * document in which something is queued on this device.
   *
   * @return the documents of which something is queued still
   */
  List<DocumentId> deliver() throws InterruptedException {
    List<DocumentId> left = new ArrayList<>();
    if (!isDelivered(text)) {
      left.add(text.documentId());
    } else if (earlierSave.isPresent()) {
      keepReceipt(text.documentId(), earlierSave.get());
    }
    for (DocumentId document : store.documents()) {
      if (!document.equals(text.documentId()) && hasQueued(document)) {
        boolean saveAsked = !store.pendingSaves(document).isEmpty();
        try (SharedText other = client.open(document)) {
          EarlierSave earlier = new EarlierSave(other);
          if (!isDelivered(other)) {
            left.add(document);
          } else if (saveAsked) {
            keepReceipt(document, earlier);
          }
        }
      }
    }
    return left;
  }

  private void keepReceipt(DocumentId document, EarlierSave earlier) throws InterruptedException {
    earlier.receipt(RELAY_PATIENCE).ifPresent(receipt -> earlierReceipts.put(document, receipt));
  }

  /** Returns the receipts, by document, of saves that earlier commands asked for. */
  Map<DocumentId, SaveReceipt> earlierReceipts() {
    return earlierReceipts;
  }

  /** Returns whether this device has changes or saves that the relay has not. */
  boolean hasQueued() {
    return store.documents().stream().anyMatch(this::hasQueued);
  }

  private boolean hasQueued(DocumentId document) {
    return !store.outbox(document).isEmpty() || !store.pendingSaves(document).isEmpty();
  }

  /** Closes the text, the connection and the store, in which everything is kept. */
  @Override
  public void close() {
    try (store) {
      client.close();
    }
  }

  private static boolean isDelivered(SharedText text) throws InterruptedException {
    SyncStatus status =
        StatusWait.await(
            text,
            told ->
                told.saves() == Saves.SAVED
                    || told.saves() == Saves.REFUSED
                    || told.connection() == Connection.REFUSED,
            RELAY_PATIENCE);
    return status.saves() == Saves.SAVED;
  }

  /**
   * Requires that the relay does not refuse this client or the document.
   *
   * @throws CommandFailure if it does
   */
  void requireNotRefused() throws CommandFailure {
    SyncStatus status = text.status();
    requireNotRefused(status);
    Refusal refusal = status.refusal();
    if (status.saves() == Saves.REFUSED && refusal != null) {
      throw refused(refusal.reason());
    }
  }

  private CommandFailure refused(String sentence) {
    // The relay's own sentence stands within one of this command's.
    String reason =
        sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return new CommandFailure(
        "the relay refuses this: "
            + reason
            + "; what this device has is kept"
            + (text.deadLetters().isEmpty()
                ? ""
                : ": `weft dead-letters` lists what was refused, and `weft export` writes the"
                    + " document to a file"));
  }

  private void requireNotRefused(SyncStatus status) throws CommandFailure {
    if (status.connection() == Connection.REFUSED) {
      throw refused(status.reason());
    }
  }
}
