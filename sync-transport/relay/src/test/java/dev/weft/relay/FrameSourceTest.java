package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a source of frames holds of a request's body, and for how long. */
class FrameSourceTest {
  private static final int FRAME_BYTES = 1 << 20;
  private static final int CHUNK_BYTES = 32 << 10;

  private final AsyncContent body = new AsyncContent();
  private final Taken taken = new Taken();
  private final UnfinishedFrames unfinished = new UnfinishedFrames(4L * FRAME_BYTES);
  private long now;
  private final FrameSource frames =
      new FrameSource(
          body,
          8L * FRAME_BYTES,
          new LeastPace(Duration.ofSeconds(30), () -> now),
          unfinished.share(),
          taken);

  @BeforeEach
  void setUp() {
    taken.demand = frames::demand;
  }

  @Test
  void shouldReadNoFurtherPieceBeforeItIsAskedFor() {
    taken.demand = () -> {};
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] frame = delimited(100);
    write(Arrays.copyOf(frame, 10), false);
    write(Arrays.copyOfRange(frame, 10, frame.length), false);

    assertThat(taken.pieces).isOne();
    assertThat(taken.frames).isEmpty();
    frames.demand();
    assertThat(taken.frames).hasSize(1);
  }

  @Test
  void shouldRefuseBodyThatDrips() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] frame = delimited(FRAME_BYTES);
    int sent = 0;
    while (taken.refusal == null) {
      now += Duration.ofSeconds(10).toNanos();
      write(Arrays.copyOfRange(frame, sent, sent + 500), false);
      sent += 500;
    }

    // Each brings two seconds and takes ten.
    assertThat(sent).isEqualTo(4 * 500);
    assertThat(taken.refusal.code()).isEqualTo(Codes.IDLE_TIMEOUT);
    assertThat(taken.refusal.retryable()).isTrue();
    assertThat(frames.bufferedBytes()).isZero();
  }

  @Test
  void shouldTakeBodyThatComesSlowlyButComes() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] frame = delimited(FRAME_BYTES);
    for (int from = 0; from < frame.length; from += 2_500) {
      now += Duration.ofSeconds(10).toNanos();
      write(Arrays.copyOfRange(frame, from, Math.min(frame.length, from + 2_500)), false);
    }

    assertThat(taken.frames).hasSize(1);
  }

  @Test
  void shouldNotTakeBodyForSlowWhileNobodyAsksForIt() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] four = {1, 7, 1, 7, 1, 7, 1, 7};
    write(four, false);
    for (int i = 2; i <= 4; i++) {
      now += Duration.ofMinutes(1).toNanos();
      frames.demand();
    }

    assertThat(taken.frames).hasSize(4);
    assertThat(taken.refusal).isNull();
  }

  @Test
  void shouldHoldNothingOnceFrameIsTaken() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    write(delimited(FRAME_BYTES), false);

    assertThat(taken.frames).hasSize(1);
    assertThat(frames.bufferedBytes()).isZero();
  }

  @Test
  void shouldHoldNoMoreThanWhatHasComeOfNextFrame() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] two = new byte[FRAME_BYTES + 104];
    System.arraycopy(delimited(FRAME_BYTES), 0, two, 0, FRAME_BYTES + 3);
    two[FRAME_BYTES + 3] = 101;
    write(two, false);

    assertThat(frames.bufferedBytes()).isLessThanOrEqualTo(CHUNK_BYTES);
    frames.demand();
    write(new byte[1], false);
    assertThat(taken.frames).hasSize(2);
    assertThat(taken.frames.get(1)).hasSize(101);
  }

  @Test
  void shouldNotTakeMoreThanFrameNeedsAndWhatHasCome() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] frame = delimited(FRAME_BYTES);
    for (int from = 0; from + CHUNK_BYTES < frame.length; from += CHUNK_BYTES) {
      write(Arrays.copyOfRange(frame, from, from + CHUNK_BYTES), false);
      assertThat(frames.bufferedBytes())
          .isLessThanOrEqualTo(Math.min(2 * (from + CHUNK_BYTES), FRAME_BYTES + CHUNK_BYTES));
    }
  }

  @Test
  void shouldHoldNothingOnceItIsReleased() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    write(Arrays.copyOf(delimited(FRAME_BYTES), CHUNK_BYTES), false);
    assertThat(frames.bufferedBytes()).isPositive();

    frames.release();

    assertThat(frames.bufferedBytes()).isZero();
    write(new byte[FRAME_BYTES], false);
    assertThat(frames.bufferedBytes()).isZero();
    assertThat(taken.frames).isEmpty();
    assertThat(taken.refusal).isNull();
  }

  @Test
  void shouldHoldNothingOnceBodyIsRefused() {
    frames.allowFrames(100);
    frames.demand();
    write(delimited(FRAME_BYTES), false);

    assertThat(taken.refusal).isNotNull();
    assertThat(frames.bufferedBytes()).isZero();
  }

  @Test
  void shouldTellOfBytesBeforeFrameIsWhole() {
    frames.allowFrames(FRAME_BYTES);
    frames.demand();
    byte[] frame = delimited(FRAME_BYTES);
    write(Arrays.copyOf(frame, 10), false);
    write(Arrays.copyOfRange(frame, 10, 20), false);

    assertThat(taken.frames).isEmpty();
    assertThat(taken.pieces).isEqualTo(2);
    assertThat(taken.piecesBytes).isEqualTo(20);
  }

  private void write(byte[] bytes, boolean last) {
    for (int from = 0; from < bytes.length; from += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, bytes.length - from);
      body.write(
          last && from + length == bytes.length,
          ByteBuffer.wrap(bytes, from, length),
          Callback.NOOP);
    }
  }

  /** Returns a frame of zeros behind its length. */
  private static byte[] delimited(int length) {
    byte[] bytes = new byte[length + 3];
    bytes[0] = (byte) ((length & 0x7f) | 0x80);
    bytes[1] = (byte) (((length >>> 7) & 0x7f) | 0x80);
    bytes[2] = (byte) (length >>> 14);
    return bytes;
  }

  private static final class Taken implements FrameSource.Taker {
    final List<byte[]> frames = new ArrayList<>();
    Runnable demand = () -> {};
    int pieces;
    int piecesBytes;
    @Nullable Refusal refusal;

    @Override
    public void piece(int bytes) {
      pieces++;
      piecesBytes += bytes;
      demand.run();
    }

    @Override
    public void frame(byte[] frame) {
      frames.add(frame);
    }

    @Override
    public void end() {}

    @Override
    public void unreadable(Refusal why) {
      refusal = why;
    }

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
