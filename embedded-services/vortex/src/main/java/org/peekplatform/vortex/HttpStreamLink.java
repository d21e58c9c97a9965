package org.peekplatform.vortex;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's end of a link over plain HTTP: one answer that never ends carries frames to the
/// other side, and requests carry them back. For networks that let no WebSocket pass.
///
/// Whoever serves HTTP calls [#serve] with the answer and [#receive] with each request. Sending is
/// paced by `written` as on every link, so what waits here is bounded by the sender.
public final class HttpStreamLink implements Link {
    /// How much room several frames have in one request; one frame alone may be larger.
    public static final int BATCH_BYTES = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(HttpStreamLink.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 24;

    private final String id = newId();
    private final Acceptor acceptor;
    private final Caller caller;
    private final int maxFrameBytes;
    private final Timing timing;
    private final BlockingQueue<Out> out = new LinkedBlockingQueue<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final SerialExecutor events = SerialExecutor.inline();
    // Held while the frames of one request are dealt with, so that the next waits for its turn.
    private final ReentrantLock requests = new ReentrantLock();
    private long expected = 1;
    private volatile @Nullable Listener listener;
    private volatile long heard = System.nanoTime();
    private volatile boolean asked;

    /// When the other side is taken as gone, which HTTP does not tell.
    ///
    /// @param silence without a request until it is asked whether it is there
    /// @param patience for its answer
    public record Timing(Duration silence, Duration patience) {
        public static final Timing USUAL =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10));
    }

    private sealed interface Out {
        record Sent(Frame frame, Runnable written) implements Out {}

        record End(CloseReason reason) implements Out {}
    }

    /// @param caller who has opened it
    /// @param maxFrameBytes the largest frame accepted
    public HttpStreamLink(Acceptor acceptor, Caller caller, int maxFrameBytes, Timing timing) {
        this.acceptor = acceptor;
        this.caller = caller;
        this.maxFrameBytes = maxFrameBytes;
        this.timing = timing;
    }

    /// What requests name it by. Secret: who knows it and is the same caller may send.
    public String id() {
        return id;
    }

    public Caller caller() {
        return caller;
    }

    /// The largest body of a request that is accepted.
    public int maxRequestBytes() {
        return maxFrameBytes + BATCH_BYTES;
    }

    /// Compresses what is written to `plain` so that a flush lets everything through.
    public static OutputStream gzip(OutputStream plain) throws IOException {
        return new FastGzip(plain);
    }

    /// Serves the link until it ends; call once. Blocks and so belongs on a virtual thread.
    ///
    /// @param answer to the request that opens the link
    public void serve(OutputStream answer) {
        events.execute(this::accept);
        try (DataOutputStream stream = new DataOutputStream(answer)) {
            HttpRecords.content(stream, id.getBytes(StandardCharsets.US_ASCII));
            stream.flush();
            write(stream);
        } catch (IOException e) {
            log.debug("The stream of a link broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended("the connection broke");
        }
    }

    private void accept() {
        try {
            listener = acceptor.accept(this, caller);
        } catch (RuntimeException e) {
            log.error("A link of {} could not be accepted", caller, e);
            close(CloseReason.FAULT);
        }
    }

    private void write(DataOutputStream stream) throws IOException, InterruptedException {
        List<Runnable> written = new ArrayList<>();
        for (boolean open = true; open; ) {
            Out next = out.poll(look(stream), TimeUnit.NANOSECONDS);
            for (; next != null && open; next = open ? out.poll() : null) {
                switch (next) {
                    case Out.Sent(Frame frame, Runnable done) -> {
                        HttpRecords.content(stream, frame.bytes());
                        written.add(done);
                    }
                    case Out.End(CloseReason reason) -> {
                        HttpRecords.end(stream, reason);
                        open = false;
                    }
                }
            }
            stream.flush();
            written.forEach(Runnable::run);
            written.clear();
        }
    }

    /// Asks whether the other side is there, or ends the link, when it is time.
    ///
    /// @return nanoseconds until the next look
    private long look(DataOutputStream stream) throws IOException {
        long silent = System.nanoTime() - heard;
        long toAsk = timing.silence().toNanos() - silent;
        if (!asked && toAsk > 0) {
            return toAsk;
        }
        long toGiveUp = timing.silence().plus(timing.patience()).toNanos() - silent;
        if (toGiveUp <= 0) {
            close(new CloseReason(1001, "nothing was heard for too long"));
        } else if (!asked) {
            asked = true;
            HttpRecords.question(stream);
            stream.flush();
        }
        return Math.max(toGiveUp, 0);
    }

    /// Takes the body of one request.
    ///
    /// @param sequence counts the requests of a link from 1. One that has come before is ignored,
    ///   so that a request whose answer was lost can be sent again.
    /// @return `false` when the link has ended
    /// @throws PeekException with `CONFLICT` when an earlier request is missing; with
    ///   `BAD_REQUEST`, and the end of the link, when the body is not made of frames
    public boolean receive(long sequence, byte[] body) {
        requests.lock();
        try {
            heard = System.nanoTime();
            asked = false;
            if (ended.get()) {
                return false;
            }
            if (sequence > expected) {
                throw new PeekException(
                        ErrorCode.CONFLICT,
                        "request %d of the link came, but %d is the next; send that first"
                                .formatted(sequence, expected));
            }
            if (sequence == expected) {
                List<Runnable> done = read(body);
                expected++;
                done.forEach(events::execute);
            }
            return true;
        } finally {
            requests.unlock();
        }
    }

    /// Nothing of a body is dealt with before all of it has been understood.
    private List<Runnable> read(byte[] body) {
        List<Runnable> tasks = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            for (var item = HttpRecords.next(in, maxFrameBytes);
                    item != null;
                    item = HttpRecords.next(in, maxFrameBytes)) {
                switch (item) {
                    case HttpRecords.Item.Content(byte[] bytes) -> {
                        Frame frame = Frame.parse(bytes);
                        tasks.add(() -> deliver(frame));
                    }
                    case HttpRecords.Item.Question() -> {}
                    case HttpRecords.Item.End(CloseReason reason) -> tasks.add(() -> close(reason));
                }
            }
            return tasks;
        } catch (IOException e) {
            throw refused(
                    new PeekException(ErrorCode.BAD_REQUEST, "a request breaks off in a frame", e));
        } catch (PeekException e) {
            throw refused(e);
        }
    }

    private PeekException refused(PeekException problem) {
        close(CloseReason.refused(String.valueOf(problem.getMessage())));
        return problem;
    }

    private void deliver(Frame frame) {
        Listener receiver = listener;
        if (receiver == null || ended.get()) {
            return;
        }
        try {
            receiver.frame(frame);
        } catch (PeekException e) {
            close(CloseReason.refused(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            log.error("A frame could not be dealt with; its link is closed: {}", frame, e);
            close(CloseReason.FAULT);
        }
    }

    @Override
    public void send(Frame frame, Runnable written) {
        if (!ended.get()) {
            out.add(new Out.Sent(frame, written));
        }
    }

    @Override
    public Transport transport() {
        return Transport.HTTP;
    }

    @Override
    public void close(CloseReason reason) {
        if (ended(reason.text())) {
            out.add(new Out.End(reason));
        }
    }

    /// @return whether it had not ended before
    private boolean ended(String reason) {
        boolean now = ended.compareAndSet(false, true);
        if (now) {
            events.execute(() -> {
                Listener receiver = listener;
                if (receiver != null) {
                    receiver.closed(reason);
                }
            });
        }
        return now;
    }

    private static String newId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8_192, true);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
