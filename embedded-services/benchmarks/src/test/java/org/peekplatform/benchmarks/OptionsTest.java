package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final List<String> KNOWN = List.of("start", "fanout");

    private static Options parse(String... arguments) {
        return Options.parse(KNOWN, arguments);
    }

    @Test
    void withoutArgumentsEverythingIsMeasured() {
        Options options = parse();
        assertThat(options.names()).isEmpty();
        assertThat(options.json()).isFalse();
        assertThat(options.pairs()).isZero();
    }

    @Test
    void figuresAndOptionsMayStandInAnyOrder() {
        Options options = parse("--json", "start", "--pairs", "9");
        assertThat(options.names()).containsExactly("start");
        assertThat(options.json()).isTrue();
        assertThat(options.pairs()).isEqualTo(9);
    }

    @Test
    void theBeginningOfSeveralNamesStandsForAllOfThem() {
        assertThat(
                        Options.parse(
                                        List.of("start", "vortex-burst", "vortex-idle"),
                                        "vortex",
                                        "--json")
                                .names())
                .containsExactly("vortex-burst", "vortex-idle");
    }

    @Test
    void anUnknownFigureIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> parse("strat"))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage("'strat' is neither a figure nor an option; figures are start, fanout");
    }

    @Test
    void aNumberMustBeOne() {
        assertThatThrownBy(() -> parse("--pairs", "few"))
                .hasMessage("--pairs needs a whole number above 0, not 'few'");
        assertThatThrownBy(() -> parse("--pairs")).hasMessage("--pairs needs a value");
    }

    @Test
    void onlyTheFigureWithACheckCanBeSabotaged() {
        assertThat(parse("fanout", "--sabotage").sabotage()).isTrue();
        assertThatThrownBy(() -> parse("--sabotage")).isInstanceOf(Options.UsageException.class);
        assertThatThrownBy(() -> parse("start", "--sabotage"))
                .hasMessageContaining("fanout --sabotage, ")
                .isInstanceOf(Options.UsageException.class);
    }
}
