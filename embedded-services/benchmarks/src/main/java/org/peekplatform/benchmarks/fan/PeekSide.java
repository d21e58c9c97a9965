package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.peekplatform.benchmarks.Wire;

/// Devices of Peek that observe the tutorial's rows, and one that changes a row.
final class PeekSide implements Side {
    private static final String ROWS = "[\"tutorial.StringInt\"]";

    private final Receipts receipts;
    private final long row;
    private final int deaf;
    private final Actor actor;
    private int opening;
    private long bytes;
    private boolean changing;
    private boolean missed;

    /// @param row the key of the row to change
    /// @param deaf a device that once does not listen, to test the check; -1 for none
    PeekSide(Selector selector, int port, int devices, long row, int deaf) throws IOException {
        this.row = row;
        this.deaf = deaf;
        receipts = new Receipts("Peek", devices);
        actor = new Actor(selector, port);
    }

    /// Opens one more device.
    void open(Selector selector, int port, int device) throws IOException {
        opening++;
        new Device(selector, port, device);
    }

    /// How many devices are on their way.
    int opening() {
        return opening;
    }

    boolean ready() {
        return opening == 0 && actor.welcomed;
    }

    @Override
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public void change(long wanted) throws IOException {
        receipts.expectNext();
        changing = true;
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kind", "action");
        header.put("id", "c" + receipts.version());
        header.put("type", "tutorial.AddToInt");
        actor.confirmed = false;
        actor.sendMessage(Wire.frame(header, Wire.json(Map.of("id", row, "amount", 1))));
    }

    @Override
    public boolean confirmed() {
        return actor.confirmed;
    }

    @Override
    public long bytesPerChange() {
        return bytes;
    }

    static byte[] hello(String name) {
        return Wire.frame(Map.of("kind", "hello", "protocol", 1, "name", name));
    }

    private static final class Actor extends WebSocketConnection {
        private boolean welcomed;
        private boolean confirmed;

        Actor(Selector selector, int port) throws IOException {
            super(selector, port, "/vortex");
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(hello("Benchmark actor"));
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            switch (frame.kind()) {
                case "welcome" -> welcomed = true;
                case "outcome" -> {
                    if (!frame.result().equals("applied")) {
                        throw new IOException("an action was not applied: " + frame.result());
                    }
                    confirmed = true;
                }
                default -> {}
            }
        }
    }

    private final class Device extends WebSocketConnection {
        private final int number;

        Device(Selector selector, int port, int number) throws IOException {
            super(selector, port, "/vortex");
            this.number = number;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(hello("Benchmark device " + number));
            sendMessage(Wire.frame(Map.of("kind", "observe", "selector", ROWS)));
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            switch (frame.kind()) {
                case "snapshot" -> {
                    receipts.begin(number, frame.version());
                    opening--;
                }
                case "delta" -> {
                    bytes = wireBytes;
                    if (number == deaf && changing && !missed) {
                        missed = true;
                        return;
                    }
                    receipts.received(number, frame.version(), System.nanoTime());
                }
                case "problem", "error" ->
                        throw new IOException(
                                "device " + number + " was told of a " + frame.kind());
                default -> {}
            }
        }
    }
}
