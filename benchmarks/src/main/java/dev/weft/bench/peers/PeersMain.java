package dev.weft.bench.peers;

import dev.weft.cli.Weft;

/** The {@code weft} command with {@code peers} in it; the launcher starts it for that one alone. */
public final class PeersMain {
  private PeersMain() {}

  public static void main(String[] args) {
    Weft.main(args, new PeersCommand());
  }
}
