package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that poll, over a simulated network.
 *
 * @param events where the process hears of them, in order
 */
record SimulatedRequests(SimulatedNetwork network, Executor events, URI relay)
    implements PollingLink.Requests {

  @Override
  public void send(
      ClientMessage.@Nullable Hello hello,
      String document,
      List<ClientMessage> messages,
      Runnable hearing,
      Consumer<List<RelayMessage>> answered,
      Consumer<PollingLink.NoAnswer> failed) {
    List<byte[]> frames = new ArrayList<>();
    if (hello != null) {
      frames.add(Frames.encode(hello));
    }
    messages.forEach(message -> frames.add(Frames.encode(message)));
    network.post(
        relay,
        document,
        frames,
        () -> events.execute(hearing),
        answer -> events.execute(() -> answered.accept(read(answer))),
        why -> events.execute(() -> failed.accept(new PollingLink.NoAnswer(why))));
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
}
