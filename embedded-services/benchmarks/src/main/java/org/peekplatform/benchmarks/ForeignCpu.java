package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What part of the machine processes other than this one and its children use; 0 where the system
/// does not tell.
final class ForeignCpu {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    // Time given to virtual machines is counted as user time already.
    private static final int LAST_COUNTED = 7;

    private ForeignCpu() {}

    /// Clock ticks since the system started.
    record Ticks(long all, long idle, long own) {}

    /// Time that passes.
    interface Span {
        /// What others used since the span began, in percent of the whole machine.
        double percent();
    }

    static Span begin() {
        Ticks before = now();
        return () -> percent(before, now());
    }

    static double percent(Ticks before, Ticks after) {
        long all = after.all() - before.all();
        long busy = all - (after.idle() - before.idle());
        long others = busy - (after.own() - before.own());
        return all <= 0 ? 0 : Math.max(0, 100.0 * others / all);
    }

    /// @param statLines of `/proc/stat`
    /// @param ownStats `/proc/PID/stat` of this process and its living children; time of children
    ///   that have ended is in that of this process, which comes first
    static Ticks ticks(List<String> statLines, List<String> ownStats) {
        long[] cpu =
                Arrays.stream(statLines.getFirst().strip().split("\\s+", -1))
                        .skip(1)
                        .mapToLong(Long::parseLong)
                        .toArray();
        long all = Arrays.stream(cpu, 0, Math.min(cpu.length, LAST_COUNTED + 1)).sum();
        long own = 0;
        for (String stat : ownStats) {
            // The name, in parentheses, may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            int utime = 11;
            for (int i = utime; i < utime + 4; i++) {
                own += Long.parseLong(fields[i]);
            }
        }
        return new Ticks(all, cpu[IDLE] + cpu[IO_WAIT], own);
    }

    private static Ticks now() {
        if (!Files.isReadable(STAT)) {
            return new Ticks(0, 0, 0);
        }
        try {
            ProcessHandle self = ProcessHandle.current();
            List<String> own =
                    Stream.concat(Stream.of(self), self.descendants())
                            .map(ForeignCpu::stat)
                            .filter(stat -> !stat.isEmpty())
                            .toList();
            return ticks(Files.readAllLines(STAT), own);
        } catch (IOException e) {
            return new Ticks(0, 0, 0);
        }
    }

    private static String stat(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).strip();
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }
}
