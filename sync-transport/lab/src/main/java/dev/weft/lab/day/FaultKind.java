package dev.weft.lab.day;

import java.util.List;

/** What is done to whom, and for how long. */
enum FaultKind {
  RELAY_KILL("K", "relay killed", "kill -9, started again", 500, 5_000),
  RELAY_FREEZE("F", "relay frozen", "SIGSTOP, SIGCONT", 1_000, 8_000),
  RELAY_UPGRADE("U", "relay upgraded", "drained, and replaced by a new process", 0, 1),
  RELAY_DISK("D", "relay's disk full", "no byte left", 3_000, 10_000),
  CLIENT_KILL("K", "client killed", "kill -9, started again on its store", 500, 5_000),
  CLIENT_FREEZE("F", "client frozen", "SIGSTOP, SIGCONT", 1_000, 8_000),
  CLIENT_DISK("D", "client's disk full", "no byte left", 3_000, 10_000),
  CUT("C", "link cut", "connections reset, in the middle of a message as well", 0, 1),
  DELAY("L", "link delays", "each piece up to 400 ms", 4_000, 12_000),
  THROTTLE("T", "link throttled", "2 kB/s in each direction", 4_000, 12_000),
  BLACK_HOLE("H", "link swallows all", "nobody is told", 3_000, 18_000),
  REFUSE("R", "link refuses", "cut, and nobody may connect", 2_000, 10_000);

  static final List<FaultKind> OF_LINKS = List.of(CUT, DELAY, THROTTLE, BLACK_HOLE, REFUSE);

  /** Stands in the timeline. */
  final String code;

  /** For a person. */
  final String words;

  /** How it is done. */
  final String means;

  final long shortestMillis;
  final long longestMillis;

  FaultKind(String code, String words, String means, long shortestMillis, long longestMillis) {
    this.code = code;
    this.words = words;
    this.means = means;
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
  }

  boolean needsSmallDisk() {
    return this == RELAY_DISK || this == CLIENT_DISK;
  }
}
