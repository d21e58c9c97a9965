package org.peekplatform.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy on the loopback address that is as bad as a network can be. What it decides by
/// chance comes from a seed, and what it did is in [#history].
final class FaultProxy implements AutoCloseable {
    private static final int PIECE = 8 << 10;
    private static final int PIECES_ON_THE_WAY = 16;
    private static final int NARROW_BUFFER = 8 << 10;

    private final int target;
    private final Random random;
    private final ServerSocket entrance;
    private final Set<Pair> open = ConcurrentHashMap.newKeySet();
    private final List<String> history = new ArrayList<>();
    private final long begun = System.nanoTime();
    private volatile Conditions conditions = Conditions.GOOD;
    private volatile boolean stalled;
    private int accepted;
    private int toCut;
    private int longestCut;

    /// How the network is.
    ///
    /// @param delay of every byte, each way
    /// @param bytesPerSecond each way of one connection; 0 for no limit
    /// @param latestAccept connections wait up to this long at the entrance, by chance, so that
    ///   later ones overtake earlier ones
    record Conditions(Duration delay, int bytesPerSecond, Duration latestAccept) {
        static final Conditions GOOD = new Conditions(Duration.ZERO, 0, Duration.ZERO);
    }

    /// @param target port on the loopback address; nothing needs to listen there yet
    FaultProxy(int target, long seed) throws IOException {
        this.target = target;
        random = new Random(seed);
        entrance = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        note("seed " + seed);
        Thread.ofVirtual().name("fault-proxy").start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    void become(Conditions next) {
        conditions = next;
        note(next.toString());
    }

    /// Cuts each of the next connections by a reset, after 1 to `most` bytes towards who dialed.
    synchronized void cutNext(int connections, int most) {
        toCut = connections;
        longestCut = most;
        note("cuts the next " + connections + " connections after up to " + most + " bytes");
    }

    /// Cuts all connections by a reset.
    void reset() {
        note("resets " + open.size() + " connections");
        open.forEach(Pair::reset);
    }

    /// From now on nothing gets through, and nothing is told of it.
    void stall() {
        note("stalls");
        stalled = true;
    }

    /// What was held back by [#stall] gets through.
    void goOn() {
        note("goes on");
        stalled = false;
    }

    /// The target loses all connections, but who dialed is not told and what it sends is lost.
    void halfOpen() {
        note("leaves " + open.size() + " connections half open");
        open.forEach(Pair::abandon);
    }

    /// How many connections have been taken so far.
    synchronized int accepted() {
        return accepted;
    }

    /// How many connections there are that nobody has lost.
    int alive() {
        return (int) open.stream().filter(pair -> !pair.abandoned).count();
    }

    /// What was done, and when.
    synchronized String history() {
        return String.join("; ", history);
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Pair::reset);
    }

    private synchronized void note(String what) {
        history.add((System.nanoTime() - begun) / 1_000_000 + " ms: " + what);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket near = entrance.accept();
                Thread.ofVirtual().start(() -> admit(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void admit(Socket near) {
        long cutAfter;
        long wait;
        synchronized (this) {
            accepted++;
            note("takes a connection");
            cutAfter = toCut > 0 ? 1 + random.nextInt(longestCut) : Long.MAX_VALUE;
            toCut = Math.max(0, toCut - 1);
            wait = random.nextLong(conditions.latestAccept().toMillis() + 1);
        }
        Socket far = new Socket();
        Pair pair = new Pair(near, far, cutAfter);
        try {
            Thread.sleep(wait);
            near.setTcpNoDelay(true);
            if (conditions.bytesPerSecond() > 0) {
                near.setSendBufferSize(NARROW_BUFFER);
                far.setReceiveBufferSize(NARROW_BUFFER);
            }
            far.setTcpNoDelay(true);
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            open.add(pair);
            pair.carry(near, far, false);
            pair.carry(far, near, true);
        } catch (IOException e) {
            pair.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Bytes that have come in and are to go out at a time; the end of the stream has none.
    private record Piece(byte[] bytes, long due) {
        static Piece end(long due) {
            return new Piece(new byte[0], due);
        }
    }

    private final class Pair {
        private final Socket near;
        private final Socket far;
        private final long cutAfter;
        private final AtomicInteger ended = new AtomicInteger();
        private volatile boolean abandoned;

        Pair(Socket near, Socket far, long cutAfter) {
            this.near = near;
            this.far = far;
            this.cutAfter = cutAfter;
        }

        void reset() {
            open.remove(this);
            reset(near);
            reset(far);
        }

        void abandon() {
            abandoned = true;
            reset(far);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It has ended already.
            }
        }

        void carry(Socket from, Socket to, boolean down) {
            BlockingQueue<Piece> onTheWay =
                    new ArrayBlockingQueue<>(
                            conditions.bytesPerSecond() > 0 ? 1 : PIECES_ON_THE_WAY);
            Thread.ofVirtual().start(() -> read(from, onTheWay, down));
            Thread.ofVirtual().start(() -> write(to, onTheWay, down));
        }

        private void read(Socket from, BlockingQueue<Piece> onTheWay, boolean down) {
            byte[] buffer = new byte[PIECE];
            try {
                InputStream in = from.getInputStream();
                while (true) {
                    int rate = conditions.bytesPerSecond();
                    int count =
                            in.read(buffer, 0, rate > 0 ? Math.clamp(rate / 20, 1, PIECE) : PIECE);
                    long due = System.nanoTime() + conditions.delay().toNanos();
                    if (count < 0) {
                        onTheWay.put(Piece.end(due));
                        return;
                    }
                    onTheWay.put(new Piece(Arrays.copyOf(buffer, count), due));
                }
            } catch (IOException e) {
                broken(down);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void write(Socket to, BlockingQueue<Piece> onTheWay, boolean down) {
            long sent = 0;
            try {
                OutputStream out = to.getOutputStream();
                while (true) {
                    Piece piece = onTheWay.take();
                    Thread.sleep(Duration.ofNanos(Math.max(0, piece.due() - System.nanoTime())));
                    while (stalled && !entrance.isClosed()) {
                        Thread.sleep(10);
                    }
                    if (abandoned) {
                        continue;
                    }
                    if (piece.bytes().length == 0) {
                        to.shutdownOutput();
                        if (ended.incrementAndGet() == 2) {
                            reset();
                        }
                        return;
                    }
                    int rate = conditions.bytesPerSecond();
                    if (rate > 0) {
                        Thread.sleep(
                                Duration.ofNanos(piece.bytes().length * 1_000_000_000L / rate));
                    }
                    sent += piece.bytes().length;
                    if (down && sent >= cutAfter) {
                        note("cuts a connection after " + sent + " bytes");
                        reset();
                        return;
                    }
                    out.write(piece.bytes());
                }
            } catch (IOException e) {
                broken(down);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void broken(boolean down) {
            // The side that is not to know of it lives on until it gives up by itself.
            if (!abandoned || !down) {
                reset();
            }
        }
    }
}
