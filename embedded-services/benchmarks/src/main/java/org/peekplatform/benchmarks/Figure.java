package org.peekplatform.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One measured figure.
///
/// @param id for programs
/// @param title for people
/// @param baseline what it is compared with, in the same unit; `null` when with nothing
/// @param notes sentences about how it came about
public record Figure(
        String id,
        String title,
        String unit,
        Sample ours,
        @Nullable Sample baseline,
        Target target,
        List<String> notes) {
    public Figure {
        notes = List.copyOf(notes);
    }

    /// Ours in proportion to the baseline; `null` without one.
    public @Nullable Double ratio() {
        return baseline == null ? null : ours.ratioTo(baseline);
    }

    /// Whether the target is met; `null` without one.
    public @Nullable Boolean ok() {
        return target.met(ours, baseline);
    }
}
