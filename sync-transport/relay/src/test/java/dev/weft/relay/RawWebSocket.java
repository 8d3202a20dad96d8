package dev.weft.relay;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A WebSocket as bytes on a socket, for what no client library does. */
final class RawWebSocket {
  private RawWebSocket() {}

  /** Connects, and reads the answer to the upgrade. */
  static Socket connect(URI relay) throws IOException {
    Socket socket = new Socket(relay.getHost(), relay.getPort());
    upgrade(socket, relay);
    return socket;
  }

  /** Connects, for writing as much as the system takes. */
  static SocketChannel connectChannel(URI relay) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(relay.getHost(), relay.getPort()));
    upgrade(channel.socket(), relay);
    channel.configureBlocking(false);
    return channel;
  }

  private static void upgrade(Socket socket, URI relay) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + relay.getPath()
                    + " HTTP/1.1\r\nHost: "
                    + relay.getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: weft.v1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no upgrade: " + head);
      }
      head.append((char) next);
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("no upgrade: " + head);
    }
  }

  /** Sends a binary message in one frame. */
  static void send(Socket socket, byte[] message) throws IOException {
    socket.getOutputStream().write(frame(message));
  }

  /** Reads a message of one frame. */
  static byte[] receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int first = in.readUnsignedByte();
    if (first != 0x82) {
      throw new IOException("not a binary message in one frame: " + first);
    }
    int length = in.readUnsignedByte();
    byte[] message = new byte[length == 126 ? in.readUnsignedShort() : length];
    in.readFully(message);
    return message;
  }

  /** Returns Pings of the WebSocket itself, as long as they may be, masked with zeros. */
  static byte[] pings(int count) {
    int length = 6 + 125;
    byte[] pings = new byte[count * length];
    for (int at = 0; at < pings.length; at += length) {
      pings[at] = (byte) 0x89;
      pings[at + 1] = (byte) (0x80 | 125);
    }
    return pings;
  }

  /** Returns a binary message in one frame, masked with zeros. */
  static byte[] frame(byte[] message) {
    return frame(0x82, message);
  }

  /** Returns the first part of a binary message that others follow. */
  static byte[] firstPart(byte[] part) {
    return frame(0x02, part);
  }

  /** Returns a part of a message behind the first. */
  static byte[] furtherPart(byte[] part, boolean last) {
    return frame(last ? 0x80 : 0x00, part);
  }

  private static byte[] frame(int head, byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(head);
    if (message.length < 126) {
      frame.write(0x80 | message.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) message.length >>> shift));
      }
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(message);
    return frame.toByteArray();
  }
}
