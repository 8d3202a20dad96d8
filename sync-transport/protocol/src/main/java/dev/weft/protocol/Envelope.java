package dev.weft.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;

/**
 * A frame whose outer layer has been read: which message it carries, and where. Immutable.
 *
 * <p>It is read by hand because the length of a message is judged by its kind before anything is
 * allocated for it: a long message of many small parts takes much more memory than its bytes.
 */
final class Envelope {
  private final byte[] frame;
  private final int field;
  private final int offset;
  private final int length;

  private Envelope(byte[] frame, int field, int offset, int length) {
    this.frame = frame;
    this.field = field;
    this.offset = offset;
    this.length = length;
  }

  /**
   * What an envelope may carry in one of its fields.
   *
   * @param name the message's name in the schema
   * @param maxBytes its longest form
   */
  record Kind(String name, int maxBytes) {
    static Kind bulk(String name) {
      return new Kind(name, Integer.MAX_VALUE);
    }

    static Kind control(String name) {
      return new Kind(name, Frames.MAX_CONTROL_BYTES);
    }

    static Kind small(String name) {
      return new Kind(name, Frames.MAX_SMALL_BYTES);
    }
  }

  /**
   * Reads the outer layer.
   *
   * @param kinds what is known, by field number
   */
  static Envelope open(byte[] frame, Map<Integer, Kind> kinds) throws MalformedFrameException {
    if (frame.length == 0) {
      throw new MalformedFrameException("it is empty");
    }
    CodedInputStream in = CodedInputStream.newInstance(frame);
    Envelope found = null;
    try {
      while (!in.isAtEnd()) {
        int tag = in.readTag();
        int field = WireFormat.getTagFieldNumber(tag);
        Kind kind = kinds.get(field);
        if (kind == null) {
          if (!in.skipField(tag)) {
            throw new MalformedFrameException(
                "a group ends that did not begin, offset=" + in.getTotalBytesRead());
          }
          continue;
        }
        if (found != null) {
          throw new MalformedFrameException(
              "it carries more than one message, the second is " + kind.name());
        }
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          throw new MalformedFrameException(
              kind.name() + " must have wire type 2, type=" + WireFormat.getTagWireType(tag));
        }
        int length = in.readRawVarint32();
        int offset = in.getTotalBytesRead();
        if (length < 0 || length > frame.length - offset) {
          throw new MalformedFrameException(
              kind.name()
                  + " is longer than its frame, length="
                  + Integer.toUnsignedString(length));
        }
        if (length > kind.maxBytes()) {
          throw MalformedFrameException.tooLarge(kind.name(), length, kind.maxBytes());
        }
        in.skipRawBytes(length);
        found = new Envelope(frame, field, offset, length);
      }
    } catch (IOException e) {
      throw new MalformedFrameException("the envelope cannot be read", e);
    }
    return found == null ? new Envelope(frame, 0, 0, 0) : found;
  }

  /** The field number of the message that is carried; 0 for one that is unknown. */
  int field() {
    return field;
  }

  /** Reads the message. Unknown fields are passed over and take no memory. */
  <M extends Message> M read(Parser<M> parser) throws InvalidProtocolBufferException {
    return DiscardUnknownFieldsParser.wrap(parser).parseFrom(frame, offset, length);
  }
}
