package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;

/// Measures one figure, or a few that belong together.
@FunctionalInterface
interface Bench {
    /// @throws BenchException when it cannot be measured
    List<Figure> measure(Lab lab) throws IOException, InterruptedException;
}
