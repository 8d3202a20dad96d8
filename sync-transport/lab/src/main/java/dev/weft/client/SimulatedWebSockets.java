package dev.weft.client;

import java.net.URI;
import java.util.concurrent.Executor;

/** Links by WebSockets over a simulated network. */
final class SimulatedWebSockets implements Links {
  private final SimulatedNetwork network;
  private final Executor events;

  /**
   * Creates links.
   *
   * @param events where the process hears of them, in order
   */
  SimulatedWebSockets(SimulatedNetwork network, Executor events) {
    this.network = network;
    this.events = events;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    SimulatedNetwork.Socket socket =
        network.connect(relay, new ForwardingListener(listener, events));
    return new Link() {
      @Override
      public void send(byte[] message) {
        socket.send(message);
      }

      @Override
      public void demand() {
        socket.demand();
      }

      @Override
      public void close(String reason) {
        socket.close(reason);
      }
    };
  }

  @Override
  public void close() {}

  private record ForwardingListener(Link.Listener listener, Executor events)
      implements SimulatedNetwork.SocketListener {
    @Override
    public void opened() {
      events.execute(listener::opened);
    }

    @Override
    public void received(byte[] message) {
      events.execute(() -> listener.received(message));
    }

    @Override
    public void hearing() {
      events.execute(listener::hearing);
    }

    @Override
    public void sent(int bytes) {
      events.execute(() -> listener.sent(bytes));
    }

    @Override
    public void closed(String reason, SimulatedNetwork.End end) {
      Link.OtherWays others =
          switch (end) {
            case UNREACHED -> Link.OtherWays.FAIL;
            case CLOSED -> Link.OtherWays.ARE_NO_BETTER;
            case LOST -> Link.OtherWays.MAY_WORK;
          };
      events.execute(() -> listener.closed(reason, others));
    }
  }
}
