package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Asks over and over until a service answers as wanted. Cheap: a plain socket, so that asking
/// takes little of the cores from those who are being measured.
final class HttpProbe {
    private static final Duration PAUSE = Duration.ofMillis(3);
    private static final int ANSWER_MILLIS = 5_000;

    private HttpProbe() {}

    /// Waits until `GET path` at `port` is answered with status 200 and a body as wanted.
    ///
    /// @return when that was, on the clock of `System.nanoTime`
    static long await(
            Child service, int port, String path, Predicate<String> wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> body = get(port, path);
            if (body.filter(wanted).isPresent()) {
                return System.nanoTime();
            }
            if (!service.isAlive()) {
                throw service.failed("ended before it answered");
            }
            if (System.nanoTime() > end) {
                throw service.failed(
                        "did not answer at port "
                                + port
                                + path
                                + " as wanted within "
                                + limit.toSeconds()
                                + " s; last answer: "
                                + body.orElse("none"));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// The body of an answer with status 200; empty for every other answer, and for none.
    static Optional<String> get(int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            String request =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: 127.0.0.1:"
                            + port
                            + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.startsWith("HTTP/1.1 200")
                    ? Optional.of(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
