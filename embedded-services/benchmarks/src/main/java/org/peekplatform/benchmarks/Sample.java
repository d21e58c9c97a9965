package org.peekplatform.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// Values of one figure, in the order in which they were measured.
///
/// @param values at least one; unmodifiable
public record Sample(List<Double> values) {
    public Sample {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a sample needs at least one value");
        }
    }

    public double median() {
        return median(values);
    }

    public double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    public double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /// The median of `this / other` pair by pair: what disturbs one pair counts once, on both
    /// sides.
    public double ratioTo(Sample other) {
        if (values.size() != other.values.size()) {
            throw new IllegalArgumentException(
                    values.size() + " and " + other.values.size() + " values make no pairs");
        }
        List<Double> ratios = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return median(ratios);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
