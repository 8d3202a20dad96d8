package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.util.Objects;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that polls: attaches its body and its response to the hub as if they were a
 * connection, and ends it when everything is answered or the time is over. As an {@link Outlet} it
 * may be called from any thread.
 */
final class Poll implements Outlet, FrameSource.Taker, FrameSink.Giver {
  private static final Logger log = LoggerFactory.getLogger(Poll.class);

  private final RelayHub hub;
  private final Visit visit;
  private final FrameSource frames;
  private final FrameSink answers;
  private volatile @Nullable Session session;

  // Guarded by this.
  private Timer.@Nullable Scheduled timeIsOver;
  private boolean over;

  private Poll(RelayHub hub, Visit visit, String type) {
    this.hub = hub;
    this.visit = visit;
    this.frames =
        new FrameSource(
            visit.request(),
            hub.bounds().pollRequestBytes(),
            new LeastPace(hub.times().idle(), hub.ticker()),
            hub.unfinished().share(),
            this);
    this.answers =
        new FrameSink(
            visit.response(),
            visit.callback(),
            type,
            hub.bounds().pollResponseBytes(),
            hub.pollBudget(),
            this);
  }

  /**
   * Begins a poll.
   *
   * @param type the media type of the response
   */
  static void begin(RelayHub hub, Visit visit, String type, Entrance entrance) {
    Poll poll = new Poll(hub, visit, type);
    Session session = hub.connect(poll, entrance);
    poll.session = session;
    visit.request().addFailureListener(poll::failed);
    Request.addCompletionListener(visit.request(), failure -> poll.over());
    session.start();
  }

  private Session session() {
    return Objects.requireNonNull(session);
  }

  /** Nothing of the exchange is left. */
  private void over() {
    synchronized (this) {
      over = true;
      if (timeIsOver != null) {
        timeIsOver.cancel();
        timeIsOver = null;
      }
    }
    frames.release();
    session().closed();
  }

  // --- From the request ---

  @Override
  public void piece(int bytes) {
    session().receivedPiece(bytes);
  }

  @Override
  public void frame(byte[] frame) {
    session().received(frame);
  }

  @Override
  public void end() {
    answers.begin();
    session().ended();
    synchronized (this) {
      if (!over) {
        timeIsOver = hub.after(hub.times().poll(), answers::end);
      }
    }
  }

  @Override
  public void unreadable(Refusal refusal) {
    session().refuse(refusal);
  }

  @Override
  public void failed(Throwable cause) {
    log.debug("poll from {} failed", peer(), cause);
    answers.fail(cause);
  }

  // --- From the response ---

  @Override
  public void taken() {
    session().sent();
  }

  @Override
  public void rejected(Refusal why) {
    session().refuse(why);
    session().sent();
  }

  @Override
  public void progressed() {
    session().progressed();
  }

  // --- From the hub ---

  @Override
  public void send(byte[] frame) {
    answers.give(frame);
  }

  @Override
  public void demand() {
    frames.demand();
  }

  @Override
  public void allowFrames(int maxBytes) {
    frames.allowFrames(maxBytes);
  }

  @Override
  public boolean refuse(Refusal refusal, byte[] frame) {
    frames.release();
    return answers.refuse(refusal, frame);
  }

  @Override
  public void close(int status, String reason) {
    answers.end();
  }

  @Override
  public void abort() {
    frames.release();
    visit.cut();
    answers.fail(new EofException("the poll was cut"));
  }

  @Override
  public String peer() {
    return visit.peer();
  }
}
