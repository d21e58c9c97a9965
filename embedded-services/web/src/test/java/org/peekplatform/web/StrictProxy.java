package org.peekplatform.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.peekplatform.vortex.PlatformThreads;

/// A network between a device and a site that lets HTTP pass and no WebSocket.
final class StrictProxy implements AutoCloseable {
    private final int port;
    private final Manner manner;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = PlatformThreads.perTask("proxy");
    private final AtomicInteger upgrades = new AtomicInteger();
    private final AtomicInteger posts = new AtomicInteger();

    /// What becomes of an upgrade.
    enum Manner {
        ANSWERS_400,
        ANSWERS_403_WITH_A_PAGE,
        CUTS,
        CUTS_AFTER_THE_UPGRADE,
        PASSES
    }

    StrictProxy(int port, Manner manner) throws IOException {
        this.port = port;
        this.manner = manner;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int upgrades() {
        return upgrades.get();
    }

    int posts() {
        return posts.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdown();
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket near = kept(server.accept());
                Socket far = kept(new Socket(InetAddress.getLoopbackAddress(), port));
                threads.execute(() -> carry(near, far, true));
                threads.execute(() -> carry(far, near, false));
            }
        } catch (IOException | RejectedExecutionException e) {
            // The test is over.
        }
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void carry(Socket from, Socket to, boolean up) {
        byte[] bytes = new byte[16 << 10];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                if (!(up ? passes(text, from.getOutputStream()) : passesDown(text))) {
                    return;
                }
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One side has gone; so goes the other.
        }
    }

    private boolean passes(String text, OutputStream back) throws IOException {
        if (text.startsWith("POST ")) {
            posts.incrementAndGet();
        }
        if (!text.toLowerCase(Locale.ROOT).contains("upgrade: websocket")) {
            return true;
        }
        upgrades.incrementAndGet();
        switch (manner) {
            case ANSWERS_400 ->
                    back.write(bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
            case ANSWERS_403_WITH_A_PAGE ->
                    back.write(
                            bytes(
                                    """
                                    HTTP/1.1 403 Forbidden\r
                                    Content-Type: text/html\r
                                    Content-Length: 7\r
                                    \r
                                    <p>No.
                                    """));
            case CUTS -> {}
            case CUTS_AFTER_THE_UPGRADE, PASSES -> {
                return true;
            }
        }
        return false;
    }

    private boolean passesDown(String text) {
        return manner != Manner.CUTS_AFTER_THE_UPGRADE || !text.startsWith("HTTP/1.1 101");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
