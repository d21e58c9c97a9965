package org.peekplatform.benchmarks.baseline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.peekplatform.benchmarks.Wire;
import org.peekplatform.plugins.probe.calls.CallLoop;

/// Makes the calls that a part of a plugin makes, by other means and with the same loop.
public final class CallPeer {
    private CallPeer() {}

    /// Says `ready`; then for each line, with a number of calls and how many of them are in flight,
    /// prints a line of JSON.
    ///
    /// @param arguments `websocket` or `grpc`, and the port that is called
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        CallLoop.Callee callee =
                switch (arguments[0]) {
                    case "websocket" -> WebSocketEcho.open(port);
                    case "grpc" -> GrpcEcho.open(port);
                    default -> throw new IOException("unknown peer " + arguments[0]);
                };
        CallLoop loop = new CallLoop(callee, false);
        System.out.println("ready");
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int blank = line.indexOf(' ');
            int calls = Integer.parseInt(line, 0, blank, 10);
            int inFlight = Integer.parseInt(line, blank + 1, line.length(), 10);
            System.out.println(
                    new String(Wire.json(loop.run(calls, inFlight)), StandardCharsets.UTF_8));
        }
        System.exit(0);
    }
}
