package dev.weft.relay;

import dev.weft.protocol.Refusal;
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
  /** What is counted where a page of another origin asks; it is no code of the protocol. */
  static final String FOREIGN_ORIGIN = "foreign-origin";

  /** As above, where somebody calls the relay by a name that is not its own. */
  static final String FOREIGN_HOST = "foreign-host";

  private final Origins origins;
  private final String host;
  private final boolean open;
  private final RefusalLog refusals;

  /**
   * Creates a gate.
   *
   * @param host the name or address that the relay listens on
   * @param open whether the relay lets everybody in, of this machine alone
   * @param refusals where it is told who is kept out
   */
  OriginGate(Origins origins, String host, boolean open, RefusalLog refusals, Handler behind) {
    this.origins = origins;
    this.host = host.toLowerCase(Locale.ROOT);
    this.open = open;
    this.refusals = refusals;
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
      return keepOut(
          request,
          response,
          callback,
          HttpStatus.MISDIRECTED_REQUEST_421,
          FOREIGN_HOST,
          "This relay lets everybody on its machine in, and answers only under its address, not as "
              + Request.getServerName(request)
              + ".");
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !origins.allow(origin, own(request))) {
      return keepOut(
          request,
          response,
          callback,
          HttpStatus.FORBIDDEN_403,
          FOREIGN_ORIGIN,
          "Pages of " + origin + " may not use this relay.");
    }
    return super.handle(request, response, callback);
  }

  private boolean keepOut(
      Request request,
      Response response,
      Callback callback,
      int status,
      String code,
      String sentence) {
    Refusal why = Refusal.forGood(code, Sentences.within(sentence));
    refusals.refused(request, "", why);
    Replies.sentence(response, callback, status, why.reason());
    return true;
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
