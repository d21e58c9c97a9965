package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.peekplatform.benchmarks.baseline.CallPeer;
import org.peekplatform.benchmarks.baseline.GrpcEcho;
import org.peekplatform.benchmarks.baseline.WebSocketEcho;
import tools.jackson.databind.JsonNode;

/// A call from the client part of a plugin to its server part, two processes, which brings 256
/// bytes back. Against the same bytes echoed over a bare WebSocket, and by a unary method of
/// gRPC-Java, both between two processes and called by the same loop.
final class VortexRpcBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int WARM_ROUNDS = 3;
    private static final int ONE_BY_ONE = 20_000;
    private static final int TOGETHER = 60_000;
    private static final int IN_FLIGHT = 64;
    private static final double BARE_TARGET = 1.5;
    private static final double GRPC_TARGET = 1.0;

    /// Whoever makes calls.
    @FunctionalInterface
    private interface Caller {
        JsonNode measure(int calls, int inFlight) throws IOException, InterruptedException;
    }

    /// @param processes both ends
    private record Side(
            List<Long> processes,
            Caller caller,
            List<Double> p50,
            List<Double> p99,
            List<Double> perSecond) {
        Side(List<Long> processes, Caller caller) {
            this(processes, caller, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void take(Cores cores, boolean counts) throws IOException, InterruptedException {
            cores.pin(processes);
            JsonNode each = caller.measure(ONE_BY_ONE, 1);
            cores.free(processes);
            JsonNode all = caller.measure(TOGETHER, IN_FLIGHT);
            if (counts) {
                p50.add(each.path("p50").asDouble(0));
                p99.add(each.path("p99").asDouble(0));
                perSecond.add(all.path("perSecond").asDouble(0));
            }
        }

        void forget() {
            p50.removeLast();
            p99.removeLast();
            perSecond.removeLast();
        }
    }

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say("vortex-rpc: calls between two services");
        Cores cores = Cores.find();
        List<Integer> ports = Lab.freePorts(2);
        try (VortexSystem peek = VortexSystem.start(lab);
                WireLink device = peek.device();
                Child webSocketServer = peer(lab, WebSocketEcho.class, ports.get(0));
                Child webSocket = peer(lab, CallPeer.class, "websocket", ports.get(0));
                Child grpcServer = peer(lab, GrpcEcho.class, ports.get(1));
                Child grpc = peer(lab, CallPeer.class, "grpc", ports.get(1))) {
            boolean spoil = lab.options().sabotage();
            Side ours =
                    new Side(
                            List.of(peek.server().child().pid(), peek.client().child().pid()),
                            (calls, inFlight) -> call(device, calls, inFlight, spoil));
            Side bare =
                    new Side(
                            List.of(webSocketServer.pid(), webSocket.pid()),
                            (calls, inFlight) -> call(webSocket, calls, inFlight));
            Side other =
                    new Side(
                            List.of(grpcServer.pid(), grpc.pid()),
                            (calls, inFlight) -> call(grpc, calls, inFlight));
            String note = rounds(lab, cores, List.of(ours, bare, other));
            return figures(ours, bare, other, note);
        }
    }

    /// All sides in turn, another one first each time.
    private static String rounds(Lab lab, Cores cores, List<Side> sides)
            throws IOException, InterruptedException {
        List<Side> order = new ArrayList<>(sides);
        for (int i = 0; i < WARM_ROUNDS; i++) {
            for (Side side : order) {
                side.take(cores, false);
            }
        }
        int wanted = lab.count(ROUNDS);
        int repeated = 0;
        List<Double> foreign = new ArrayList<>();
        while (foreign.size() < wanted) {
            Collections.rotate(order, 1);
            ForeignCpu.Span cpu = ForeignCpu.begin();
            for (Side side : order) {
                side.take(cores, true);
            }
            double busy = cpu.percent();
            if (busy > Pairs.BUSY && repeated < wanted) {
                repeated++;
                sides.forEach(Side::forget);
            } else {
                foreign.add(busy);
            }
        }
        return String.format(
                Locale.ROOT,
                "%d rounds in turn, of %,d calls one after the other%s and %,d with %d in flight;"
                        + " others used %.0f %% of the machine%s.",
                wanted,
                ONE_BY_ONE,
                cores.known() ? ", both ends on one core," : "",
                TOGETHER,
                IN_FLIGHT,
                new Sample(foreign).median(),
                repeated == 0 ? "" : "; " + repeated + " rounds were disturbed and repeated");
    }

    private static List<Figure> figures(Side ours, Side bare, Side grpc, String note) {
        Sample p50 = new Sample(ours.p50());
        Sample p99 = new Sample(ours.p99());
        Sample perSecond = new Sample(ours.perSecond());
        return List.of(
                new Figure(
                        "vortex-rpc-p50",
                        "Call from service to service, 256 bytes, p50, against a WebSocket",
                        "µs",
                        p50,
                        new Sample(bare.p50()),
                        new Target.RatioAtMost(BARE_TARGET),
                        List.of(note)),
                new Figure(
                        "vortex-rpc-p50-grpc",
                        "… against gRPC-Java",
                        "µs",
                        p50,
                        new Sample(grpc.p50()),
                        new Target.RatioAtMost(GRPC_TARGET),
                        List.of()),
                new Figure(
                        "vortex-rpc-p99",
                        "… p99, against a WebSocket",
                        "µs",
                        p99,
                        new Sample(bare.p99()),
                        new Target.None(),
                        List.of()),
                new Figure(
                        "vortex-rpc-p99-grpc",
                        "… p99, against gRPC-Java",
                        "µs",
                        p99,
                        new Sample(grpc.p99()),
                        new Target.None(),
                        List.of()),
                new Figure(
                        "vortex-rpc-per-second",
                        "Calls answered, 64 in flight, against a WebSocket",
                        "1/s",
                        perSecond,
                        new Sample(bare.perSecond()),
                        new Target.None(),
                        List.of()),
                new Figure(
                        "vortex-rpc-per-second-grpc",
                        "… against gRPC-Java",
                        "1/s",
                        perSecond,
                        new Sample(grpc.perSecond()),
                        new Target.RatioAtLeast(GRPC_TARGET),
                        List.of()));
    }

    private static Child peer(Lab lab, Class<?> main, Object... words) throws IOException {
        List<String> arguments = Arrays.stream(words).map(String::valueOf).toList();
        Child child =
                lab.start(
                        main.getSimpleName() + " " + String.join(" ", arguments),
                        lab.helper(lab.checkout().grpcJars(), main, arguments));
        child.line();
        return child;
    }

    private static JsonNode call(WireLink device, int calls, int inFlight, boolean spoil)
            throws InterruptedException {
        return device.ask(
                "probe.MeasureCalls", Map.of("calls", calls, "inFlight", inFlight, "spoil", spoil));
    }

    private static JsonNode call(Child peer, int calls, int inFlight) throws IOException {
        peer.tell(calls + " " + inFlight);
        return Wire.JSON.readTree(peer.line());
    }
}
