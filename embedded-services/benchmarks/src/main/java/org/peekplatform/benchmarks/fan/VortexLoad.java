package org.peekplatform.benchmarks.fan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peekplatform.benchmarks.Wire;

/// The devices of the figures of the data exchange. Runs one scenario in a process of its own and
/// prints a line of JSON.
public final class VortexLoad {
    private static final int OPENING_AT_ONCE = 32;
    private static final int BURST = 100;
    private static final long BURST_NANOS = 100_000_000;
    private static final int STALLED_LISTS = 8;
    private static final int STALLED_TEXT = 1_000_000;
    private static final int IN_FLIGHT = 64;
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(30);

    private VortexLoad() {}

    /// @param arguments the scenario and what it needs, as the methods below say
    public static void main(String[] arguments) throws IOException {
        Words words = new Words(arguments);
        try (Generator generator = new Generator()) {
            Map<String, Object> result =
                    switch (words.text()) {
                        case "fanout" -> fanout(generator, words);
                        case "burst" -> burst(generator, words);
                        case "stampede" -> stampede(generator, words);
                        case "reconnect" -> reconnect(generator, words);
                        case "idle" -> idle(generator, words);
                        case "stalled" -> stalled(generator, words);
                        case "calls" -> calls(generator, words);
                        default -> throw new IOException("unknown scenario");
                    };
            System.out.println(new String(Wire.json(result), StandardCharsets.UTF_8));
        } catch (Receipts.WrongReceiptException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static final class Words {
        private final String[] words;
        private int next;

        Words(String[] words) {
            this.words = words;
        }

        String text() {
            return words[next++];
        }

        int number() {
            return Integer.parseInt(text());
        }

        boolean flag() {
            return Boolean.parseBoolean(text());
        }

        ListSide.Shown shown() {
            return new ListSide.Shown(flag(), text(), number(), number());
        }
    }

    /// Ports of the client service, the baseline and npm `ws` (0 for none), devices, what is shown,
    /// changes to warm up and to measure, whether to lose a receipt.
    private static Map<String, Object> fanout(Generator generator, Words words) throws IOException {
        int peekPort = words.number();
        int barePort = words.number();
        int wsPort = words.number();
        int devices = words.number();
        ListSide.Shown shown = words.shown();
        int warm = words.number();
        int count = words.number();
        int deaf = words.flag() ? devices / 2 : -1;
        ListSide peek = new ListSide(generator.selector(), "Peek", peekPort, devices, shown, deaf);
        List<Measured> sides = new ArrayList<>();
        sides.add(new Measured("ours", peek));
        open(generator, peek, peekPort, devices);
        sides.add(new Measured("baseline", bare(generator, "the baseline", barePort, devices)));
        if (wsPort > 0) {
            sides.add(new Measured("ws", bare(generator, "npm ws", wsPort, devices)));
        }
        generator.rest(SETTLE);
        List<Measured> order = new ArrayList<>(sides);
        for (int i = -warm; i < count; i++) {
            Collections.rotate(order, 1);
            for (Measured one : order) {
                double millis = change(generator, one.side(), peek.bytesPerChange());
                if (i >= 0) {
                    one.millis().add(millis);
                }
                generator.rest(PAUSE);
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        sides.forEach(one -> result.put(one.name(), one.millis()));
        result.put("bytes", peek.bytesPerChange());
        return result;
    }

    /// A side and what was measured of it.
    private record Measured(String name, Side side, List<Double> millis) {
        Measured(String name, Side side) {
            this(name, side, new ArrayList<>());
        }
    }

    private static void open(Generator generator, ListSide side, int port, int devices)
            throws IOException {
        for (int device = 0; device < devices; device++) {
            side.open(generator.selector(), port);
            generator.until("devices are connected", () -> side.opening() < OPENING_AT_ONCE);
        }
        generator.until("devices have their rows", side::ready);
    }

    private static BareSide bare(Generator generator, String who, int port, int devices)
            throws IOException {
        BareSide side = new BareSide(generator.selector(), who, port, devices);
        for (int device = 0; device < devices; device++) {
            side.open(generator.selector(), port, device);
            generator.until("sockets are connected", () -> side.opening() < OPENING_AT_ONCE);
        }
        generator.until("sockets are connected", () -> side.opening() == 0);
        return side;
    }

    /// Makes a change and waits for the last receipt.
    ///
    /// @param wireBytes how long a message of the other side is to be, with the head of the frame
    /// @return milliseconds
    private static double change(Generator generator, Side side, long wireBytes)
            throws IOException {
        long begun = System.nanoTime();
        side.change(Math.max(64, wireBytes - (wireBytes < 128 ? 2 : 4)));
        generator.until(
                "everyone has the change", () -> side.receipts().complete() && side.confirmed());
        return (side.receipts().lastAt() - begun) / 1e6;
    }

    /// Port, devices, what is shown, rounds. A burst of a hundred changes in 100 ms, and as many
    /// one after the other.
    private static Map<String, Object> burst(Generator generator, Words words) throws IOException {
        int port = words.number();
        int devices = words.number();
        ListSide.Shown shown = words.shown();
        int rounds = words.number();
        ListSide side = new ListSide(generator.selector(), "Peek", port, devices, shown, -1);
        open(generator, side, port, devices);
        List<Double> bursts = new ArrayList<>();
        List<Double> singles = new ArrayList<>();
        List<Double> messages = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            double single = 0;
            for (int i = 0; i < BURST; i++) {
                single += change(generator, side, 0);
            }
            generator.rest(SETTLE);
            long before = side.messages();
            long begun = System.nanoTime();
            side.receipts().expectAtLast(side.numberAfter(BURST));
            for (int i = 0; i < BURST; i++) {
                side.changeAgain();
                long next = begun + (i + 1) * BURST_NANOS / BURST;
                do {
                    generator.poll(0);
                } while (System.nanoTime() < next);
            }
            generator.until(
                    "everyone has the last change of the burst",
                    () -> side.receipts().complete() && side.confirmed());
            double burst = (side.receipts().lastAt() - begun) / 1e6;
            generator.rest(SETTLE);
            if (round >= 0) {
                bursts.add(burst);
                singles.add(single);
                messages.add((side.messages() - before) / (double) devices);
            }
        }
        return Map.of("ours", bursts, "baseline", singles, "messages", messages);
    }

    /// Port, devices, rounds. All devices ask at the same moment for a list of the server that
    /// nobody has asked for before.
    private static Map<String, Object> stampede(Generator generator, Words words)
            throws IOException {
        int port = words.number();
        int devices = words.number();
        int rounds = words.number();
        List<Asker> askers = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            Asker asker = new Asker(generator, port);
            askers.add(asker);
            generator.until("a device is welcomed", () -> asker.welcomed);
        }
        List<Double> times = new ArrayList<>();
        List<Double> firsts = new ArrayList<>();
        List<Double> loads = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String list =
                    new ListSide.Shown(false, "stampede " + round + " " + begun(), 1, 0).selector();
            long begun = System.nanoTime();
            for (Asker asker : askers) {
                asker.ask(list);
            }
            generator.until(
                    "every device has the list",
                    () -> askers.stream().allMatch(asker -> asker.loads >= 0));
            times.add((System.nanoTime() - begun) / 1e6);
            double[] waited = askers.stream().mapToDouble(Asker::millis).sorted().toArray();
            firsts.add(waited[waited.length / 2]);
            loads.add((double) askers.stream().mapToLong(asker -> asker.loads).max().orElseThrow());
        }
        return Map.of("ours", times, "firsts", firsts, "loads", loads);
    }

    private static long begun() {
        return ProcessHandle.current().pid();
    }

    private static final class Asker extends WebSocketConnection {
        private boolean welcomed;
        private long loads = -1;
        private long asked;
        private long got;

        Asker(Generator generator, int port) throws IOException {
            super(generator.selector(), port, "/vortex");
        }

        void ask(String list) throws IOException {
            loads = -1;
            asked = System.nanoTime();
            sendMessage(Wire.frame(Map.of("kind", "observe", "selector", list)));
        }

        /// How long it waited for its first rows.
        double millis() {
            return (got - asked) / 1e6;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark device"));
        }

        @Override
        void message(FrameHead frame, long wireBytes) {
            switch (frame.kind()) {
                case "welcome" -> welcomed = true;
                case "snapshot" -> {
                    got = System.nanoTime();
                    loads = frame.rowLoads();
                }
                default -> {}
            }
        }
    }

    /// Ports of the client service and of the baseline, connections, rounds. All connect at the
    /// same moment; a device of Peek is there when it has been told that what it holds is current.
    private static Map<String, Object> reconnect(Generator generator, Words words)
            throws IOException {
        int peekPort = words.number();
        int barePort = words.number();
        int connections = words.number();
        int rounds = words.number();
        String list = new ListSide.Shown(true, "reconnect", 1, 0).selector();
        Holder holder = new Holder(generator, peekPort, list);
        generator.until("one device has the list", () -> !holder.epoch.isEmpty());
        List<Double> ours = new ArrayList<>();
        List<Double> baseline = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            for (boolean isOurs :
                    round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                // Who is silent for a minute loses the link.
                holder.sendMessage(Wire.frame(Map.of("kind", "ping")));
                List<Arriving> arriving = new ArrayList<>();
                long begun = System.nanoTime();
                for (int i = 0; i < connections; i++) {
                    arriving.add(
                            isOurs
                                    ? new Returning(generator, peekPort, list, holder)
                                    : new Plain(generator, barePort));
                }
                generator.until(
                        "every connection is back",
                        () -> arriving.stream().allMatch(one -> one.there));
                double millis = (System.nanoTime() - begun) / 1e6;
                if (round >= 0) {
                    (isOurs ? ours : baseline).add(millis);
                }
                for (Arriving one : arriving) {
                    one.close();
                }
                generator.rest(SETTLE);
            }
        }
        return Map.of("ours", ours, "baseline", baseline);
    }

    private abstract static class Arriving extends WebSocketConnection {
        boolean there;

        Arriving(Generator generator, int port, String path) throws IOException {
            super(generator.selector(), port, path);
        }
    }

    private static final class Plain extends Arriving {
        Plain(Generator generator, int port) throws IOException {
            super(generator, port, "/sub");
        }

        @Override
        void upgraded() {
            there = true;
        }

        @Override
        void message(FrameHead frame, long wireBytes) {}
    }

    private static final class Holder extends WebSocketConnection {
        private final String list;
        private String epoch = "";
        private long version;

        Holder(Generator generator, int port, String list) throws IOException {
            super(generator.selector(), port, "/vortex");
            this.list = list;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark device"));
            sendMessage(Wire.frame(Map.of("kind", "observe", "selector", list)));
        }

        @Override
        void message(FrameHead frame, long wireBytes) {
            if (frame.kind().equals("snapshot")) {
                version = frame.version();
                epoch = frame.epoch();
            }
        }
    }

    private static final class Returning extends Arriving {
        private final String list;
        private final Holder holder;

        Returning(Generator generator, int port, String list, Holder holder) throws IOException {
            super(generator, port, "/vortex");
            this.list = list;
            this.holder = holder;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark device"));
            sendMessage(
                    Wire.frame(
                            Map.of(
                                    "kind",
                                    "observe",
                                    "selector",
                                    list,
                                    "epoch",
                                    holder.epoch,
                                    "version",
                                    holder.version)));
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            switch (frame.kind()) {
                case "current" -> there = true;
                case "snapshot", "delta", "problem" ->
                        throw new IOException(
                                "a device that holds the newest got a " + frame.kind());
                default -> {}
            }
        }
    }

    /// Port, path, connections, subscriptions of each; says when they are there, and keeps them
    /// until told to end.
    private static Map<String, Object> idle(Generator generator, Words words) throws IOException {
        int port = words.number();
        String path = words.text();
        int connections = words.number();
        int subscriptions = words.number();
        List<Subscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Subscriber one = new Subscriber(generator, port, path, subscriptions);
            subscribers.add(one);
            generator.until("a connection has what it wants", () -> one.missing == 0);
        }
        generator.rest(SETTLE);
        System.out.println("there");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return Map.of("connections", subscribers.size());
    }

    private static final class Subscriber extends WebSocketConnection {
        private final int subscriptions;
        private int missing;

        Subscriber(Generator generator, int port, String path, int subscriptions)
                throws IOException {
            super(generator.selector(), port, path);
            this.subscriptions = subscriptions;
            missing = subscriptions + 1;
        }

        @Override
        void upgraded() throws IOException {
            missing--;
            if (subscriptions > 0) {
                sendMessage(PeekSide.hello("Benchmark device"));
            }
            for (int i = 0; i < subscriptions; i++) {
                sendMessage(
                        Wire.frame(
                                Map.of(
                                        "kind",
                                        "observe",
                                        "selector",
                                        new ListSide.Shown(true, "idle " + i, 1, 0).selector())));
            }
        }

        @Override
        void message(FrameHead frame, long wireBytes) {
            if (frame.kind().equals("snapshot")) {
                missing--;
            }
        }
    }

    /// Port, devices, what is shown, rounds. Changes while one more device does not read, and while
    /// none is there that does not.
    private static Map<String, Object> stalled(Generator generator, Words words)
            throws IOException {
        int port = words.number();
        int devices = words.number();
        ListSide.Shown shown = words.shown();
        int rounds = words.number();
        ListSide side = new ListSide(generator.selector(), "Peek", port, devices, shown, -1);
        open(generator, side, port, devices);
        for (int i = 0; i < STALLED_LISTS; i++) {
            ListSide.Shown big = new ListSide.Shown(true, "stalled " + i, 1, STALLED_TEXT);
            ListSide setting = new ListSide(generator.selector(), "Peek", port, 1, big, -1);
            open(generator, setting, port, 1);
            setting.changeAgain();
            generator.until("a big list is set", setting::confirmed);
        }
        for (int i = 0; i < 60; i++) {
            change(generator, side, 0);
        }
        List<Double> ours = new ArrayList<>();
        List<Double> baseline = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (boolean stall :
                    round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                Stalled deaf = stall ? new Stalled(generator, port, shown.selector()) : null;
                if (deaf != null) {
                    generator.until("the deaf device has asked", () -> deaf.asked);
                    deaf.stopReading();
                }
                generator.rest(SETTLE);
                double[] times = new double[9];
                for (int i = 0; i < times.length; i++) {
                    times[i] = change(generator, side, 0);
                    generator.rest(PAUSE);
                }
                Arrays.sort(times);
                (stall ? ours : baseline).add(times[times.length / 2]);
                if (deaf != null) {
                    deaf.close();
                }
            }
        }
        return Map.of("ours", ours, "baseline", baseline);
    }

    private static final class Stalled extends WebSocketConnection {
        private final String list;
        private boolean asked;

        Stalled(Generator generator, int port, String list) throws IOException {
            super(generator.selector(), port, "/vortex");
            this.list = list;
        }

        @Override
        void upgraded() throws IOException {
            sendMessage(PeekSide.hello("Benchmark device that does not read"));
            for (int i = 0; i < STALLED_LISTS; i++) {
                sendMessage(
                        Wire.frame(
                                Map.of(
                                        "kind",
                                        "observe",
                                        "selector",
                                        new ListSide.Shown(true, "stalled " + i, 1, 0)
                                                .selector())));
            }
            sendMessage(Wire.frame(Map.of("kind", "observe", "selector", list)));
            asked = true;
        }

        @Override
        void message(FrameHead frame, long wireBytes) {}
    }

    /// Port of a site of Peek, its cookie, port of the baseline, rounds, calls of each. One call
    /// after the other, and 64 at a time.
    private static Map<String, Object> calls(Generator generator, Words words) throws IOException {
        int peekPort = words.number();
        String cookie = words.text();
        int barePort = words.number();
        int rounds = words.number();
        int count = words.number();
        Calls peek = new Calls(generator, peekPort, "/vortex", "Cookie: " + cookie + "\r\n", true);
        Calls bare = new Calls(generator, barePort, "/echo", "", false);
        generator.until("both are connected", () -> peek.ready && bare.ready);
        Map<String, List<Double>> result = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Calls one : round % 2 == 0 ? List.of(peek, bare) : List.of(bare, peek)) {
                String side = one == peek ? "ours" : "baseline";
                double[] times = one.sequential(generator, count);
                double perSecond = one.together(generator, 4 * count);
                if (round >= 0) {
                    put(result, side + "P50", times[times.length / 2]);
                    put(result, side + "P99", times[times.length * 99 / 100]);
                    put(result, side + "PerSecond", perSecond);
                }
            }
        }
        return new LinkedHashMap<>(result);
    }

    private static void put(Map<String, List<Double>> all, String name, double value) {
        all.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    private static final class Calls extends WebSocketConnection {
        private static final byte[] TEXT = Wire.json(Map.of("text", "x".repeat(256)));

        private final boolean peek;
        private boolean ready;
        private long sent;
        private long answered;

        Calls(Generator generator, int port, String path, String headers, boolean peek)
                throws IOException {
            super(generator.selector(), port, path, headers);
            this.peek = peek;
        }

        /// @return milliseconds of each call, sorted
        double[] sequential(Generator generator, int count) throws IOException {
            double[] times = new double[count];
            for (int i = 0; i < count; i++) {
                long begun = System.nanoTime();
                call();
                while (answered < sent) {
                    generator.poll(100);
                }
                times[i] = (System.nanoTime() - begun) / 1e6;
            }
            Arrays.sort(times);
            return times;
        }

        double together(Generator generator, int count) throws IOException {
            long begun = System.nanoTime();
            long last = sent + count;
            while (answered < last) {
                while (sent < last && sent - answered < IN_FLIGHT) {
                    call();
                }
                generator.poll(100);
            }
            return count / ((System.nanoTime() - begun) / 1e9);
        }

        private void call() throws IOException {
            sent++;
            if (peek) {
                Map<String, Object> header = new LinkedHashMap<>();
                header.put("kind", "action");
                header.put("id", Long.toString(sent));
                header.put("type", "probe.Echo");
                sendMessage(Wire.frame(header, TEXT));
            } else {
                sendMessage(TEXT);
            }
        }

        @Override
        void upgraded() throws IOException {
            if (peek) {
                sendMessage(PeekSide.hello("Benchmark caller"));
            } else {
                ready = true;
            }
        }

        @Override
        void message(FrameHead frame, long wireBytes) throws IOException {
            if (!peek) {
                answered++;
                return;
            }
            switch (frame.kind()) {
                case "welcome" -> ready = true;
                case "outcome" -> {
                    if (!frame.result().equals("applied")) {
                        throw new IOException("a call was not answered: " + frame.result());
                    }
                    answered++;
                }
                default -> {}
            }
        }
    }
}
