package dev.weft.relay;

import java.time.Duration;

/**
 * How long the relay waits for what. Immutable.
 *
 * @param head for the head of a connection's first request, and TLS before it, to be there
 * @param hello for a connection's Hello
 * @param heartbeat after how long without anything to say a client is to send a Ping
 * @param idle for any sign of life of a connection, or for the next request to be there
 * @param stall for a connection to take in the next piece of what is sent to it
 * @param goodbye for a connection that was refused to take in the reason
 * @param writeBehind after the first change that is not stored, so that more come together
 * @param storeRetry after the store has failed
 * @param storeSlow for the store to answer before everybody is told that it does not
 * @param saveEdits for edits that a save covers and that have not come
 * @param saveStore for the store to confirm what a save covers
 * @param resend before asking again for the same missing edits
 * @param poll after a request that polls was read, before it is answered with what there is
 * @param pollSaves after such a request was read, for saves that alone keep it from being answered:
 *     its client asks again
 * @param idleDocument before a document that nobody has open is evicted
 */
record RelayTimes(
    Duration head,
    Duration hello,
    Duration heartbeat,
    Duration idle,
    Duration stall,
    Duration goodbye,
    Duration writeBehind,
    Duration storeRetry,
    Duration storeSlow,
    Duration saveEdits,
    Duration saveStore,
    Duration resend,
    Duration poll,
    Duration pollSaves,
    Duration idleDocument) {
  static final RelayTimes DEFAULT =
      new RelayTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofSeconds(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(250),
          Duration.ofSeconds(60));
}
