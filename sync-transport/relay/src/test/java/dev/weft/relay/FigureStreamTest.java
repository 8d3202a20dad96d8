package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FigureStreamTest {
  private final Outlet outlet = new Outlet();
  private final Ending ending = new Ending();
  private final FigureStream stream = new FigureStream(outlet, ending);

  private static byte[] event(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void shouldTellSlowViewerOnlyTheNewest() {
    stream.give(event("one"));
    stream.give(event("two"));
    stream.give(event("three"));
    assertThat(outlet.written).containsExactly("one");

    outlet.takeIn();
    outlet.takeIn();

    assertThat(outlet.written).containsExactly("one", "three");
    assertThat(outlet.isWriting()).isFalse();
  }

  @Test
  void shouldEndBehindWhatIsUnderWay() {
    stream.give(event("one"));
    stream.give(event("two"));
    stream.end(event("goodbye"));
    stream.give(event("three"));
    assertThat(ending.ended).isZero();

    outlet.takeIn();
    outlet.takeIn();

    assertThat(outlet.written).containsExactly("one", "goodbye!");
    assertThat(ending.ended).isOne();
    assertThat(ending.failure).isNull();
  }

  @Test
  void shouldFailOnceAndSayNothingMore() {
    stream.give(event("one"));
    stream.fail(new IllegalStateException("gone"));
    stream.fail(new IllegalStateException("gone again"));
    stream.give(event("two"));
    stream.end(event("goodbye"));
    outlet.takeIn();

    assertThat(outlet.written).containsExactly("one");
    assertThat(ending.ended).isOne();
    assertThat(ending.failure).hasMessage("gone");
    assertThat(stream.isEnding()).isTrue();
  }

  /** A socket that takes in one write at a time, when the test says so. */
  private static final class Outlet implements Content.Sink {
    final List<String> written = new ArrayList<>();
    private @Nullable Callback callback;

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback then) {
      assertThat(callback).as("the write before this one").isNull();
      written.add(StandardCharsets.US_ASCII.decode(bytes) + (last ? "!" : ""));
      callback = then;
    }

    boolean isWriting() {
      return callback != null;
    }

    void takeIn() {
      Callback then = Objects.requireNonNull(callback);
      callback = null;
      then.succeeded();
    }
  }

  private static final class Ending implements Callback {
    int ended;
    @Nullable Throwable failure;

    @Override
    public void succeeded() {
      ended++;
    }

    @Override
    public void failed(Throwable cause) {
      ended++;
      failure = cause;
    }
  }
}
