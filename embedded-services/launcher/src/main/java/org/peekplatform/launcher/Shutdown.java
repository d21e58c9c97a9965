package org.peekplatform.launcher;

import java.util.List;

/// Stops Peek in order when the process is told to end.
public final class Shutdown {
    private Shutdown() {}

    /// Closes `parts`, first to last, when the process gets Ctrl-C or SIGTERM, before it ends.
    public static void closeOnSignal(AutoCloseable... parts) {
        List<AutoCloseable> all = List.of(parts);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("peek-shutdown")
                                .unstarted(() -> {
                                    for (AutoCloseable part : all) {
                                        close(part);
                                    }
                                }));
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println(
                    "peek: " + part.getClass().getSimpleName() + " did not stop well: " + e);
        }
    }
}
