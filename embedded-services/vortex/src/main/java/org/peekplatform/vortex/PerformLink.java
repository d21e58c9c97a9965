package org.peekplatform.vortex;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;

/// The actions for devices that are under way on one link, at the service that sends them. Ends
/// with the link.
///
/// Each plugin has its own share of each device, so that a view that hangs uses up nobody else's.
final class PerformLink {
    static final int MAX_OF_PLUGIN_AND_DEVICE = 16;
    static final int MAX_OF_PLUGIN = 4_096;
    private static final byte[] NO_VALUES = "[]".getBytes(StandardCharsets.UTF_8);

    private final RpcLink.Sender sender;
    private final Object lock = new Object();
    private final Map<String, Pending> pending = new HashMap<>();
    private final Map<Share, Integer> counts = new HashMap<>();
    private long next;
    private boolean ended;

    /// @param device `null` for all of them together
    private record Share(String plugin, Caller.@Nullable Device device) {}

    private record Pending(Share share, String type, CompletableFuture<ActionGate.Done> done) {}

    /// @param sender puts frames on the link, unless too much waits there
    PerformLink(RpcLink.Sender sender) {
        this.sender = sender;
    }

    /// @param named whether the link carries what is for several devices
    /// @param patience how long an answer is waited for
    CompletableFuture<ActionGate.Done> send(
            Caller.Device device, boolean named, String type, byte[] payload, Duration patience) {
        String plugin = type.substring(0, Math.max(0, type.indexOf('.')));
        Share share = new Share(plugin, device);
        CompletableFuture<ActionGate.Done> done = new CompletableFuture<>();
        String id;
        synchronized (lock) {
            if (ended) {
                return failed(ErrorCode.OFFLINE, "The connection is gone; nothing was sent.");
            }
            if (!hasRoom(share)) {
                return failed(
                        ErrorCode.CONFLICT,
                        "The plugin '"
                                + plugin
                                + "' has too many actions for devices under way; send "
                                + type
                                + " again later.");
            }
            id = Long.toString(next++);
            count(share, 1);
            count(new Share(plugin, null), 1);
            pending.put(id, new Pending(share, type, done));
        }
        String to = named ? Callers.format(device) : null;
        if (!sender.send(Frame.of(new Header.Perform(id, type, to), payload))) {
            take(id);
            return failed(
                    ErrorCode.OFFLINE,
                    "The device takes too slowly what is sent to it; " + type + " was not sent.");
        }
        return done.completeOnTimeout(
                        ActionGate.Done.failed(
                                ErrorCode.TIMED_OUT.name(),
                                "The device did not answer "
                                        + type
                                        + " in time; whether it was done is not known."),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS)
                .whenComplete((how, problem) -> take(id));
    }

    /// Takes an answer; one that nobody waits for any more is dropped.
    void performed(Header.Performed header, byte[] values) {
        Pending one = take(header.id());
        if (one == null) {
            return;
        }
        one.done()
                .complete(
                        switch (header.result()) {
                            case APPLIED ->
                                    ActionGate.Done.applied(
                                            values.length == 0 ? NO_VALUES : values);
                            case REJECTED, FAILED ->
                                    new ActionGate.Done(
                                            header.result(),
                                            header.code(),
                                            header.message(),
                                            new byte[0]);
                        });
    }

    /// The link has ended: what is under way is answered at once.
    void lost() {
        List<Pending> left;
        synchronized (lock) {
            ended = true;
            left = new ArrayList<>(pending.values());
            pending.clear();
            counts.clear();
        }
        for (Pending one : left) {
            one.done()
                    .complete(
                            ActionGate.Done.failed(
                                    ErrorCode.TIMED_OUT.name(),
                                    "The connection to the device was lost before it answered "
                                            + one.type()
                                            + "; whether it was done is not known."));
        }
    }

    private @Nullable Pending take(String id) {
        synchronized (lock) {
            Pending one = pending.remove(id);
            if (one != null) {
                count(one.share(), -1);
                count(new Share(one.share().plugin(), null), -1);
            }
            return one;
        }
    }

    /// With the lock.
    private boolean hasRoom(Share share) {
        return counts.getOrDefault(share, 0) < MAX_OF_PLUGIN_AND_DEVICE
                && counts.getOrDefault(new Share(share.plugin(), null), 0) < MAX_OF_PLUGIN;
    }

    /// With the lock.
    private void count(Share share, int more) {
        counts.merge(share, more, (was, by) -> was + by == 0 ? null : was + by);
    }

    private static CompletableFuture<ActionGate.Done> failed(ErrorCode code, String message) {
        return CompletableFuture.completedFuture(ActionGate.Done.failed(code.name(), message));
    }
}
