package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peekplatform.benchmarks.Wire;

/// Devices of a client service that observe a list of the probe, and one that says what the list
/// shows. What is received is told by the number in the first row, not by what the exchange says.
final class ListSide implements Side {
    private final Receipts receipts;
    private final Shown shown;
    private final int deaf;
    private final Actor actor;
    private final List<Device> devices = new ArrayList<>();
    private int opening;
    private long bytes;
    private long messages;
    private long number;
    private boolean missed;

    /// What a list shows.
    ///
    /// @param local whether the client service has it, not the server
    record Shown(boolean local, String list, int rows, int textLength) {
        String selector() {
            return "[\"probe." + (local ? "LocalLine" : "Line") + "\",\"name\",\"" + list + "\"]";
        }

        String action() {
            return local ? "probe.SetLocalList" : "probe.SetList";
        }
    }

    /// @param deaf a device that once does not listen, to test the check; -1 for none
    ListSide(Selector selector, String who, int port, int devices, Shown shown, int deaf)
            throws IOException {
        this.shown = shown;
        this.deaf = deaf;
        receipts = new Receipts(who, devices);
        actor = new Actor(selector, port);
    }

    void open(Selector selector, int port) throws IOException {
        opening++;
        devices.add(new Device(selector, port, devices.size()));
    }

    int opening() {
        return opening;
    }

    boolean ready() {
        return opening == 0 && actor.welcomed;
    }

    /// How many messages with rows all devices have received.
    long messages() {
        return messages;
    }

    @Override
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public void change(long wanted) throws IOException {
        receipts.expectNext();
        set();
    }

    /// Makes one of several changes of which only the last counts.
    void changeAgain() throws IOException {
        set();
    }

    /// The number after `more` changes.
    long numberAfter(int more) {
        return number + more;
    }

    private void set() throws IOException {
        number++;
        actor.unconfirmed++;
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kind", "action");
        header.put("id", "s" + number);
        header.put("type", shown.action());
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("name", shown.list());
        action.put("number", number);
        action.put("rows", shown.rows());
        action.put("textLength", shown.textLength());
        actor.sendMessage(Wire.frame(header, Wire.json(action)));
    }

    @Override
    public boolean confirmed() {
        return actor.unconfirmed == 0;
    }

    @Override
    public long bytesPerChange() {
        return bytes;
    }

    private static final class Actor extends WebSocketConnection {
        private boolean welcomed;
        private int unconfirmed;

        Actor(Selector selector, int port) throws IOException {
            super(selector, port, "/vortex");
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark actor"));
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            switch (frame.kind()) {
                case "welcome" -> welcomed = true;
                case "outcome" -> {
                    if (!frame.result().equals("applied")) {
                        throw new IOException("an action was not applied: " + frame.result());
                    }
                    unconfirmed--;
                }
                default -> {}
            }
        }
    }

    private final class Device extends WebSocketConnection {
        private final int device;
        private boolean begun;

        Device(Selector selector, int port, int device) throws IOException {
            super(selector, port, "/vortex");
            this.device = device;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark device " + device));
            sendMessage(Wire.frame(Map.of("kind", "observe", "selector", shown.selector())));
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            switch (frame.kind()) {
                case "snapshot", "delta" -> rows(frame, wireBytes);
                case "problem", "error" ->
                        throw new IOException(
                                "device " + device + " was told of a " + frame.kind());
                default -> {}
            }
        }

        private void rows(FrameHead frame, long wireBytes) throws IOException {
            long seen = frame.rowNumber();
            if (seen < 0) {
                throw new IOException(
                        "a " + frame.kind() + " has no number where it is looked for");
            }
            if (!begun) {
                begun = true;
                opening--;
                number = Math.max(number, seen);
                receipts.begin(device, seen);
                return;
            }
            bytes = wireBytes;
            messages++;
            if (device == deaf && !missed) {
                missed = true;
                return;
            }
            receipts.received(device, seen, System.nanoTime());
        }
    }
}
