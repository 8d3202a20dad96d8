package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Tells those whose address has too many connections that it has, and when to come again, before
 * anything else looks at what they ask for; counts what comes through trusted proxies by the
 * addresses that those name; and gives a connection its time for the next request. Thread-safe.
 */
final class AddressGate extends Handler.Wrapper {
  /** How long who is told that they are too many may take to hear it: others are to be told too. */
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(2);

  private final FrontConnector front;
  private final AddressTable addresses;
  private final RelayMetrics metrics;
  private final Duration nextWithin;

  /**
   * Creates a gate.
   *
   * @param front by which requests come that are looked at; others pass
   * @param nextWithin the time for the head of a request behind the first
   */
  AddressGate(
      FrontConnector front,
      AddressTable addresses,
      RelayMetrics metrics,
      Duration nextWithin,
      Handler behind) {
    this.front = front;
    this.addresses = addresses;
    this.metrics = metrics;
    this.nextWithin = nextWithin;
    setHandler(behind);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Arrival arrival = front.arrival(request);
    if (arrival == null) {
      return super.handle(request, response, callback);
    }
    arrival.asked();
    AddressTable.Stay stay = arrival.isOfProxy() ? arriveBehindProxy(request) : null;
    Request.addCompletionListener(request, failure -> answered(arrival, stay, response));
    Refusal refusal = stay == null ? arrival.refusal() : stay.refusal();
    if (refusal == null) {
      return super.handle(request, response, callback);
    }
    if (stay == null) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    } else {
      metrics.refused(AddressTable.CODE);
    }
    HttpRefusals.retryAfter(response, refusal);
    Replies.sentence(response, callback, HttpStatus.TOO_MANY_REQUESTS_429, refusal.reason());
    return true;
  }

  /** Requests share a proxy's connections; only a WebSocket is one that the client has made. */
  private AddressTable.Stay arriveBehindProxy(Request request) {
    return addresses.arrive(
        AddressBlock.of(request.getConnectionMetaData().getRemoteSocketAddress()),
        request.getHeaders().contains(HttpHeader.UPGRADE));
  }

  private void answered(Arrival arrival, AddressTable.@Nullable Stay stay, Response response) {
    boolean upgraded = response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101;
    if (!upgraded) {
      arrival.answered(arrival.refusal() == null ? nextWithin : TOLD_WITHIN);
    }
    if (stay != null && upgraded) {
      arrival.carry(stay);
    } else if (stay != null) {
      stay.close();
    }
  }
}
