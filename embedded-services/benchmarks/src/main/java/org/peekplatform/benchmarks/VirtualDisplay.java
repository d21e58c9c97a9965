package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A display of our own, which nobody sees.
final class VirtualDisplay implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(4);

    private final Child server;
    private final String name;
    private final FrameBuffer screen;

    private VirtualDisplay(Child server, String name, FrameBuffer screen) {
        this.server = server;
        this.name = name;
        this.screen = screen;
    }

    static VirtualDisplay open(Lab lab) throws IOException {
        Path folder = lab.newFolder("display");
        Child server;
        try {
            server =
                    lab.start(
                            "Xvfb",
                            List.of(
                                    "Xvfb",
                                    "-displayfd",
                                    "1",
                                    "-screen",
                                    "0",
                                    "1400x1000x24",
                                    "-nolisten",
                                    "tcp",
                                    "-fbdir",
                                    folder.toString()));
        } catch (IOException e) {
            throw new BenchException(
                    "Xvfb cannot be started; install it (Debian: package xvfb) and try again", e);
        }
        String name = ":" + server.line();
        Path file = folder.resolve("Xvfb_screen0");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            FrameBuffer screen =
                    new FrameBuffer(
                            channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file)));
            return new VirtualDisplay(server, name, screen);
        }
    }

    /// For the environment variable DISPLAY.
    String name() {
        return name;
    }

    /// Waits until `program` has drawn its window.
    ///
    /// @return when that was, on the clock of `System.nanoTime`
    long awaitDrawn(Child program, Duration limit) {
        return await(program, true, limit);
    }

    /// Waits until no window is left.
    void awaitBlank(Child program, Duration limit) {
        await(program, false, limit);
    }

    private long await(Child program, boolean drawn, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!(drawn ? screen.isDrawn() : screen.isBlank())) {
            if (drawn && !program.isAlive()) {
                throw program.failed("ended before it drew a window");
            }
            if (System.nanoTime() > end) {
                throw program.failed(
                        (drawn ? "drew no window within " : "left its window on display for ")
                                + limit.toSeconds()
                                + " s");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return System.nanoTime();
    }

    @Override
    public void close() {
        server.close();
    }
}
