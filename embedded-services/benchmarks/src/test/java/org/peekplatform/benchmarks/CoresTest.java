package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void theLastCoreThatMayBeUsedIsTheOne() {
        assertThat(cores("0-1")).isEqualTo(new Cores("0-1", "1"));
        assertThat(cores("2")).isEqualTo(new Cores("2", "2"));
        assertThat(cores("0,3-7,12")).isEqualTo(new Cores("0,3-7,12", "12"));
    }

    @Test
    void withoutAWordOfCoresNoneIsKnown() {
        assertThat(Cores.in("Name:\tjava\n").known()).isFalse();
    }

    private static Cores cores(String allowed) {
        return Cores.in(
                "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t"
                        + allowed
                        + "\nMems_allowed_list:\t0\n");
    }
}
