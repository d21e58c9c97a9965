package org.peekplatform.integration;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;

/// A socket that says what it likes, rightly or not.
final class RawLink implements AutoCloseable {
    static final int TEXT = 1;
    static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Socket socket = new Socket();
    private final int port;
    private final DataInputStream in;
    private final OutputStream out;

    /// How a link ended.
    ///
    /// @param code of the WebSocket's close; 0 when the connection was just ended
    record Ended(int code, String reason) {}

    /// @param receiveBuffer of the socket; 0 for the usual one
    RawLink(int port, int receiveBuffer) throws IOException {
        this.port = port;
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// A link that has been upgraded and has not said hello.
    static RawLink upgraded(int port, Map<String, String> proof) throws IOException {
        RawLink link = new RawLink(port, 0);
        String status = link.upgrade(proof);
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + status);
        }
        return link;
    }

    /// Asks for a WebSocket.
    ///
    /// @return the status line
    String upgrade(Map<String, String> proof) throws IOException {
        StringBuilder request =
                new StringBuilder("GET /vortex HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        proof.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
        request.append(
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
        request.append("Sec-WebSocket-Key: cGVlayBmYXVsdCB0ZXN0cw==\r\n\r\n");
        write(request.toString().getBytes(StandardCharsets.US_ASCII));
        return head().lines().findFirst().orElse("");
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void hello() throws IOException {
        send(Frame.of(new Header.Hello(1, "Raw", false)));
    }

    void send(Frame frame) throws IOException {
        send(BINARY, frame.bytes());
    }

    void send(int opcode, byte[] message) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(14 + message.length);
        bytes.put((byte) (0x80 | opcode));
        if (message.length < 126) {
            bytes.put((byte) (0x80 | message.length));
        } else if (message.length < 1 << 16) {
            bytes.put((byte) (0x80 | 126)).putShort((short) message.length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(message.length);
        }
        // A mask of zero leaves the bytes as they are.
        bytes.putInt(0).put(message);
        out.write(bytes.array(), 0, bytes.position());
        out.flush();
    }

    /// The next frame of Peek.
    Frame receive() throws IOException {
        Object next = next();
        if (next instanceof byte[] message) {
            return Frame.parse(message);
        }
        throw new IOException("the link ended: " + next);
    }

    /// Reads on until the link ends.
    Ended awaitEnd() throws IOException {
        while (true) {
            if (next() instanceof Ended ended) {
                return ended;
            }
        }
    }

    /// What a server answers that is no WebSocket, up to the empty line; empty when it just ends.
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                int one = in.read();
                if (one < 0) {
                    break;
                }
                head.append((char) one);
            }
        } catch (SocketException e) {
            // A reset is an end.
        }
        return head.toString();
    }

    private Object next() throws IOException {
        try {
            int opcode = in.readUnsignedByte() & 0x0F;
            int small = in.readUnsignedByte() & 0x7F;
            long length =
                    small == 126 ? in.readUnsignedShort() : small == 127 ? in.readLong() : small;
            byte[] data = in.readNBytes(Math.toIntExact(length));
            if (opcode != CLOSE) {
                return data;
            }
            ByteBuffer close = ByteBuffer.wrap(data);
            int code = close.remaining() >= 2 ? close.getShort() & 0xFFFF : 0;
            return new Ended(code, StandardCharsets.UTF_8.decode(close).toString());
        } catch (EOFException | SocketException e) {
            return new Ended(0, "the connection was ended");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
