package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Links over a simulated network: WebSockets, or the production code that polls. */
final class SimulatedLinks implements Links {
  private final SimulatedNetwork network;
  private final boolean polling;
  private final Scheduler scheduler;
  private final RandomGenerator random;

  SimulatedLinks(
      SimulatedNetwork network, boolean polling, Scheduler scheduler, RandomGenerator random) {
    this.random = random;
    this.network = network;
    this.polling = polling;
    this.scheduler = scheduler;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    if (polling) {
      PollingLink link =
          new PollingLink(
              scheduler,
              (hello, document, messages, hearing, answered, failed) ->
                  post(relay, hello, document, messages, hearing, answered, failed),
              random,
              listener);
      link.start();
      return link;
    }
    SimulatedNetwork.Socket socket = network.connect(relay, new ForwardingListener(listener));
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

  private void post(
      URI relay,
      ClientMessage.@Nullable Hello hello,
      String document,
      List<ClientMessage> messages,
      Runnable hearing,
      Consumer<List<RelayMessage>> answered,
      Consumer<String> failed) {
    List<byte[]> frames = new ArrayList<>();
    if (hello != null) {
      frames.add(Frames.encode(hello));
    }
    messages.forEach(message -> frames.add(Frames.encode(message)));
    network.post(relay, document, frames, hearing, answer -> answered.accept(read(answer)), failed);
  }

  private static List<RelayMessage> read(List<byte[]> frames) {
    List<RelayMessage> messages = new ArrayList<>();
    for (byte[] frame : frames) {
      try {
        messages.add(Frames.decodeRelay(frame));
      } catch (MalformedFrameException e) {
        throw new AssertionError("the relay sent a malformed frame", e);
      }
    }
    return messages;
  }

  @Override
  public void close() {}

  private record ForwardingListener(Link.Listener listener)
      implements SimulatedNetwork.SocketListener {
    @Override
    public void opened() {
      listener.opened();
    }

    @Override
    public void received(byte[] message) {
      listener.received(message);
    }

    @Override
    public void hearing() {
      listener.hearing();
    }

    @Override
    public void sent(int bytes) {
      listener.sent(bytes);
    }

    @Override
    public void closed(String reason) {
      listener.closed(reason, false);
    }
  }
}
