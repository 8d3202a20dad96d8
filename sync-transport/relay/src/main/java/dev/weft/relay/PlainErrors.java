package dev.weft.relay;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what the HTTP server itself refuses, or fails at, with one sentence: of what was asked,
 * and of what went wrong inside, nothing is repeated. Thread-safe.
 */
final class PlainErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    if (!HttpStatus.isClientError(status) && !HttpStatus.isServerError(status)) {
      status = HttpStatus.INTERNAL_SERVER_ERROR_500;
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Replies.sentence(response, callback, status, sentence(status));
    return true;
  }

  private static String sentence(int status) {
    return switch (status) {
      case HttpStatus.REQUEST_TIMEOUT_408 -> "The request did not come in time.";
      case HttpStatus.PAYLOAD_TOO_LARGE_413,
          HttpStatus.URI_TOO_LONG_414,
          HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          "The request is too long.";
      default ->
          HttpStatus.isServerError(status)
              ? "The relay could not answer."
              : "The request cannot be understood.";
    };
  }
}
