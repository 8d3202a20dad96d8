package dev.weft.relay;

import dev.weft.crdt.Limits;
import dev.weft.protocol.ConnectionLimits;

/**
 * How much the relay holds of what. Every queue of the relay has its bound here. Immutable.
 *
 * @param connections the most connections
 * @param connectionsOfAddress the most connections of one address; 0 for what is usual
 * @param connection what each connection is told to keep to
 * @param documents the most documents open at once
 * @param document what each document keeps to
 * @param inboundBytes how much of a connection's messages may wait for documents' workers before
 *     the relay stops reading from it
 * @param leftBytes how much of the messages of all connections that are gone may wait so
 * @param unfinishedBytes how much memory all frames may take that have begun and not ended, beside
 *     the little that each connection always may have, before further pieces are refused
 * @param outboundBytes how much may wait to be sent on a connection before edits are left out and
 *     owed
 * @param partBytes the size that a part of a catch-up aims at
 * @param unwrittenBytes how many bytes of a document's changes may wait for the store before
 *     further ones are refused
 * @param waitingChanges how many changes of a document may wait for their predecessors
 * @param waitingBytes how many bytes of them
 * @param participants how many participants one channel may show
 * @param pollResponseBytes how long the answer to a request that polls becomes before it ends
 * @param pollHeldBytes how much all requests that poll may hold of their answers, beside the little
 *     that each always may, before further ones are refused
 * @param readerBytes how many bytes of texts all those who only read may be in the course of being
 *     given, a text that several are given counted once, before further ones are refused
 * @param snapshotTailBytes how many bytes of changes are read behind a snapshot before another one
 *     is written
 * @param allowances how much may come in within a second
 * @param load how much there may be to do before something is left out
 */
record RelayBounds(
    int connections,
    int connectionsOfAddress,
    ConnectionLimits connection,
    int documents,
    Limits document,
    int inboundBytes,
    int leftBytes,
    int unfinishedBytes,
    int outboundBytes,
    int partBytes,
    int unwrittenBytes,
    int waitingChanges,
    int waitingBytes,
    int participants,
    int pollResponseBytes,
    int pollHeldBytes,
    int readerBytes,
    int snapshotTailBytes,
    Allowances allowances,
    LoadBounds load) {
  /** So many that a vector of them all fits into any message, with what else stands there. */
  private static final int MAX_REPLICAS = 50_000;

  private static final int USUAL_OF_ADDRESS = 1_000;

  static final RelayBounds DEFAULT =
      new RelayBounds(
          10_000,
          0,
          ConnectionLimits.DEFAULT,
          10_000,
          withReplicas(Limits.DEFAULT, MAX_REPLICAS),
          1 << 20,
          64 << 20,
          (int) Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8),
          512 << 10,
          256 << 10,
          16 << 20,
          256,
          1 << 20,
          8,
          4 << 20,
          128 << 20,
          128 << 20,
          64 << 10,
          Allowances.DEFAULT,
          LoadBounds.DEFAULT);

  /** What a request that polls may have beside one frame of the greatest length. */
  private static final int POLL_OVERHEAD_BYTES = 1 << 20;

  /** Returns the same limits, but for how many replicas may write a document. */
  static Limits withReplicas(Limits limits, int maxReplicas) {
    return new Limits(
        limits.maxUpdateBytes(),
        maxReplicas,
        limits.maxRuns(),
        limits.maxUnits(),
        limits.maxBacklogChanges(),
        limits.maxBacklogBytes());
  }

  RelayBounds withConnections(int most) {
    return with(most, connectionsOfAddress, documents);
  }

  /**
   * Returns the most connections of one address.
   *
   * @param reachable whether others than this machine can come: for who runs here, or comes through
   *     a proxy here, the bound of all holds and no other
   */
  int connectionsOfAddress(boolean reachable) {
    if (connectionsOfAddress > 0) {
      return connectionsOfAddress;
    }
    return reachable ? Math.min(USUAL_OF_ADDRESS, connections) : Integer.MAX_VALUE;
  }

  RelayBounds withConnectionsOfAddress(int most) {
    return with(connections, most, documents);
  }

  RelayBounds withDocuments(int most) {
    return with(connections, connectionsOfAddress, most);
  }

  private RelayBounds with(int mostConnections, int mostOfAddress, int mostDocuments) {
    return new RelayBounds(
        mostConnections,
        mostOfAddress,
        connection,
        mostDocuments,
        document,
        inboundBytes,
        leftBytes,
        unfinishedBytes,
        outboundBytes,
        partBytes,
        unwrittenBytes,
        waitingChanges,
        waitingBytes,
        participants,
        pollResponseBytes,
        pollHeldBytes,
        readerBytes,
        snapshotTailBytes,
        allowances,
        load);
  }

  /** Returns the longest request that polls. */
  long pollRequestBytes() {
    return (long) connection.maxFrameBytes() + POLL_OVERHEAD_BYTES;
  }
}
