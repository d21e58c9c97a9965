package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A service that is dialed and does nothing by itself; a test plays its part.
final class ByHand implements LinkDialer {
    private final BlockingQueue<Dialed> dialed = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Link> dial(Link.Listener listener) {
        Dialed one = new Dialed(listener, System.nanoTime());
        dialed.add(one);
        return one.opening;
    }

    /// The next time it is dialed.
    Dialed next() throws InterruptedException {
        Dialed one = dialed.poll(5, TimeUnit.SECONDS);
        assertThat(one).as("dialed within 5 s").isNotNull();
        return one;
    }

    boolean isDialedWithin(long millis) throws InterruptedException {
        return dialed.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    static final class Dialed implements Link {
        final Link.Listener listener;
        final long at;
        private final CompletableFuture<Link> opening = new CompletableFuture<>();
        private final BlockingQueue<Frame> sent = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
        private volatile Consumer<Header> beforeSending = header -> {};

        Dialed(Link.Listener listener, long at) {
            this.listener = listener;
            this.at = at;
        }

        void open() {
            opening.complete(this);
        }

        void refuse(String why) {
            opening.completeExceptionally(new IllegalStateException(why));
        }

        /// Opens the link and welcomes who has dialed.
        Dialed welcome() throws InterruptedException {
            open();
            assertThat(nextHeader()).isInstanceOf(Header.Hello.class);
            give(new Header.Welcome(1, "server", "by hand", "1", "device:x"));
            return this;
        }

        void give(Header header) {
            listener.frame(Frame.of(header));
        }

        void give(Header header, String payload) {
            listener.frame(Frame.of(header, payload.getBytes(StandardCharsets.UTF_8)));
        }

        void beforeSending(Consumer<Header> what) {
            beforeSending = what;
        }

        Header nextHeader() throws InterruptedException {
            return nextFrame().header();
        }

        Frame nextFrame() throws InterruptedException {
            Frame frame = sent.poll(5, TimeUnit.SECONDS);
            assertThat(frame).as("a frame within 5 s").isNotNull();
            return frame;
        }

        boolean hasSentNothing() {
            return sent.isEmpty();
        }

        String nextClose() throws InterruptedException {
            String reason = closes.poll(5, TimeUnit.SECONDS);
            assertThat(reason).as("a close within 5 s").isNotNull();
            return reason;
        }

        @Override
        public void send(Frame frame, Runnable written) {
            beforeSending.accept(frame.header());
            sent.add(frame);
            written.run();
        }

        @Override
        public void close(CloseReason reason) {
            closes.add(reason.text());
            listener.closed(reason.text());
        }
    }
}
