package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** {@code GET .../events}: what happens to a document's text, as server-sent events. */
final class EventsDoor implements HttpDoors.Door {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final RelayHub hub;

  EventsDoor(RelayHub hub) {
    this.hub = hub;
  }

  @Override
  public List<String> methods() {
    return List.of(HttpMethod.GET.asString());
  }

  @Override
  public void enter(Visit visit) {
    Reading.begin(hub, visit, new Follower(hub, visit));
  }

  /** One reader's way from the door to the end of the stream. Thread-safe. */
  private static final class Follower implements Reading.Reader, Guests.Guest {
    private final RelayHub hub;
    private final Visit visit;
    private final EventStream stream;
    private volatile @Nullable OpenDocument document;
    private volatile boolean begun;
    private volatile @Nullable Refusal dismissal;

    // Guarded by this.
    private Timer.@Nullable Scheduled nextBeat;
    private boolean over;

    Follower(RelayHub hub, Visit visit) {
      this.hub = hub;
      this.visit = visit;
      this.stream = new EventStream(visit.response(), visit.callback(), this::renew);
    }

    @Override
    public void entered(OpenDocument entered) {
      document = entered;
      entered.guests().receive(this);
    }

    @Override
    public void dismissed(Refusal why) {
      dismissal = why;
      if (begun) {
        stream.end();
      }
    }

    private void renew() {
      Objects.requireNonNull(document).guests().renew(stream);
    }

    // --- From the document's worker ---

    @Override
    public boolean read(RelayedText text, Renderings renderings, Followers followers)
        throws RefusedException {
      if (text.version().isEmpty()) {
        visit.answerUnknown();
        return false;
      }
      String known = visit.request().getHeaders().get("Last-Event-ID");
      Rendering first = followers.first(text, known == null ? "" : known);
      boolean begins = false;
      try {
        begin();
        begins = true;
      } finally {
        if (!begins && first != null) {
          first.letGo();
        }
      }
      followers.join(stream, text, first);
      return true;
    }

    @Override
    public void refused(Refusal refusal) {
      visit.refuse(refusal);
    }

    private void begin() throws RefusedException {
      Refusal why = dismissal;
      if (why != null) {
        throw new RefusedException(why);
      }
      hub.begin(stream);
      Response response = visit.response();
      HttpFields.Mutable headers = response.getHeaders();
      response.setStatus(HttpStatus.OK_200);
      headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
      // Proxies that collect a response before they pass it on have been told so by this.
      headers.put("X-Accel-Buffering", "no");
      visit.request().addFailureListener(stream::fail);
      Request.addCompletionListener(visit.request(), failure -> ended());
      beatLater();
      begun = true;
      if (dismissal != null) {
        stream.end();
      }
    }

    private void beat() {
      if (!stream.isEnding()) {
        stream.beat();
        beatLater();
      }
    }

    private synchronized void beatLater() {
      if (!over) {
        nextBeat = hub.after(HEARTBEAT, this::beat);
      }
    }

    private void ended() {
      synchronized (this) {
        over = true;
        if (nextBeat != null) {
          nextBeat.cancel();
        }
      }
      stream.end();
      hub.end(stream);
      Objects.requireNonNull(document).guests().unfollow(stream);
    }
  }
}
