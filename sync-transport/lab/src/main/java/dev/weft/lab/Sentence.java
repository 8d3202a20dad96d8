package dev.weft.lab;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;

/** What a frame says, in as few words as one follows it by. */
final class Sentence {
  private static final int LONGEST = 160;

  private Sentence() {}

  static String of(byte[] frame, boolean up) {
    try {
      String said = up ? of(Frames.decodeClient(frame)) : of(Frames.decodeRelay(frame));
      return said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "...";
    } catch (MalformedFrameException e) {
      return "what cannot be read: " + e.getMessage();
    }
  }

  private static String of(ClientMessage message) {
    if (message instanceof ClientMessage.Edits edits) {
      return "Edits " + edits.channel() + ": " + edits.changes().size() + " bytes";
    } else if (message instanceof ClientMessage.Save save) {
      return "Save " + save.channel() + " " + save.id() + " " + save.vector();
    } else if (message instanceof ClientMessage.Open open) {
      return "Open " + open.channel() + " " + open.document() + " " + open.vector();
    } else if (message instanceof Presence presence) {
      return of(presence);
    }
    return message.toString();
  }

  private static String of(RelayMessage message) {
    if (message instanceof RelayMessage.Opened opened) {
      return "Opened "
          + opened.channel()
          + " "
          + opened.vector()
          + ": "
          + opened.changes().size()
          + " bytes"
          + (opened.more() ? ", more" : "")
          + ", durable "
          + opened.durable();
    } else if (message instanceof RelayMessage.Edits edits) {
      return "Edits "
          + edits.channel()
          + ": "
          + edits.changes().size()
          + " bytes"
          + (edits.more() ? ", more" : "")
          + (edits.vector() == null ? "" : ", then " + edits.vector());
    } else if (message instanceof RelayMessage.Durable durable) {
      return "Durable " + durable.channel() + " " + durable.vector();
    } else if (message instanceof Presence presence) {
      return of(presence);
    }
    return message.toString();
  }

  private static String of(Presence presence) {
    return "Presence " + presence.channel() + (presence.gone() ? ": gone" : "");
  }
}
