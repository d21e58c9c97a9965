package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Measures two things in turn, so that whatever else the machine does meets both alike.
///
/// @param pairs how many pairs to keep
/// @param cpu says how busy others keep the machine
record Pairs(int pairs, Supplier<ForeignCpu.Span> cpu) {
    /// Above this, in percent of the machine, a pair is measured again.
    static final double BUSY = 25;

    /// Measures once.
    @FunctionalInterface
    interface Measurement {
        double take() throws IOException, InterruptedException;
    }

    /// @param ours pair by pair
    /// @param baseline pair by pair
    /// @param foreignCpu of each pair, in percent of the machine
    /// @param repeated how many pairs were thrown away
    record Result(Sample ours, Sample baseline, Sample foreignCpu, int repeated) {
        String note() {
            return String.format(
                    Locale.ROOT,
                    "%d pairs in turn; others used %.0f %% of the machine (%.0f–%.0f)%s.",
                    ours.values().size(),
                    foreignCpu.median(),
                    foreignCpu.min(),
                    foreignCpu.max(),
                    repeated == 0 ? "" : "; " + repeated + " pairs were disturbed and repeated");
        }
    }

    /// Every other pair begins with the baseline. On a machine that never gets quiet, disturbed
    /// pairs are kept once as many have been repeated as were asked for.
    Result measure(Measurement ours, Measurement baseline)
            throws IOException, InterruptedException {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> foreign = new ArrayList<>();
        int repeated = 0;
        while (first.size() < pairs) {
            ForeignCpu.Span span = cpu.get();
            double a;
            double b;
            if (first.size() % 2 == 0) {
                a = ours.take();
                b = baseline.take();
            } else {
                b = baseline.take();
                a = ours.take();
            }
            double busy = span.percent();
            if (busy > BUSY && repeated < pairs) {
                repeated++;
                continue;
            }
            first.add(a);
            second.add(b);
            foreign.add(busy);
        }
        return new Result(new Sample(first), new Sample(second), new Sample(foreign), repeated);
    }
}
