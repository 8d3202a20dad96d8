package dev.weft.bench.load;

import dev.weft.bench.load.net.Network;
import java.time.Duration;

/**
 * Who is there. Immutable.
 *
 * @param documents how many
 * @param clients how many normal ones have each document open
 * @param writers how many of these write; the others read
 * @param network that of normal clients
 * @param slow how many slow clients there are, over the documents in turn
 * @param slowNetwork that of the slow ones
 * @param cut how many clients there are whose connection is cut, over the documents in turn
 * @param cutEvery how often, on average
 * @param flood how many clients flood, over the documents in turn
 * @param firstApart whether the normal clients of the first document are told apart
 */
record Population(
    int documents,
    int clients,
    int writers,
    Network network,
    int slow,
    Network slowNetwork,
    int cut,
    Duration cutEvery,
    int flood,
    boolean firstApart) {

  /** Returns how many write, of all documents. */
  int allWriters() {
    return documents * writers;
  }

  /** Returns how many connections there are. */
  int connections() {
    return documents * clients + slow + cut + flood;
  }

  /** Returns the same with so many who disturb. */
  Population disturbedBy(int slowClients, int flooding) {
    return new Population(
        documents,
        clients,
        writers,
        network,
        slowClients,
        slowNetwork,
        cut,
        cutEvery,
        flooding,
        firstApart);
  }
}
