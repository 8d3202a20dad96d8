package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** {@code GET .../text}: the plain text of a document, with its version as entity tag. */
final class TextDoor implements HttpDoors.Door {
  private final RelayHub hub;

  TextDoor(RelayHub hub) {
    this.hub = hub;
  }

  @Override
  public List<String> methods() {
    return List.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString());
  }

  @Override
  public void enter(Visit visit) {
    Reading.begin(
        hub,
        visit,
        new Reading.Reader() {
          @Override
          public void entered(OpenDocument document) {
            document.guests().receive(new Answer(visit));
          }

          @Override
          public void dismissed(Refusal why) {
            // It is being answered.
          }
        });
  }

  /** Answers one visit. Used by the document's worker. */
  private record Answer(Visit visit) implements Guests.Guest {
    @Override
    public boolean read(RelayedText text, Renderings renderings, Followers followers)
        throws RefusedException {
      if (text.version().isEmpty()) {
        visit.answerUnknown();
      } else {
        answer(text, renderings);
      }
      return false;
    }

    private void answer(RelayedText text, Renderings renderings) throws RefusedException {
      ToldVersion version = renderings.told(text);
      if (isNamed('"' + version.tag() + '"', visit.header(HttpHeader.IF_NONE_MATCH))) {
        head(version, HttpStatus.NOT_MODIFIED_304);
        visit.response().write(true, ByteBuffer.allocate(0), visit.callback());
      } else if (HttpMethod.HEAD.is(visit.request().getMethod())) {
        found(version, renderings.plainBytes(text));
        visit.response().write(true, ByteBuffer.allocate(0), visit.callback());
      } else {
        Rendering plain = renderings.plain(text);
        found(version, plain.size());
        PiecedWrite.begin(
            visit.response(),
            plain.view(),
            true,
            () -> {},
            Callback.from(plain::letGo, visit.callback()));
      }
    }

    private void found(ToldVersion version, long bytes) {
      head(version, HttpStatus.OK_200);
      HttpFields.Mutable headers = visit.response().getHeaders();
      headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
      headers.put("X-Content-Type-Options", "nosniff");
      headers.put(HttpHeader.CONTENT_LENGTH, bytes);
    }

    private void head(ToldVersion version, int status) {
      Response response = visit.response();
      HttpFields.Mutable headers = response.getHeaders();
      response.setStatus(status);
      headers.put(HttpHeader.ETAG, '"' + version.tag() + '"');
      headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
      if (!version.vector().isEmpty()) {
        headers.put("Weft-Version", version.vector());
      }
    }

    @Override
    public void refused(Refusal refusal) {
      visit.refuse(refusal);
    }

    /** The comparison of If-None-Match is the weak one, and the star stands for any version. */
    private static boolean isNamed(String tag, @Nullable String header) {
      if (header == null) {
        return false;
      }
      for (String each : header.split(",", -1)) {
        String named = each.trim();
        if (named.equals("*") || named.equals(tag) || named.equals("W/" + tag)) {
          return true;
        }
      }
      return false;
    }
  }
}
