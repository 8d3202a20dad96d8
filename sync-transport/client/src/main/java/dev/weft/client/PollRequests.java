package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayAddress;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Requests by HTTP: frames there, and frames back. Thread-safe. */
final class PollRequests implements PollingLink.Requests {
  /** How long nothing may go to or fro; longer than a relay holds back an answer. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

  /** More than a relay answers at once; a bound on what a hostile one can make us hold. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private final JettyHttp http;
  private final URI relay;

  PollRequests(JettyHttp http, URI relay) {
    this.http = http;
    this.relay = relay;
  }

  @Override
  public void send(
      ClientMessage.@Nullable Hello hello,
      String document,
      List<ClientMessage> messages,
      Runnable hearing,
      Consumer<List<RelayMessage>> answered,
      Consumer<PollingLink.NoAnswer> failed) {
    List<ClientMessage> said = new ArrayList<>();
    if (hello != null) {
      said.add(hello);
    }
    said.addAll(messages);
    HttpClient running;
    URI address;
    try {
      running = http.started();
      address = RelayAddress.ofHttp(relay, "/v1/documents/" + document + "/sync");
    } catch (Exception e) {
      // Jetty's start() may throw anything; the session tries again later.
      failed.accept(new PollingLink.NoAnswer(LinkFailures.describe(e)));
      return;
    }
    running
        .POST(address)
        .headers(headers -> headers.put(HttpHeader.ACCEPT, PolledFrames.CONTENT_TYPE))
        .body(new BytesRequestContent(PolledFrames.CONTENT_TYPE, PolledFrames.write(said)))
        .idleTimeout(IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .send(
            new BufferingResponseListener(MAX_ANSWER_BYTES) {
              private boolean begun;

              @Override
              public void onContent(Response response, ByteBuffer content) {
                super.onContent(response, content);
                // What comes in one piece is heard of when it is complete.
                if (begun) {
                  hearing.run();
                }
                begun = true;
              }

              @Override
              public void onComplete(Result result) {
                completed(result, getMediaType(), getContent(), answered, failed);
              }
            });
  }

  private static void completed(
      Result result,
      @Nullable String type,
      byte[] content,
      Consumer<List<RelayMessage>> answered,
      Consumer<PollingLink.NoAnswer> failed) {
    if (result.isFailed()) {
      failed.accept(new PollingLink.NoAnswer(LinkFailures.describe(result.getFailure())));
      return;
    }
    if (!PolledFrames.CONTENT_TYPE.equals(type)) {
      Response response = result.getResponse();
      int status = response.getStatus();
      failed.accept(
          new PollingLink.NoAnswer(
              status == HttpStatus.OK_200
                  ? "something else than a relay answers there"
                  : LinkFailures.describeStatus(status),
              LinkFailures.staysAway(status, response.getHeaders())));
      return;
    }
    List<RelayMessage> messages;
    try {
      messages = PolledFrames.read(content);
    } catch (IOException | MalformedFrameException e) {
      failed.accept(
          new PollingLink.NoAnswer("the relay sent what cannot be read: " + e.getMessage()));
      return;
    }
    answered.accept(messages);
  }
}
