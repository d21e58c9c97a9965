package org.peekplatform.vortex;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link within the process. Frames are handed over as they are; `written` is called when the
/// other side has dealt with the frame, so a slow receiver slows its sender only.
///
/// As on a socket, what was sent before a close still arrives before it.
public final class MemoryLink implements Link {
    private static final Logger log = LoggerFactory.getLogger(MemoryLink.class);

    private final SerialExecutor delivery;
    private final AtomicBoolean open;
    private volatile @Nullable MemoryLink peer;
    private volatile @Nullable Listener listener;
    // Nothing is delivered any more: this side has closed the link, or has been told of its end.
    private volatile boolean deaf;

    private MemoryLink(String name, AtomicBoolean open) {
        delivery = new SerialExecutor("link-" + name);
        this.open = open;
    }

    /// A dialer whose links end at `acceptor`.
    ///
    /// @param caller whom the acceptor shall take the dialing side for; the composition root
    ///   vouches for it
    public static LinkDialer dialer(Acceptor acceptor, Caller caller) {
        return listener -> {
            AtomicBoolean open = new AtomicBoolean(true);
            MemoryLink near = new MemoryLink("near", open);
            MemoryLink far = new MemoryLink("far", open);
            near.peer = far;
            far.peer = near;
            near.listener = listener;
            CompletableFuture<Link> dialed = new CompletableFuture<>();
            // The first task of the far side, so that whatever happens to it comes after.
            far.delivery.execute(() -> {
                try {
                    far.listener = acceptor.accept(far, caller);
                    dialed.complete(near);
                } catch (RuntimeException e) {
                    open.set(false);
                    dialed.completeExceptionally(e);
                }
            });
            return dialed;
        };
    }

    @Override
    public void send(Frame frame, Runnable written) {
        MemoryLink to = peer;
        if (to != null && open.get()) {
            to.delivery.execute(() -> {
                if (!to.deaf) {
                    to.deliver(frame);
                    written.run();
                }
            });
        }
    }

    @Override
    public boolean passesWhole() {
        return true;
    }

    @Override
    public Transport transport() {
        return Transport.MEMORY;
    }

    private void deliver(Frame frame) {
        Listener receiver = listener;
        if (receiver == null) {
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
    public void close(CloseReason reason) {
        deaf = true;
        if (open.compareAndSet(true, false)) {
            ended(reason.text());
            MemoryLink other = peer;
            if (other != null) {
                other.ended(reason.text());
            }
        }
    }

    private void ended(String reason) {
        delivery.execute(() -> {
            deaf = true;
            Listener receiver = listener;
            if (receiver != null) {
                receiver.closed(reason);
            }
        });
    }
}
