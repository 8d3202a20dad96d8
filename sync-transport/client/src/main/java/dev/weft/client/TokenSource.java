package dev.weft.client;

/**
 * Gives the bearer token by which the relay knows this client. Asked on every connection, and
 * before the last token ends, where the relay says when that is; so a token that was fetched from
 * somewhere is renewed without the text being closed, and edits go on meanwhile.
 *
 * <p>Called on a thread of its own, one call at a time, so it may wait for the network or for a
 * person who signs in. If it throws, the connection is tried again later, and the status says why.
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
