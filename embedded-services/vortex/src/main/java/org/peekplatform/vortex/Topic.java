package org.peekplatform.vortex;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a service knows of one selector: encoded frames that bring any observer to the newest
/// version, and who observes. The same at the server, where a provider fills it, and at a client
/// service or workstation, where frames from upstream do; nothing here opens a payload.
///
/// Holds a base snapshot and a log of deltas. The log may reach back before the base, for observers
/// that are a little behind, and goes on after it; its size is bounded by [#MAX_LOG_BYTES] or half
/// the base, whichever is more.
///
/// Thread-safe. Observers are told outside the lock, on the thread that publishes, and must not
/// block.
public final class Topic {
    static final int MAX_LOG_BYTES = 64 << 10;
    static final int MAX_LOG_FRAMES = 256;
    private static final Observer[] NOBODY = {};

    private final Selector selector;
    private final Set<Observer> observers = new LinkedHashSet<>();
    private final Deque<Frame> log = new ArrayDeque<>();
    private volatile Observer[] told = NOBODY;
    private @Nullable Frame base;
    private @Nullable Frame problem;
    private String epoch = "";
    private long version;
    private long logBytes;

    Topic(Selector selector) {
        this.selector = selector;
    }

    /// Is told that there is something new. Implemented by what sends frames to one receiver.
    public interface Observer {
        void changed(Topic topic);
    }

    /// What an observer must be sent.
    ///
    /// @param frames in order; empty when it has the newest, or nothing is known yet
    /// @param epoch what it holds afterwards; `null` when nothing is known yet
    /// @param problem why there is no newer version, or `null`
    record CatchUp(
            List<Frame> frames, @Nullable String epoch, long version, @Nullable Frame problem) {}

    public Selector selector() {
        return selector;
    }

    void add(Observer observer) {
        synchronized (this) {
            observers.add(observer);
            told = observers.toArray(NOBODY);
        }
    }

    /// @return whether nobody is left
    boolean remove(Observer observer) {
        synchronized (this) {
            observers.remove(observer);
            told = observers.toArray(NOBODY);
            return observers.isEmpty();
        }
    }

    boolean isObserved() {
        return told.length > 0;
    }

    /// What takes an observer from the version it holds to the newest.
    synchronized CatchUp since(@Nullable String heldEpoch, long heldVersion) {
        Frame from = base;
        if (from == null) {
            return new CatchUp(List.of(), null, 0, problem);
        }
        if (!epoch.equals(heldEpoch)) {
            return new CatchUp(rebuilt(from), epoch, version, problem);
        }
        if (heldVersion > version) {
            // An observer that comes from another service is ahead of this one, which follows.
            return new CatchUp(List.of(), null, 0, problem);
        }
        List<Frame> frames = heldVersion == version ? List.of() : deltasSince(heldVersion);
        if (frames == null) {
            frames = rebuilt(from);
        } else if (versionOf(from) > heldVersion) {
            // Never back to a base that is older than what is held.
            List<Frame> rebuilt = rebuilt(from);
            frames = bytes(frames) > bytes(rebuilt) ? rebuilt : frames;
        }
        return new CatchUp(frames, epoch, version, problem);
    }

    /// The base and what follows it.
    private List<Frame> rebuilt(Frame from) {
        List<Frame> frames = new ArrayList<>();
        frames.add(from);
        for (Frame delta : log) {
            if (((Header.Delta) delta.header()).from() >= versionOf(from)) {
                frames.add(delta);
            }
        }
        return frames;
    }

    /// A new base that everyone who is not at its version needs, unless the log leads there.
    void snapshot(Frame frame) {
        boolean news;
        synchronized (this) {
            Header.Snapshot header = (Header.Snapshot) frame.header();
            boolean newer = !header.epoch().equals(epoch) || header.version() > version;
            if (newer) {
                log.clear();
                logBytes = 0;
                version = header.version();
                epoch = header.epoch();
            }
            if (newer || base == null || header.version() >= versionOf(base)) {
                base = frame;
                trim();
            }
            // Lifted even by old news, because its sender takes it for lifted.
            news = newer || problem != null;
            problem = null;
        }
        if (news) {
            tell();
        }
    }

    /// The next version. A delta that leads no further than what is held is old news: a service
    /// that is asked for a new base sends the deltas after it as well.
    ///
    /// @return whether what is held contains the delta now; if not, nothing has changed
    boolean delta(Frame frame) {
        boolean news;
        synchronized (this) {
            Header.Delta header = (Header.Delta) frame.header();
            if (base == null || !header.epoch().equals(epoch)) {
                return false;
            }
            if (header.version() <= version) {
                news = problem != null;
            } else if (header.from() == version) {
                log.addLast(frame);
                logBytes += frame.size();
                version = header.version();
                trim();
                news = true;
            } else {
                return false;
            }
            problem = null;
        }
        if (news) {
            tell();
        }
        return true;
    }

    /// Why there are no newer rows now.
    void problem(Frame frame) {
        synchronized (this) {
            problem = frame;
        }
        tell();
    }

    /// What is held is the newest, and the problem, if any, is over.
    void confirm() {
        boolean news;
        synchronized (this) {
            news = problem != null;
            problem = null;
        }
        if (news) {
            tell();
        }
    }

    /// Whether the log has grown so long that a new base would be shorter.
    synchronized boolean wantsNewBase() {
        Frame from = base;
        return from != null && isTooLong(logBytes, log.size(), from) && versionOf(from) != version;
    }

    /// The same as it will be after `delta`.
    synchronized boolean wantsNewBaseWith(Frame delta) {
        Frame from = base;
        return from != null && isTooLong(logBytes + delta.size(), log.size() + 1, from);
    }

    synchronized boolean hasRows() {
        return base != null;
    }

    synchronized String epoch() {
        return epoch;
    }

    synchronized long version() {
        return version;
    }

    private void tell() {
        for (Observer observer : told) {
            observer.changed(this);
        }
    }

    private @Nullable List<Frame> deltasSince(long held) {
        Frame newest = log.peekLast();
        if (newest != null && ((Header.Delta) newest.header()).from() == held) {
            // Nearly everyone, nearly always: one change behind.
            return List.of(newest);
        }
        boolean reached = false;
        List<Frame> deltas = new ArrayList<>();
        for (Frame frame : log) {
            reached |= ((Header.Delta) frame.header()).from() == held;
            if (reached) {
                deltas.add(frame);
            }
        }
        return reached ? deltas : null;
    }

    private void trim() {
        Frame from = base;
        while (from != null && !log.isEmpty() && isTooLong(logBytes, log.size(), from)) {
            Frame oldest = log.getFirst();
            if (((Header.Delta) oldest.header()).version() > versionOf(from)) {
                return;
            }
            log.removeFirst();
            logBytes -= oldest.size();
        }
    }

    private static boolean isTooLong(long bytes, int frames, Frame base) {
        return bytes > Math.max(MAX_LOG_BYTES, base.size() / 2) || frames > MAX_LOG_FRAMES;
    }

    private static long versionOf(Frame base) {
        return ((Header.Snapshot) base.header()).version();
    }

    private static long bytes(List<Frame> frames) {
        return frames.stream().mapToLong(Frame::size).sum();
    }
}
