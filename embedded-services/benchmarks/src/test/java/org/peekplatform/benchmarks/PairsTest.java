package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PairsTest {
    private final List<String> order = new ArrayList<>();
    private int ours;

    private Pairs.Result measure(int pairs, Double... busy)
            throws IOException, InterruptedException {
        Queue<Double> percents = new ArrayDeque<>(List.of(busy));
        return new Pairs(pairs, () -> percents::remove)
                .measure(
                        () -> {
                            order.add("ours");
                            return ++ours;
                        },
                        () -> {
                            order.add("baseline");
                            return 1;
                        });
    }

    @Test
    void everyOtherPairBeginsWithTheBaseline() throws Exception {
        Pairs.Result result = measure(3, 0.0, 0.0, 0.0);
        assertThat(order)
                .containsExactly("ours", "baseline", "baseline", "ours", "ours", "baseline");
        assertThat(result.ours().values()).containsExactly(1.0, 2.0, 3.0);
        assertThat(result.repeated()).isZero();
    }

    @Test
    void aPairThatOthersDisturbedIsMeasuredAgain() throws Exception {
        Pairs.Result result = measure(2, 5.0, 80.0, 3.0);
        assertThat(result.ours().values()).containsExactly(1.0, 3.0);
        assertThat(result.foreignCpu().values()).containsExactly(5.0, 3.0);
        assertThat(result.repeated()).isEqualTo(1);
        assertThat(result.note()).contains("1 pairs were disturbed and repeated");
    }

    @Test
    void aMachineThatNeverGetsQuietDoesNotKeepItGoingForever() throws Exception {
        Pairs.Result result = measure(2, 90.0, 90.0, 90.0, 90.0);
        assertThat(result.ours().values()).containsExactly(3.0, 4.0);
        assertThat(result.foreignCpu().median()).isEqualTo(90.0);
    }
}
