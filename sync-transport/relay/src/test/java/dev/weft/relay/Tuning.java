package dev.weft.relay;

import dev.weft.protocol.ConnectionLimits;
import java.time.Duration;

/**
 * The usual times and bounds, with others for what a test is about. Not thread-safe.
 *
 * <p>Where a relay would say or leave out something because its machine is slow, it does so only if
 * a test asks for it: one may run beside anything.
 */
final class Tuning {
  /** No wait for a worker is so long that anything is left out. */
  static final LoadBounds ANY_WAIT =
      new LoadBounds(
          Duration.ofDays(1),
          Duration.ofDays(1),
          Duration.ofDays(1),
          LoadBounds.DEFAULT.unwrittenBytes(),
          LoadBounds.DEFAULT.documentBytes());

  private Duration head = Duration.ofMinutes(5);
  private Duration hello = Duration.ofMinutes(5);
  private Duration idle = Duration.ofMinutes(5);
  private Duration storeSlow = Duration.ofMinutes(5);
  private Duration saveEdits = RelayTimes.DEFAULT.saveEdits();
  private Duration poll = RelayTimes.DEFAULT.poll();
  private Duration pollSaves = RelayTimes.DEFAULT.pollSaves();
  private int pollResponseBytes = RelayBounds.DEFAULT.pollResponseBytes();
  private int pollHeldBytes = RelayBounds.DEFAULT.pollHeldBytes();
  private int readerBytes = RelayBounds.DEFAULT.readerBytes();
  private int connections = RelayBounds.DEFAULT.connections();
  private int connectionsOfAddress = RelayBounds.DEFAULT.connectionsOfAddress();
  private int maxFrameBytes = ConnectionLimits.DEFAULT.maxFrameBytes();
  private int channels = ConnectionLimits.DEFAULT.maxChannels();
  private int pendingSaves = ConnectionLimits.DEFAULT.maxPendingSaves();
  private int documents = RelayBounds.DEFAULT.documents();
  private int replicas = RelayBounds.DEFAULT.document().maxReplicas();
  private int inboundBytes = RelayBounds.DEFAULT.inboundBytes();
  private int leftBytes = RelayBounds.DEFAULT.leftBytes();
  private int unfinishedBytes = RelayBounds.DEFAULT.unfinishedBytes();
  private int outboundBytes = RelayBounds.DEFAULT.outboundBytes();
  private int partBytes = RelayBounds.DEFAULT.partBytes();
  private int unwrittenBytes = RelayBounds.DEFAULT.unwrittenBytes();
  private Allowances allowances = Allowances.DEFAULT;
  private LoadBounds load = ANY_WAIT;
  private int snapshotTailBytes = RelayBounds.DEFAULT.snapshotTailBytes();

  Tuning head(Duration time) {
    head = time;
    return this;
  }

  Tuning hello(Duration time) {
    hello = time;
    return this;
  }

  Tuning idle(Duration time) {
    idle = time;
    return this;
  }

  Tuning storeSlow(Duration time) {
    storeSlow = time;
    return this;
  }

  Tuning saveEdits(Duration time) {
    saveEdits = time;
    return this;
  }

  Tuning poll(Duration time) {
    poll = time;
    return this;
  }

  Tuning pollSaves(Duration time) {
    pollSaves = time;
    return this;
  }

  Tuning pollResponseBytes(int bytes) {
    pollResponseBytes = bytes;
    return this;
  }

  Tuning pollHeldBytes(int bytes) {
    pollHeldBytes = bytes;
    return this;
  }

  Tuning readerBytes(int bytes) {
    readerBytes = bytes;
    return this;
  }

  Tuning connections(int count) {
    connections = count;
    return this;
  }

  Tuning connectionsOfAddress(int count) {
    connectionsOfAddress = count;
    return this;
  }

  Tuning maxFrameBytes(int bytes) {
    maxFrameBytes = bytes;
    return this;
  }

  Tuning channels(int count) {
    channels = count;
    return this;
  }

  Tuning pendingSaves(int count) {
    pendingSaves = count;
    return this;
  }

  Tuning documents(int count) {
    documents = count;
    return this;
  }

  Tuning replicas(int count) {
    replicas = count;
    return this;
  }

  Tuning inboundBytes(int bytes) {
    inboundBytes = bytes;
    return this;
  }

  Tuning leftBytes(int bytes) {
    leftBytes = bytes;
    return this;
  }

  Tuning unfinishedBytes(int bytes) {
    unfinishedBytes = bytes;
    return this;
  }

  Tuning outboundBytes(int bytes) {
    outboundBytes = bytes;
    return this;
  }

  Tuning partBytes(int bytes) {
    partBytes = bytes;
    return this;
  }

  Tuning unwrittenBytes(int bytes) {
    unwrittenBytes = bytes;
    return this;
  }

  Tuning snapshotTailBytes(int bytes) {
    snapshotTailBytes = bytes;
    return this;
  }

  Tuning allowances(Allowances perSecond) {
    allowances = perSecond;
    return this;
  }

  Tuning load(LoadBounds bounds) {
    load = bounds;
    return this;
  }

  /** Times for real clocks: a store that fails is tried again quickly. */
  RelayTimes times() {
    RelayTimes usual = RelayTimes.DEFAULT;
    return new RelayTimes(
        head,
        hello,
        usual.heartbeat(),
        idle,
        usual.stall(),
        usual.goodbye(),
        usual.writeBehind(),
        Duration.ofMillis(50),
        storeSlow,
        saveEdits,
        usual.saveStore(),
        usual.resend(),
        poll,
        pollSaves,
        usual.idleDocument());
  }

  RelayBounds bounds() {
    RelayBounds usual = RelayBounds.DEFAULT;
    ConnectionLimits connection =
        new ConnectionLimits(
            maxFrameBytes, channels, pendingSaves, usual.connection().maxPresenceBytes());
    return new RelayBounds(
        connections,
        connectionsOfAddress,
        connection,
        documents,
        RelayBounds.withReplicas(usual.document(), replicas),
        inboundBytes,
        leftBytes,
        unfinishedBytes,
        outboundBytes,
        partBytes,
        unwrittenBytes,
        usual.waitingChanges(),
        usual.waitingBytes(),
        usual.participants(),
        pollResponseBytes,
        pollHeldBytes,
        readerBytes,
        snapshotTailBytes,
        allowances,
        load);
  }
}
