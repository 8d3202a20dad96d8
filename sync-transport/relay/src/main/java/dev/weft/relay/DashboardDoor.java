package dev.weft.relay;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The page at {@code /}, what it consists of, and {@code /figures}, which it follows by server-sent
 * events. Thread-safe.
 */
final class DashboardDoor {
  private static final String STREAM = "/figures";

  /** Nothing runs, is loaded or is asked but what the relay itself serves in files of its own. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, Asset> ASSETS =
      Map.of(
          "/", Asset.read("index.html", "text/html; charset=utf-8"),
          "/dashboard.css", Asset.read("dashboard.css", "text/css; charset=utf-8"),
          "/dashboard.js", Asset.read("dashboard.js", "text/javascript; charset=utf-8"),
          "/weft.svg", Asset.read("weft.svg", "image/svg+xml"));

  /** Names the page as it is; another version of it has another name. */
  static final String VERSION = version();

  private static final String TAG = '"' + VERSION + '"';

  private final Dashboard dashboard;

  DashboardDoor(Dashboard dashboard) {
    this.dashboard = dashboard;
  }

  private record Asset(String type, ByteBuffer bytes) {
    static Asset read(String name, String type) {
      try (InputStream in = DashboardDoor.class.getResourceAsStream("dashboard/" + name)) {
        if (in == null) {
          throw new AssertionError("the relay's own page lacks " + name);
        }
        return new Asset(type, ByteBuffer.wrap(in.readAllBytes()).asReadOnlyBuffer());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String version() {
    Hasher all = Hashing.sha256().newHasher();
    new TreeMap<>(ASSETS).values().forEach(each -> all.putBytes(each.bytes().duplicate()));
    return all.hash().toString().substring(0, 16);
  }

  /** Returns whether a path is one of the dashboard's. */
  static boolean isOne(String path) {
    return path.equals(STREAM) || ASSETS.containsKey(path);
  }

  /** Answers to somebody who may look. */
  void answer(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Security-Policy", POLICY);
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    Asset asset = ASSETS.get(path);
    if (asset == null) {
      stream(request, response, callback);
    } else {
      send(asset, request, response, callback);
    }
  }

  private static void send(Asset asset, Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.ETAG, TAG);
    headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
    String known = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
    // One of several, or made weak by who compresses on the way: it is the same page.
    if (known != null && known.contains(TAG)) {
      response.setStatus(HttpStatus.NOT_MODIFIED_304);
      callback.succeeded();
      return;
    }
    headers.put(HttpHeader.CONTENT_TYPE, asset.type());
    headers.put(HttpHeader.CONTENT_LENGTH, asset.bytes().remaining());
    response.setStatus(HttpStatus.OK_200);
    response.write(true, asset.bytes().duplicate(), callback);
  }

  private void stream(Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    boolean follows = request.getMethod().equals(HttpMethod.GET.asString());
    if (!dashboard.hasRoom()) {
      refuse(response, callback);
      return;
    }
    headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    // Proxies that collect a response before they pass it on have been told so by this.
    headers.put("X-Accel-Buffering", "no");
    response.setStatus(HttpStatus.OK_200);
    if (!follows) {
      // Only whether there is room was asked for.
      callback.succeeded();
      return;
    }
    FigureStream viewer = new FigureStream(response, callback);
    request.addFailureListener(viewer::fail);
    Request.addCompletionListener(request, failure -> dashboard.leave(viewer));
    if (!dashboard.join(viewer)) {
      headers.remove("X-Accel-Buffering");
      refuse(response, callback);
    }
  }

  private static void refuse(Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, 5);
    Replies.sentence(
        response,
        callback,
        HttpStatus.SERVICE_UNAVAILABLE_503,
        "The relay tells its figures to "
            + Dashboard.MAX_VIEWERS
            + " at a time, and as many look already; or it is about to stop.");
  }
}
