package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    @Test
    void kilobytesOfTheKernelBecomeMillionsOfBytes() {
        ProcessMemory memory =
                ProcessMemory.of(
                        List.of(
                                "00400000-7ffc3a5f9000 ---p 00000000 00:00 0    [rollup]",
                                "Rss:              200000 kB",
                                "Pss:              150000 kB",
                                "Pss_Dirty:        100000 kB"));
        assertThat(memory).isEqualTo(new ProcessMemory(204.8, 153.6));
    }
}
