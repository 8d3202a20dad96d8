package dev.weft.lab.day;

import dev.weft.client.SyncStatus.Freshness;

/** What somebody in front of a client had at a moment, the worst first. */
enum Standing {
  CLOSED("closed", "the client does not run, or is starting"),
  FROZEN("frozen", "the client is stopped and shows what it showed"),
  OFFLINE("offline", "no connection, and the status says so; typing goes on"),
  STALE("stale", "connected, but for 5 s and more behind, and the status says so"),
  CATCHING_UP("catching up", "connected; what others wrote meanwhile is coming"),
  LIVE("live", "edits go both ways at once");

  /** For a person. */
  final String words;

  final String meaning;

  Standing(String words, String meaning) {
    this.words = words;
    this.meaning = meaning;
  }

  /** Returns what a running client's status says. */
  static Standing of(ClientRun.Status status) {
    return switch (status.connection()) {
      case OFFLINE, CONNECTING, REFUSED -> OFFLINE;
      case CATCHING_UP -> status.freshness() == Freshness.STALE ? STALE : CATCHING_UP;
      case LIVE, DRAINING -> status.freshness() == Freshness.STALE ? STALE : LIVE;
    };
  }
}
