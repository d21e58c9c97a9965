package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Figure figure(
            String id, List<Double> ours, @Nullable List<Double> baseline, Target target) {
        return new Figure(
                id,
                "Title of " + id,
                "ms",
                new Sample(ours),
                baseline == null ? null : new Sample(baseline),
                target,
                List.of("a note."));
    }

    @Test
    void theTableSaysWhichTargetsAreMetAndWhichAreMissed() {
        List<Figure> figures =
                List.of(
                        figure("a", List.of(1100.0), List.of(1000.0), new Target.RatioAtMost(1.3)),
                        figure("bb", List.of(50.25), null, new Target.AtMost(40)),
                        figure("c", List.of(7.0, 9.0), null, new Target.None()));
        assertThat(Report.table(figures))
                .isEqualTo(
                        """
                        figure         median      min–max  baseline  ratio  target
                        Title of a   1,100 ms  1,100–1,100  1,000 ms   1.10  ratio ≤ 1.3  met
                        Title of bb   50.3 ms    50.3–50.3         –      –  ≤ 40 ms      MISSED
                        Title of c     8.0 ms      7.0–9.0         –      –  –
                          Title of a: a note.
                          Title of bb: a note.
                          Title of c: a note.
                        """);
    }

    @Test
    void aFigureIsOneLineOfJson() {
        Figure figure =
                figure(
                        "start",
                        List.of(130.0, 120.0, 200.0),
                        List.of(100.0, 100.0, 100.0),
                        new Target.RatioAtMost(1.3));
        assertThat(Report.json(figure))
                .isEqualTo(
                        "{\"id\":\"start\",\"value\":130.0,\"unit\":\"ms\",\"min\":120.0,\"max\":200.0,"
                                + "\"baseline\":100.0,\"ratio\":1.3,\"target\":\"ratio ≤ 1.3\",\"ok\":true}");
    }

    @Test
    void whatAFigureHasNotIsNullInJson() {
        assertThat(Report.json(figure("x", List.of(5.0), null, new Target.None())))
                .isEqualTo(
                        "{\"id\":\"x\",\"value\":5.0,\"unit\":\"ms\",\"min\":5.0,\"max\":5.0,"
                                + "\"baseline\":null,\"ratio\":null,\"target\":\"–\",\"ok\":null}");
    }

    @Test
    void aTargetIsMetByExactlyItsValueAndMissedByMore() {
        assertThat(figure("x", List.of(40.0), null, new Target.AtMost(40)).ok()).isTrue();
        assertThat(figure("x", List.of(40.1), null, new Target.AtMost(40)).ok()).isFalse();
    }

    @Test
    void aRatioAboveItsTargetIsMissed() {
        Figure figure = figure("x", List.of(14.0), List.of(10.0), new Target.RatioAtMost(1.3));
        assertThat(figure.ok()).isFalse();
    }

    @Test
    void whereMoreIsBetterARatioBelowItsTargetIsMissed() {
        Target target = new Target.RatioAtLeast(1);
        assertThat(target.text("1/s")).isEqualTo("ratio ≥ 1.0");
        assertThat(figure("x", List.of(9.0), List.of(10.0), target).ok()).isFalse();
        assertThat(figure("x", List.of(10.0), List.of(10.0), target).ok()).isTrue();
    }

    @Test
    void aTargetIsNotRounded() {
        assertThat(new Target.RatioAtMost(1.05).text("ms")).isEqualTo("ratio ≤ 1.05");
        assertThat(new Target.RatioAtMost(2).text("ms")).isEqualTo("ratio ≤ 2.0");
    }
}
