package dev.weft.client;

import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayAddress;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/**
 * Links over WebSockets, by Jetty's client, which is started with the first of them. Thread-safe.
 *
 * <p>Nothing is decided here: a link reports what Jetty reports, in words.
 */
final class WebSocketLinks implements Links {
  /** How long the other side may take to answer a close before the socket is cut. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** More than a relay may send by any limits; a bound on what a hostile one can make us hold. */
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final JettyHttp http;
  private @Nullable WebSocketClient client;
  private boolean closed;

  /** Creates links that use an HTTP client, which is the caller's to close, after them. */
  WebSocketLinks(JettyHttp http) {
    this.http = http;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    WebSocketLink link = new WebSocketLink(listener);
    ClientUpgradeRequest request = new ClientUpgradeRequest(RelayAddress.ofWebSocket(relay));
    request.setSubProtocols(Frames.SUBPROTOCOL);
    try {
      WebSocketClient running = started();
      link.scheduler = running.getHttpClient().getScheduler();
      CompletableFuture<Session> attempt = running.connect(link, request, link.answers());
      link.attempt = attempt;
      CompletableFuture<Session> unused =
          attempt.whenComplete(
              (session, failure) -> {
                if (failure != null) {
                  link.fail(failure);
                }
              });
    } catch (Exception e) {
      // Jetty's start() may throw anything; the session tries again later.
      link.fail(e);
    }
    return link;
  }

  private synchronized WebSocketClient started() throws Exception {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (client == null) {
      WebSocketClient starting = new WebSocketClient(http.started());
      starting.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
      // Silence is the heartbeat's business, which knows the difference to a busy listener.
      starting.setIdleTimeout(Duration.ZERO);
      starting.start();
      client = starting;
    }
    return client;
  }

  @Override
  public void close() {
    WebSocketClient open;
    synchronized (this) {
      closed = true;
      open = client;
      client = null;
    }
    if (open != null) {
      try {
        open.stop();
      } catch (Exception e) {
        // Its threads are daemons; there is nothing left that could be done about it.
        DaemonThreads.report(e);
      }
    }
  }

  /**
   * One link, and Jetty's listener of it: public, inside a class that is not, because Jetty finds
   * its methods by reflection.
   */
  public static final class WebSocketLink implements Link, Session.Listener {
    private final Listener listener;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** What has come of a message; Jetty calls one method at a time. */
    private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();

    private volatile @Nullable Session session;
    private volatile @Nullable String closing;
    private volatile @Nullable Scheduler scheduler;
    private volatile @Nullable CompletableFuture<Session> attempt;

    private WebSocketLink(Listener listener) {
      this.listener = listener;
    }

    /** Hears what is answered to the upgrade, whether there is a WebSocket then or not. */
    private JettyUpgradeListener answers() {
      return new JettyUpgradeListener() {
        @Override
        public void onHandshakeResponse(Request request, Response response) {
          Duration away = LinkFailures.staysAway(response.getStatus(), response.getHeaders());
          if (!away.isZero()) {
            listener.sentAway(away);
          }
        }
      };
    }

    @Override
    public void send(byte[] message) {
      Session open = session;
      if (open != null) {
        open.sendBinary(
            ByteBuffer.wrap(message),
            Callback.from(
                () -> listener.sent(message.length),
                failure -> cut(open, LinkFailures.describe(failure))));
      }
    }

    @Override
    public void demand() {
      Session open = session;
      if (open != null) {
        try {
          open.demand();
        } catch (RejectedExecutionException e) {
          // The client was closed while there was still something to read.
          cut(open, "the client is closed");
        }
      }
    }

    @Override
    public void close(String reason) {
      closing = reason;
      Session open = session;
      if (open == null) {
        end(reason);
        abandonAttempt();
      } else {
        closePolitely(open, reason);
      }
    }

    /** The server may never answer the upgrade: nobody else would let the socket go. */
    private void abandonAttempt() {
      CompletableFuture<Session> connecting = attempt;
      if (connecting != null) {
        connecting.cancel(true);
      }
    }

    private void closePolitely(Session open, String reason) {
      open.close(
          StatusCode.NORMAL, reason, Callback.from(() -> end(reason), failure -> end(reason)));
      // The other side may be gone without a word.
      Scheduler timer = scheduler;
      if (timer != null) {
        timer.schedule(open::disconnect, CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void cut(Session open, String reason) {
      open.disconnect();
      end(reason);
    }

    private void fail(Throwable failure) {
      end(
          LinkFailures.describe(failure),
          session == null && LinkFailures.concernsEveryWay(failure)
              ? OtherWays.FAIL
              : OtherWays.MAY_WORK);
    }

    private void end(String reason) {
      end(reason, OtherWays.MAY_WORK);
    }

    /** Tells the end once. */
    private void end(String reason, OtherWays others) {
      if (ended.compareAndSet(false, true)) {
        listener.closed(reason, others);
      }
    }

    @Override
    public void onWebSocketOpen(Session opened) {
      if (!Frames.SUBPROTOCOL.equals(opened.getUpgradeResponse().getAcceptedSubProtocol())) {
        cut(opened, "the server there does not speak " + Frames.SUBPROTOCOL);
        return;
      }
      session = opened;
      String reason = closing;
      if (reason != null) {
        closePolitely(opened, reason);
      } else {
        listener.opened();
      }
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
      if (incoming.size() + payload.remaining() > MAX_MESSAGE_BYTES) {
        callback.succeed();
        Session open = session;
        if (open != null) {
          cut(open, "the relay sent a message that is longer than any may be");
        }
        return;
      }
      byte[] piece = new byte[payload.remaining()];
      payload.get(piece);
      incoming.writeBytes(piece);
      callback.succeed();
      if (last) {
        byte[] message = incoming.toByteArray();
        incoming.reset();
        listener.received(message);
      } else {
        listener.hearing();
        // The rest of what was asked for.
        demand();
      }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
      fail(cause);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
      callback.succeed();
      end(
          reason == null || reason.isEmpty()
              ? "the relay closed the connection"
              : "the relay closed the connection: " + reason,
          statusCode == StatusCode.NO_CLOSE ? OtherWays.MAY_WORK : OtherWays.ARE_NO_BETTER);
    }
  }
}
