package org.peekplatform.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `peek bench`: measures and prints.
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final Map<String, Bench> BENCHES = benches();

    private Main() {}

    private static Map<String, Bench> benches() {
        Map<String, Bench> all = new LinkedHashMap<>();
        all.put("start", new StartBench());
        all.put("window", new WindowBench());
        all.put("install", new InstallBench());
        all.put("import", new ImportBench());
        all.put("fanout", new FanoutBench());
        all.put("queued", new QueuedBench());
        all.put("memory", new MemoryBench());
        all.put("vortex-fanout", new VortexFanoutBench());
        all.put("vortex-burst", new VortexBurstBench());
        all.put("vortex-arrival", new VortexArrivalBench());
        all.put("vortex-idle", new VortexIdleBench());
        all.put("vortex-stalled", new VortexStalledBench());
        all.put("vortex-calls", new VortexCallsBench());
        all.put("vortex-rpc", new VortexRpcBench());
        all.put("vortex-encode", new VortexEncodeBench());
        all.put("storage-h2", new StorageBench(StorageBench.Engine.H2));
        all.put("storage-postgresql", new StorageBench(StorageBench.Engine.POSTGRESQL));
        all.put("workers", new WorkersBench());
        return all;
    }

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code;
        try {
            Options options = Options.parse(List.copyOf(BENCHES.keySet()), arguments);
            if (options.help()) {
                out.print(usage());
                code = DONE;
            } else {
                code = run(options, out, err);
            }
        } catch (Options.UsageException e) {
            err.println("peek bench: " + e.getMessage());
            code = USAGE;
        } catch (BenchException e) {
            err.println("peek bench: " + e.getMessage());
            code = FAILED;
        } catch (IOException | UncheckedIOException e) {
            err.println("peek bench: a file or connection failed: " + e);
            code = FAILED;
        }
        System.exit(code);
    }

    private static int run(Options options, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        Checkout checkout = Checkout.find(options.checkout());
        err.println(Machine.describe());
        List<Figure> figures = new ArrayList<>();
        boolean failed = false;
        try (Lab lab = new Lab(checkout, options, err)) {
            for (Map.Entry<String, Bench> bench : BENCHES.entrySet()) {
                if (options.names().isEmpty() || options.names().contains(bench.getKey())) {
                    try {
                        List<Figure> measured = bench.getValue().measure(lab);
                        if (options.json()) {
                            measured.forEach(figure -> out.println(Report.json(figure)));
                        }
                        figures.addAll(measured);
                    } catch (BenchException e) {
                        err.println("peek bench: " + bench.getKey() + ": " + e.getMessage());
                        failed = true;
                    }
                }
            }
        }
        if (!options.json() && !figures.isEmpty()) {
            out.print(Report.table(figures));
        }
        err.println("load at the end: " + Machine.load());
        boolean missed = figures.stream().anyMatch(figure -> Boolean.FALSE.equals(figure.ok()));
        return failed || missed ? FAILED : DONE;
    }

    private static String usage() {
        return """
        Usage: peek bench [FIGURE…] [--json] [--pairs N] [--jfr DIR] [--sabotage] [--keep]
        Measures Peek against the same work done by the bare libraries, both in the same run, in turn.
        Figures: %s; all of them when none is named. 'vortex' and 'storage' stand for all that begin with it.
          --json        one line for each figure
          --pairs N     how often to measure
          --jfr DIR     also record what Peek does; the figures suffer
          --sabotage    with fanout or vortex-fanout: drops one receipt, so that the check must fail;
                        with vortex-rpc or vortex-encode: spoils an answer;
                        with storage-h2 or storage-postgresql: leaves out a row;
                        with workers: counts one result too many
          --keep        leave the temporary folder
        Exit codes: 0 every target is met, 1 one is missed or nothing could be measured, 2 wrong usage.
        """
                .formatted(String.join(", ", BENCHES.keySet()));
    }
}
