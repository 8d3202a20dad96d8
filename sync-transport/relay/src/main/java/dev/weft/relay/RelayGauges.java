package dev.weft.relay;

import io.micrometer.core.instrument.Tags;

/** What of a relay can be looked at when somebody asks, and need not be counted before. */
record RelayGauges(RelayHub hub) {

  void register(RelayMetrics metrics) {
    metrics.gauge(
        "weft.connections.all",
        "Connections, those who only read included",
        Tags.empty(),
        hub,
        RelayHub::connections);
    for (String version : hub.versions().counts().keySet()) {
      metrics.gauge(
          "weft.connections",
          "Connections by the protocol's version",
          Tags.of("version", version),
          hub,
          each -> openOf(each, version));
    }
    metrics.gauge(
        "weft.documents.open", "Documents in memory", Tags.empty(), hub, RelayHub::openDocuments);
    metrics.gauge(
        "weft.documents.bytes",
        "Memory of open documents, estimated",
        Tags.empty(),
        hub,
        each -> each.load().documentBytes());
    metrics.gauge(
        "weft.outbound.bytes",
        "Bytes that wait to be sent, on all connections",
        Tags.empty(),
        hub,
        RelayHub::outboundBytes);
    metrics.gauge(
        "weft.unfinished.bytes",
        "Memory of frames that have not ended, beyond 64 KiB of each connection",
        Tags.empty(),
        hub,
        each -> each.unfinished().bytes());
    metrics.gauge(
        "weft.store.unwritten.bytes",
        "Bytes of changes that wait for the store",
        Tags.empty(),
        hub,
        each -> each.load().unwrittenBytes());
    metrics.gauge(
        "weft.store.waiting",
        "Documents that wait for the store's writer",
        Tags.empty(),
        hub,
        each -> each.writeBehind().waiting());
    metrics.gauge(
        "weft.store.available",
        "Whether the store confirms what it is given: 1, or 0",
        Tags.empty(),
        hub,
        each -> each.storeHealth().state().available() ? 1 : 0);
    metrics.gauge(
        "weft.draining",
        "Whether the relay is about to stop: 1, or 0",
        Tags.empty(),
        hub,
        each -> each.isLeaving() ? 1 : 0);
    registerLimits(metrics);
  }

  /** Whoever watches how near a limit is should not have to know how it was set. */
  private void registerLimits(RelayMetrics metrics) {
    metrics.gauge(
        "weft.connections.limit",
        "The most connections",
        Tags.empty(),
        hub,
        each -> each.bounds().connections());
    metrics.gauge(
        "weft.documents.limit",
        "The most documents in memory",
        Tags.empty(),
        hub,
        each -> each.bounds().documents());
    metrics.gauge(
        "weft.documents.limit.bytes",
        "The most memory of open documents",
        Tags.empty(),
        hub,
        each -> each.bounds().load().documentBytes());
    metrics.gauge(
        "weft.store.unwritten.limit.bytes",
        "The most bytes of changes that may wait for the store",
        Tags.empty(),
        hub,
        each -> each.bounds().load().unwrittenBytes());
  }

  private static double openOf(RelayHub hub, String version) {
    ConnectionCount count = hub.versions().counts().get(version);
    return count == null ? 0 : count.open();
  }
}
