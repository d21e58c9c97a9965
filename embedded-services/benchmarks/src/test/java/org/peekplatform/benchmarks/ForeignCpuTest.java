package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignCpuTest {
    private static String stat(String name, int user, int system, int childUser, int childSystem) {
        return "7 (%s) S 1 7 7 0 -1 4194560 1 2 3 4 %d %d %d %d 20 0 9 0"
                .formatted(name, user, system, childUser, childSystem);
    }

    @Test
    void whatThisProcessAndItsChildrenUseIsNotForeign() {
        ForeignCpu.Ticks before =
                ForeignCpu.ticks(
                        List.of("cpu  100 0 50 800 50 0 0 0 0 0"),
                        List.of(stat("java", 10, 5, 0, 0)));
        ForeignCpu.Ticks after =
                ForeignCpu.ticks(
                        List.of("cpu  160 0 70 900 70 0 0 0 0 0"),
                        List.of(stat("java", 20, 10, 15, 0), stat("a (b) c", 10, 0, 0, 0)));
        // 200 ticks, 120 of them idle or waiting; 40 of the 80 busy ones are ours.
        assertThat(ForeignCpu.percent(before, after)).isEqualTo(20.0);
    }

    @Test
    void aMachineThatTellsNothingCountsAsQuiet() {
        ForeignCpu.Ticks nothing = new ForeignCpu.Ticks(0, 0, 0);
        assertThat(ForeignCpu.percent(nothing, nothing)).isZero();
    }
}
