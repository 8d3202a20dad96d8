package dev.weft.relay;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * What those who run the relay ask it: {@code /health/live} and {@code /health/ready}, which say
 * one word and are for everybody, and {@code /metrics} and the dashboard at {@code /}, which are
 * for whom the operator says. All else is left to the handler behind. Thread-safe.
 */
final class OperationsDoors extends Handler.Wrapper {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final RelayHub hub;
  private final PrometheusMeterRegistry meters;
  private final DashboardDoor dashboard;
  private final Predicate<Request> isForOperations;
  private final Predicate<Request> mayLook;

  /**
   * Creates the handler.
   *
   * @param isForOperations whether a request has come where there is nothing else
   * @param mayLook whether a request may see more than whether the relay is well
   */
  OperationsDoors(
      RelayHub hub,
      PrometheusMeterRegistry meters,
      DashboardDoor dashboard,
      Predicate<Request> isForOperations,
      Predicate<Request> mayLook,
      Handler behind) {
    this.hub = hub;
    this.meters = meters;
    this.dashboard = dashboard;
    this.isForOperations = isForOperations;
    this.mayLook = mayLook;
    setHandler(behind);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    switch (path) {
      case "/health/live" -> {
        if (isRead(request, response, callback)) {
          say(response, callback, HttpStatus.OK_200, "live");
        }
      }
      case "/health/ready" -> {
        if (isRead(request, response, callback)) {
          ready(response, callback);
        }
      }
      case "/metrics" -> {
        if (isRead(request, response, callback) && isAllowed(request, response, callback)) {
          response.getHeaders().put(HttpHeader.CONTENT_TYPE, METRICS_TYPE);
          answer(response, callback, meters.scrape());
        }
      }
      default -> {
        if (DashboardDoor.isOne(path)) {
          if (isRead(request, response, callback) && isAllowed(request, response, callback)) {
            dashboard.answer(request, response, callback);
          }
          return true;
        }
        if (!isForOperations.test(request)) {
          return super.handle(request, response, callback);
        }
        Replies.sentence(
            response,
            callback,
            HttpStatus.NOT_FOUND_404,
            "Here are /, /metrics, /health/live and /health/ready, and nothing else.");
      }
    }
    return true;
  }

  private static boolean isRead(Request request, Response response, Callback callback) {
    boolean read = List.of("GET", "HEAD").contains(request.getMethod());
    if (!read) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Replies.sentence(
          response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "This address is for GET, HEAD.");
    }
    return read;
  }

  /**
   * Whoever spreads clients over relays asks this. A relay whose store fails is ready: its clients
   * are served, and would fare no better elsewhere with a store that is shared.
   */
  private void ready(Response response, Callback callback) {
    if (!hub.isLeaving()) {
      say(response, callback, HttpStatus.OK_200, "ready");
    } else {
      say(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "draining");
    }
  }

  private boolean isAllowed(Request request, Response response, Callback callback) {
    boolean allowed = mayLook.test(request);
    if (!allowed) {
      Replies.sentence(
          response,
          callback,
          HttpStatus.NOT_FOUND_404,
          "The relay tells its figures elsewhere: on the address that its operator has set for"
              + " that.");
    }
    return allowed;
  }

  private static void say(Response response, Callback callback, int status, String word) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    answer(response, callback, word + "\n");
  }

  private static void answer(Response response, Callback callback, String text) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, BufferUtil.toBuffer(text, StandardCharsets.UTF_8), callback);
  }
}
