package dev.weft.relay;

/** An outlet of which nothing comes in. What it does with frames, a test says. */
abstract class DeafOutlet implements Outlet {
  @Override
  public void send(byte[] frame) {}

  @Override
  public void demand() {}

  @Override
  public void allowFrames(int maxBytes) {}

  @Override
  public void close(int status, String reason) {}

  @Override
  public void abort() {}

  @Override
  public String peer() {
    return "a test";
  }
}
