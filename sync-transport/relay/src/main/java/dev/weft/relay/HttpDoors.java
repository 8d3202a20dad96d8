package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The ways to a document beside a WebSocket: {@code /v1/documents/{id}/{door}}. What leads to none
 * of them is answered with a sentence. Thread-safe.
 */
final class HttpDoors extends Handler.Abstract {
  private static final String PREFIX = "/v1/documents/";

  private final Map<String, Door> doors;
  private final RefusalLog refused;

  /**
   * Creates the handler.
   *
   * @param doors by the last part of their path
   * @param refused where it is told who is refused
   */
  HttpDoors(Map<String, Door> doors, RefusalLog refused) {
    this.doors = Map.copyOf(doors);
    this.refused = refused;
  }

  /** One of the ways. Returns at once; the visit is answered when it likes. */
  interface Door {
    /** Returns the methods with which it may be entered. */
    List<String> methods();

    void enter(Visit visit);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    String[] parts =
        path.startsWith(PREFIX) ? path.substring(PREFIX.length()).split("/", -1) : new String[0];
    Door door = parts.length == 2 ? doors.get(parts[1]) : null;
    if (path.equals(Frames.PATH)) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      Replies.sentence(
          response, callback, HttpStatus.UPGRADE_REQUIRED_426, "This address is for WebSockets.");
    } else if (door == null) {
      Replies.sentence(
          response, callback, HttpStatus.NOT_FOUND_404, "There is nothing at this address.");
    } else if (!door.methods().contains(request.getMethod())) {
      String methods = String.join(", ", door.methods());
      response.getHeaders().put(HttpHeader.ALLOW, methods);
      Replies.sentence(
          response,
          callback,
          HttpStatus.METHOD_NOT_ALLOWED_405,
          "This address is for " + methods + ".");
    } else {
      enter(door, parts[0], request, response, callback);
    }
    return true;
  }

  private void enter(
      Door door, String name, Request request, Response response, Callback callback) {
    DocumentId document;
    try {
      document = new DocumentId(name);
    } catch (IllegalArgumentException e) {
      Refusal why = Refusal.forGood(Codes.BAD_DOCUMENT_ID, Sentences.within(e.getMessage()) + ".");
      refused.refused(request, "", why);
      Replies.sentence(response, callback, HttpStatus.BAD_REQUEST_400, why.reason());
      return;
    }
    door.enter(new Visit(document, request, response, callback, refused));
  }
}
