package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Memory of a JVM, as Linux counts it, after full collections.
///
/// @param rss resident memory in millions of bytes
/// @param pss the same with shared pages counted in part
record ProcessMemory(double rss, double pss) {
    private static final int COLLECTIONS = 4;
    private static final Duration BETWEEN = Duration.ofMillis(700);

    static ProcessMemory afterCollection(Lab lab, Child jvm)
            throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (int i = 0; i < COLLECTIONS; i++) {
            try (Child command =
                    lab.start("jcmd", List.of(jcmd, String.valueOf(jvm.pid()), "GC.run"))) {
                command.rest();
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        return of(Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/smaps_rollup")));
    }

    /// @param rollup lines of `/proc/PID/smaps_rollup`
    static ProcessMemory of(List<String> rollup) {
        return new ProcessMemory(megabytes(rollup, "Rss:"), megabytes(rollup, "Pss:"));
    }

    private static double megabytes(List<String> rollup, String name) {
        return rollup.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" ", 2)[0])
                .mapToDouble(kilobytes -> Long.parseLong(kilobytes) * 1024 / 1e6)
                .findFirst()
                .orElseThrow(() ->
                        new BenchException("the system does not tell " + name + " of memory"));
    }
}
