package dev.weft.relay;

import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request by HTTP that is about one document.
 *
 * @param document the document of its path
 * @param callback completed once, when all is answered
 * @param refused where it is told that it was refused
 */
record Visit(
    DocumentId document,
    Request request,
    Response response,
    Callback callback,
    RefusalLog refused) {
  private static final String BEARER = "bearer ";

  /** Returns a header's value; null if the request has none. */
  @Nullable String header(HttpHeader name) {
    return request.getHeaders().get(name);
  }

  /** Returns the bearer token of the request; empty if there is none. */
  String token() {
    String given = header(HttpHeader.AUTHORIZATION);
    return given != null && given.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? given.substring(BEARER.length()).trim()
        : "";
  }

  /** Returns where the request comes from. */
  String peer() {
    return PeerAddress.of(request.getConnectionMetaData().getRemoteSocketAddress());
  }

  /** Closes the connection of the request, whatever is under way; the callback is still owed. */
  void cut() {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
  }

  /** Answers with one sentence. */
  void answer(int status, String sentence) {
    Replies.sentence(response, callback, status, sentence);
  }

  /** Answers that the relay does not have the document. */
  void answerUnknown() {
    answer(HttpStatus.NOT_FOUND_404, "The relay has no document " + document + ".");
  }

  /**
   * Takes note that the visit is refused.
   *
   * @param user under which name the authenticator knows who asks; empty if it does not
   */
  void note(String user, Refusal refusal) {
    refused.refused(request, user, refusal);
  }

  /** Answers with a refusal's status and its sentence. */
  void refuse(Refusal refusal) {
    note("", refusal);
    HttpRefusals.head(response, refusal);
    answer(response.getStatus(), Sentences.printable(refusal.reason()));
  }
}
