package org.peekplatform.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a figure is to reach.
public sealed interface Target {
    /// In words.
    String text(String unit);

    /// Whether it is met; `null` when there is nothing to meet.
    @Nullable Boolean met(Sample ours, @Nullable Sample baseline);

    /// The median is at most `value`.
    record AtMost(double value) implements Target {
        @Override
        public String text(String unit) {
            return String.format(Locale.ROOT, "≤ %,.0f %s", value, unit);
        }

        @Override
        public Boolean met(Sample ours, @Nullable Sample baseline) {
            return ours.median() <= value;
        }
    }

    /// The median of the pairwise ratios to the baseline is at most `ratio`.
    record RatioAtMost(double ratio) implements Target {
        @Override
        public String text(String unit) {
            return "ratio ≤ " + decimal(ratio);
        }

        @Override
        public Boolean met(Sample ours, @Nullable Sample baseline) {
            if (baseline == null) {
                throw new IllegalStateException("a ratio needs a baseline");
            }
            return ours.ratioTo(baseline) <= ratio;
        }
    }

    /// The median of the pairwise ratios to the baseline is at least `ratio`: more is better.
    record RatioAtLeast(double ratio) implements Target {
        @Override
        public String text(String unit) {
            return "ratio ≥ " + decimal(ratio);
        }

        @Override
        public Boolean met(Sample ours, @Nullable Sample baseline) {
            if (baseline == null) {
                throw new IllegalStateException("a ratio needs a baseline");
            }
            return ours.ratioTo(baseline) >= ratio;
        }
    }

    /// The figure is for information.
    record None() implements Target {
        @Override
        public String text(String unit) {
            return "–";
        }

        @Override
        public @Nullable Boolean met(Sample ours, @Nullable Sample baseline) {
            return null;
        }
    }

    /// With one decimal, or two where there are two.
    private static String decimal(double ratio) {
        String text = String.format(Locale.ROOT, "%.2f", ratio);
        return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
    }
}
