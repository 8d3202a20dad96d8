package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;

/** What a refusal is in HTTP: a status, and the headers that go with it. */
final class HttpRefusals {
  private HttpRefusals() {}

  /** Sets the status of a response, and the headers that a client goes by. */
  static void head(Response response, Refusal refusal) {
    int status = statusOf(refusal);
    response.setStatus(status);
    if (status == HttpStatus.UNAUTHORIZED_401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      // So that trying tokens costs a connection each, of which an address may make few.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    } else if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      retryAfter(response, refusal);
    }
  }

  /** Says when to come again, in whole seconds. */
  static void retryAfter(Response response, Refusal refusal) {
    int seconds = Math.max(1, (int) Math.ceil(refusal.retryAfterMillis() / 1_000.0));
    response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds);
  }

  /** Returns the status that goes with the refusal of a whole request. */
  private static int statusOf(Refusal refusal) {
    return switch (refusal.code()) {
      case Codes.UNAUTHORISED, Codes.TOKEN_EXPIRED -> HttpStatus.UNAUTHORIZED_401;
      case Codes.TOO_LARGE -> HttpStatus.PAYLOAD_TOO_LARGE_413;
      case Codes.HELLO_TIMEOUT, Codes.IDLE_TIMEOUT -> HttpStatus.REQUEST_TIMEOUT_408;
      case Codes.INTERNAL, Codes.STORE_DAMAGED -> HttpStatus.INTERNAL_SERVER_ERROR_500;
      default ->
          refusal.retryable() ? HttpStatus.SERVICE_UNAVAILABLE_503 : HttpStatus.BAD_REQUEST_400;
    };
  }
}
