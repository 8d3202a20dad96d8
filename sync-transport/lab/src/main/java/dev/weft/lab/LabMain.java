package dev.weft.lab;

import dev.weft.cli.Weft;

/** The {@code weft} command with {@code lab} in it; the launcher starts it for that one alone. */
public final class LabMain {
  private LabMain() {}

  public static void main(String[] args) {
    Weft.main(args, new LabCommand());
  }
}
