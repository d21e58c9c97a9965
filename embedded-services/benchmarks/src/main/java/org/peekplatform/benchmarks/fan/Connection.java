package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/// One connection of the generator: sends without blocking, and hands on what arrives.
abstract class Connection {
    private final int port;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Queue<ByteBuffer> out = new ArrayDeque<>(2);

    Connection(Selector selector, int port) throws IOException {
        this.port = port;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// The connection is open.
    abstract void opened() throws IOException;

    /// Something has arrived.
    abstract void received(ByteBuffer in) throws IOException;

    /// Does what the selector found it can do.
    final void act(ByteBuffer buffer) throws IOException {
        if (key.isConnectable()) {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            opened();
        }
        if (key.isWritable()) {
            flush();
        }
        if (key.isReadable()) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new IOException("a connection to port " + port + " was closed");
            }
            received(buffer.flip());
        }
    }

    /// Reads nothing from now on.
    final void stopReading() {
        key.interestOps(0);
    }

    final void close() throws IOException {
        channel.close();
    }

    final void send(byte[] bytes) throws IOException {
        out.add(ByteBuffer.wrap(bytes));
        flush();
    }

    /// Sends the request that makes this a WebSocket.
    ///
    /// @param headers further ones, each with its end of line
    final void sendUpgrade(String path, String headers) throws IOException {
        String request =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: cGVlayBiZW5jaG1hcmtzIQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + headers
                        + "\r\n";
        send(request.getBytes(StandardCharsets.US_ASCII));
    }

    /// One binary message. The mask is zero, which is allowed and leaves the bytes as they are.
    final void sendMessage(byte[] message) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + message.length);
        frame.put((byte) 0x82);
        if (message.length < 126) {
            frame.put((byte) (0x80 | message.length));
        } else if (message.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) message.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(message.length);
        }
        frame.putInt(0).put(message);
        out.add(frame.flip());
        flush();
    }

    private void flush() throws IOException {
        for (ByteBuffer next = out.peek(); next != null; next = out.peek()) {
            channel.write(next);
            if (next.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            out.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /// Takes the head of an HTTP answer out of what arrived, if all of it is there.
    ///
    /// @return whether it was
    static boolean takeHead(StringBuilder head, ByteBuffer in) {
        while (in.hasRemaining()) {
            head.append((char) in.get());
            if (head.length() >= 4
                    && head.charAt(head.length() - 1) == '\n'
                    && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                return true;
            }
        }
        return false;
    }
}
