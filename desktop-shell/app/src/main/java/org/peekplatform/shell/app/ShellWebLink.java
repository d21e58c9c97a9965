package org.peekplatform.shell.app;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.shell.ui.WebLink;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Link;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.MemoryLink;

/// The pages of web views as parties on the workstation's own link: they share its topics, so that
/// one selector is observed once however many views show it, and its rights. A page has a link as
/// long as the workstation has its own; so it knows what the user may rely on.
///
/// A page that does not take frames blocks the thread of its own link only. The link service sees
/// that, and what changes meanwhile becomes one newest version.
final class ShellWebLink implements WebLink, AutoCloseable {
    private final LinkClient upstream;
    private final LinkDialer dialer;
    private final Set<PageLink> open = ConcurrentHashMap.newKeySet();
    private final Registration watch;

    ShellWebLink(WorkstationDevice device) {
        upstream = device.link();
        dialer = MemoryLink.dialer(device.pages(), WorkstationDevice.SELF);
        watch =
                upstream.onState(state -> {
                    if (state instanceof LinkState.Offline(String why)) {
                        open.forEach(page -> page.end(why));
                    }
                });
    }

    @Override
    public Session open(Page page) {
        PageLink link = new PageLink(page);
        open.add(link);
        dialer.dial(link).whenComplete(link::dialed);
        return link;
    }

    @Override
    public Registration onOnline(Runnable listener) {
        return upstream.onState(state -> {
            if (state instanceof LinkState.Online) {
                listener.run();
            }
        });
    }

    @Override
    public void close() {
        watch.close();
        open.forEach(page -> page.end("The workstation is closing."));
    }

    private final class PageLink implements Session, Link.Listener {
        private final Page page;
        private final CompletableFuture<Link> link = new CompletableFuture<>();
        private volatile @Nullable String endedBecause;

        PageLink(Page page) {
            this.page = page;
        }

        void dialed(@Nullable Link made, @Nullable Throwable problem) {
            if (made == null) {
                closed(String.valueOf(problem == null ? null : problem.getMessage()));
                return;
            }
            if (upstream.state() instanceof LinkState.Online) {
                page.opened();
            } else {
                end("The workstation has no link to the service.");
            }
            link.complete(made);
        }

        @Override
        public void send(String header, String payload) {
            try {
                Frame frame = Frame.parse(header, payload);
                link.thenAccept(made -> made.send(frame, () -> {}));
            } catch (PeekException e) {
                end(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            end("the page is closed");
        }

        void end(String why) {
            endedBecause = why;
            link.thenAccept(made -> made.close(new Link.CloseReason(1001, why)));
        }

        @Override
        public void frame(Frame frame) {
            Frame plain = frame.unpacked();
            boolean taken;
            try {
                taken =
                        page.frame(
                                plain.headerText(),
                                new String(plain.payload(), StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                taken = false;
            }
            if (!taken) {
                end("the page takes no frames");
            }
        }

        @Override
        public void closed(String reason) {
            open.remove(this);
            String why = endedBecause;
            page.closed(why == null ? reason : why);
        }
    }
}
