package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;

/// Sockets of the bare broadcaster, and a connection that asks it to broadcast.
final class BareSide implements Side {
    private final Receipts receipts;
    private final Trigger trigger;
    private int opening;
    private long bytes;

    BareSide(Selector selector, String who, int port, int devices) throws IOException {
        receipts = new Receipts(who, devices);
        trigger = new Trigger(selector, port);
    }

    /// Opens one more socket.
    void open(Selector selector, int port, int device) throws IOException {
        opening++;
        new Socket(selector, port, device);
    }

    int opening() {
        return opening;
    }

    @Override
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public void change(long wanted) throws IOException {
        receipts.expectNext();
        trigger.confirmed = false;
        trigger.ask("/fire/" + (receipts.version() + 1) + "?bytes=" + wanted);
    }

    @Override
    public boolean confirmed() {
        return trigger.confirmed;
    }

    @Override
    public long bytesPerChange() {
        return bytes;
    }

    private static final class Trigger extends Connection {
        private final int port;
        private final StringBuilder head = new StringBuilder();
        private boolean confirmed;

        Trigger(Selector selector, int port) throws IOException {
            super(selector, port);
            this.port = port;
        }

        @Override
        void opened() {}

        void ask(String path) throws IOException {
            head.setLength(0);
            send(
                    ("POST "
                                    + path
                                    + " HTTP/1.1\r\nHost: 127.0.0.1:"
                                    + port
                                    + "\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        void received(ByteBuffer in) throws IOException {
            if (takeHead(head, in)) {
                if (!head.toString().startsWith("HTTP/1.1 204")) {
                    throw new IOException("the baseline did not broadcast: " + head);
                }
                confirmed = true;
            }
        }
    }

    private final class Socket extends WebSocketConnection {
        private final int number;

        Socket(Selector selector, int port, int number) throws IOException {
            super(selector, port, "/sub");
            this.number = number;
        }

        @Override
        void upgraded() {
            receipts.begin(number, 0);
            opening--;
        }

        @Override
        void message(FrameHead frame, long wireBytes) {
            bytes = wireBytes;
            receipts.received(number, frame.version(), System.nanoTime());
        }
    }
}
