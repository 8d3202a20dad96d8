package dev.weft.bench.load;

import dev.weft.cli.Weft;

/** The {@code weft} command with {@code load} in it; the launcher starts it for that one alone. */
public final class LoadMain {
  private LoadMain() {}

  public static void main(String[] args) {
    Weft.main(args, new LoadCommand());
  }
}
