package dev.weft.bench.load.dialect;

import java.net.URI;

/**
 * The protocols of servers for Yjs: y-protocols' sync messages, with what each puts around them.
 */
public enum YDialect implements Dialect {
  /** That of y-websocket: the document is in the address. */
  Y_WEBSOCKET("y-websocket") {
    @Override
    public URI endpoint(URI server, String document) {
      return server.resolve("/" + document);
    }

    @Override
    public Speaker speaker(String document, long writer, Edits edits, Speaker.Ear ear) {
      return new YSpeaker("", writer, edits, ear);
    }
  },

  /** That of Hocuspocus: the document is in each message, and a token comes first. */
  HOCUSPOCUS("Hocuspocus") {
    @Override
    public URI endpoint(URI server, String document) {
      return server.resolve("/");
    }

    @Override
    public Speaker speaker(String document, long writer, Edits edits, Speaker.Ear ear) {
      return new YSpeaker(document, writer, edits, ear);
    }
  };

  private final String title;

  YDialect(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  /** Returns how {@code benchmarks/peers} calls it. */
  public String script() {
    return this == HOCUSPOCUS ? "hocuspocus" : "y-websocket";
  }

  @Override
  public String subprotocol() {
    return "";
  }

  @Override
  public boolean isWhole() {
    return false;
  }
}
