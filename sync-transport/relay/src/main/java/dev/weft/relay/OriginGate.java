package dev.weft.relay;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Keeps out web pages that have no business with the relay, before anything else looks at what they
 * ask for. Who is no browser says no origin, and passes. Thread-safe.
 *
 * <p>A relay that is open to everybody on this machine must also be called by its address, or by
 * the name that it listens on: else a page could point a name of its own at the relay, and be of
 * the same origin ("DNS rebinding").
 */
final class OriginGate extends Handler.Wrapper {
  private final Origins origins;
  private final String host;
  private final boolean open;

  /**
   * Creates a gate.
   *
   * @param host the name or address that the relay listens on
   * @param open whether the relay lets everybody in, of this machine alone
   */
  OriginGate(Origins origins, String host, boolean open, Handler behind) {
    this.origins = origins;
    this.host = host.toLowerCase(Locale.ROOT);
    this.open = open;
    setHandler(origins.hasOthers() ? telling(behind) : behind);
  }

  /** Tells browsers that pages of the listed origins may read what is answered. */
  private Handler telling(Handler behind) {
    CrossOriginHandler handler = new CrossOriginHandler();
    handler.setAllowedOriginPatterns(
        origins.isAny()
            ? Set.of("*")
            : origins.listed().stream().map(Pattern::quote).collect(Collectors.toSet()));
    handler.setAllowedMethods(Set.of("GET", "POST"));
    handler.setAllowedHeaders(Set.of("authorization", "content-type", "if-none-match"));
    handler.setExposedHeaders(Set.of("etag", "weft-version", "retry-after"));
    // Tokens are sent by the page itself; the browser adds nothing of its own.
    handler.setAllowCredentials(false);
    handler.setDeliverPreflightRequests(false);
    // Those of the relay's own origin are not listed, and have passed the gate.
    handler.setDeliverNonAllowedOriginRequests(true);
    handler.setDeliverNonAllowedOriginWebSocketUpgradeRequests(true);
    handler.setHandler(behind);
    return handler;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (open && !isCalledByItsName(Request.getServerName(request))) {
      Replies.sentence(
          response,
          callback,
          HttpStatus.MISDIRECTED_REQUEST_421,
          "This relay lets everybody on its machine in, and answers only under its address, not as "
              + Sentences.within(Request.getServerName(request))
              + ".");
      return true;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !origins.allow(origin, own(request))) {
      Replies.sentence(
          response,
          callback,
          HttpStatus.FORBIDDEN_403,
          "Pages of " + Sentences.within(origin) + " may not use this relay.");
      return true;
    }
    return super.handle(request, response, callback);
  }

  /** Returns whether a page of another origin cannot have this name, wherever it points. */
  static boolean isOfThisMachine(String name) {
    return name.equalsIgnoreCase("localhost") || isAddress(name);
  }

  private boolean isCalledByItsName(String name) {
    return name.equalsIgnoreCase(host) || isOfThisMachine(name);
  }

  /**
   * No name has a number for its last label, or a colon: see "Host parsing" of the URL standard.
   */
  private static boolean isAddress(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return name.contains(":")
        || (!last.isEmpty() && last.chars().allMatch(each -> each >= '0' && each <= '9'));
  }

  private static String own(Request request) {
    String scheme = request.isSecure() ? "https" : "http";
    return scheme + "://" + Request.getServerName(request) + ":" + Request.getServerPort(request);
  }
}
