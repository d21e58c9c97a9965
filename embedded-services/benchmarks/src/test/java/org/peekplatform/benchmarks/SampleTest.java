package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(new Sample(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5.0);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(new Sample(List.of(4.0, 1.0, 8.0, 2.0)).median()).isEqualTo(3.0);
    }

    @Test
    void leastAndMostAreFoundWhereverTheyStand() {
        Sample sample = new Sample(List.of(4.0, 1.0, 8.0, 2.0));
        assertThat(sample.min()).isEqualTo(1.0);
        assertThat(sample.max()).isEqualTo(8.0);
    }

    @Test
    void theRatioIsTheMedianOfThePairsAndNotOfTheMedians() {
        Sample ours = new Sample(List.of(10.0, 40.0, 90.0));
        Sample baseline = new Sample(List.of(10.0, 20.0, 100.0));
        // Pairs: 1, 2, 0.9. The medians alone would give 2.
        assertThat(ours.ratioTo(baseline)).isEqualTo(1.0);
    }

    @Test
    void unequalNumbersMakeNoPairs() {
        Sample one = new Sample(List.of(1.0));
        Sample two = new Sample(List.of(1.0, 2.0));
        assertThatThrownBy(() -> one.ratioTo(two)).hasMessage("1 and 2 values make no pairs");
    }

    @Test
    void anEmptySampleIsRefused() {
        assertThatThrownBy(() -> new Sample(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
