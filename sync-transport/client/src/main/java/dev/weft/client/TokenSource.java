package dev.weft.client;

/**
 * Gives the bearer token by which the relay knows this client. Asked before every connection, and
 * before the last token ends, where the relay says when that is; so a token that was fetched from
 * somewhere is renewed without the text being closed, and edits go on meanwhile.
 *
 * <p>Called on a thread of its own, one call at a time, and may take as long as it needs, for the
 * network or for a person who signs in: the client connects only when it has the token, and {@link
 * SyncStatus#reason} says that it waits for one. While a call is open there is no other. If the
 * client is disconnected meanwhile, or the connection that was to be renewed is lost, the answer is
 * for the next connection; so is a token with which no relay could be reached. If it throws,
 * whatever it is, the connection is tried again later, and the status says why. When the client is
 * closed, the thread is interrupted.
 */
@FunctionalInterface
public interface TokenSource {

  /**
   * Returns a token that is good now.
   *
   * @throws Exception if none can be had at present; its message is shown to the person
   */
  String token() throws Exception;
}
