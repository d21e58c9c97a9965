package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// On which cores processes run. Where one call follows the other, waking a thread on another core
/// of a virtual machine costs more than all the rest, so both ends are put on one.
///
/// @param all as the system writes them, such as `0-3,6`
/// @param one of these
record Cores(String all, String one) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern ALLOWED =
            Pattern.compile("^Cpus_allowed_list:\\s*(\\S*?(\\d+))$", Pattern.MULTILINE);

    /// The cores that this process may use; none where the system does not tell or `taskset` is
    /// missing.
    static Cores find() throws IOException, InterruptedException {
        if (!Files.isReadable(STATUS)) {
            return new Cores("", "");
        }
        Cores cores = in(Files.readString(STATUS));
        return taskset(cores.all(), ProcessHandle.current().pid()) ? cores : new Cores("", "");
    }

    /// The last core is the one.
    ///
    /// @param status as in `/proc/PID/status`
    static Cores in(String status) {
        Matcher allowed = ALLOWED.matcher(status);
        return allowed.find() ? new Cores(allowed.group(1), allowed.group(2)) : new Cores("", "");
    }

    boolean known() {
        return !all.isEmpty();
    }

    /// Puts all threads of the processes on the one core.
    void pin(List<Long> processes) throws IOException, InterruptedException {
        put(one, processes);
    }

    /// Lets them use all cores again.
    void free(List<Long> processes) throws IOException, InterruptedException {
        put(all, processes);
    }

    private void put(String cores, List<Long> processes) throws IOException, InterruptedException {
        if (!known()) {
            return;
        }
        for (long process : processes) {
            if (!taskset(cores, process)) {
                throw new BenchException(
                        "process " + process + " could not be put on core " + cores);
            }
        }
    }

    private static boolean taskset(String cores, long process)
            throws IOException, InterruptedException {
        ProcessBuilder command =
                new ProcessBuilder("taskset", "-a", "-c", "-p", cores, Long.toString(process));
        command.redirectErrorStream(true);
        Process running;
        try {
            running = command.start();
        } catch (IOException e) {
            return false;
        }
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // A thread that has ended meanwhile needs no core.
        return running.waitFor() == 0 || said.contains("No such process");
    }
}
