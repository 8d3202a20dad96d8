package dev.weft.bench.latency;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection that says to the relay what a client says and reads all that it is told, without a
 * thread, a store or a merge of its own: as much work for the relay as a client, and so little
 * beside that a thousand of them leave the processors to what is measured. Thread-safe, but for
 * writing, which is done by one thread.
 */
final class LeanClient implements WebSocket.Listener {
  private static final int CHANNEL = 1;
  private static final String AGENT = "weft-bench";

  private final DocumentId document;
  private final TextDocument written;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final AtomicInteger savesUnderWay = new AtomicInteger();
  private CompletableFuture<WebSocket> sent;
  private volatile @Nullable String failure;

  /** Begins to connect. */
  LeanClient(HttpClient http, URI relay, DocumentId document, ReplicaId replica) {
    this.document = document;
    this.written = TextDocument.create(replica);
    this.sent = http.newWebSocketBuilder().subprotocols(Frames.SUBPROTOCOL).buildAsync(relay, this);
    send(new ClientMessage.Hello(AGENT, "", Capabilities.NONE, ""));
    send(new ClientMessage.Open(CHANNEL, document.value(), VersionVector.EMPTY));
  }

  /** Returns a future of the document being open. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  /** Writes on where it is; what others write is not between. */
  void type(char letter) {
    long next = written.nextSequence();
    written.insert(written.length(), String.valueOf(letter));
    send(new ClientMessage.Edits(CHANNEL, Payload.of(written.ownChangesSince(next)), null));
  }

  void save(int number) {
    savesUnderWay.incrementAndGet();
    send(new ClientMessage.Save(CHANNEL, "save-" + number, written.version(), Guarantee.FSYNCED));
  }

  void ping(int number) {
    send(new ClientMessage.Ping(number, 0, null));
  }

  /** Returns how many saves have no receipt. */
  int savesUnderWay() {
    return savesUnderWay.get();
  }

  /** Returns why it is of no use any more; null if it is. */
  @Nullable String failure() {
    return failure;
  }

  synchronized void close() {
    fail("closed");
    var unused = sent.thenAccept(WebSocket::abort);
  }

  /** What a WebSocket is given while it still sends, it refuses. */
  private synchronized void send(ClientMessage message) {
    ByteBuffer bytes = ByteBuffer.wrap(Frames.encode(message));
    sent =
        sent.thenCompose(socket -> socket.sendBinary(bytes, true))
            .whenComplete(
                (socket, thrown) -> {
                  if (thrown != null) {
                    fail(String.valueOf(thrown.getMessage()));
                  }
                });
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    frame.writeBytes(part);
    if (last) {
      try {
        received(Frames.decodeRelay(frame.toByteArray()));
      } catch (MalformedFrameException e) {
        fail(String.valueOf(e.getMessage()));
      }
      frame.reset();
    }
    socket.request(1);
    return null;
  }

  private void received(RelayMessage message) {
    if (message instanceof RelayMessage.Opened) {
      opened.complete(null);
    } else if (message instanceof RelayMessage.SaveAcknowledged) {
      savesUnderWay.decrementAndGet();
    } else if (message instanceof RelayMessage.SaveRefused refused) {
      fail(refused.refusal().reason());
    } else if (message instanceof RelayMessage.Fault fault) {
      fail(fault.refusal().reason());
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    fail("the relay closed the connection: " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    fail(String.valueOf(error.getMessage()));
  }

  /** The first reason is the one that explains the others. */
  private synchronized void fail(String reason) {
    if (failure == null) {
      failure = reason;
      opened.completeExceptionally(
          new IllegalStateException("document " + document.value() + ": " + reason));
    }
  }
}
