package org.peekplatform.plugins.tutorial.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.DiskSpace;
import org.peekplatform.plugins.tutorial.calls.Gauge;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.Reading;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

class AgentReadingsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @TempDir Path folder;
    private FakePlatform platform;
    private AgentReadings readings;
    private Instant now = NOON;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
        readings = new AgentReadings(platform, platform.storage(), () -> now);
        readings.open();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void whatAnAgentReportsIsShownToEverybodyWithTheTimeOfTheServer() {
        readings.report(new DiskSpace("yard", 9));
        readings.report(new DiskSpace("depot", 37_120));
        now = NOON.plusSeconds(60);
        readings.report(new DiskSpace("yard", 8));

        assertThat(shown())
                .containsExactly(
                        new Reading("depot", 37_120, NOON),
                        new Reading("yard", 8, NOON.plusSeconds(60)));
    }

    @Test
    void aMachineThatHasBeenSilentIsForgotten() {
        readings.report(new DiskSpace("depot", 1));
        now = NOON.plus(AgentReadings.STALE_AFTER);
        readings.report(new DiskSpace("yard", 2));
        platform.tick();
        assertThat(shown()).hasSize(2);

        now = now.plus(Duration.ofMillis(1));
        platform.tick();
        assertThat(shown()).extracting(Reading::machine).containsExactly("yard");
    }

    @Test
    void thereIsALimitOfMachines() {
        for (int i = 0; i < AgentReadings.MOST_MACHINES; i++) {
            readings.report(new DiskSpace("m" + i, i));
        }
        assertThatThrownBy(() -> readings.report(new DiskSpace("one more", 1)))
                .hasMessageContaining("100 machines are known already");
        readings.report(new DiskSpace("m1", 77));
        assertThat(shown())
                .hasSize(AgentReadings.MOST_MACHINES)
                .contains(new Reading("m1", 77, now));
    }

    @Test
    void aRowIsAddedOfWhatAnAgentSaysNow() throws Exception {
        serve(() -> new DiskSpace("depot", 37_120));
        readings.addRow();

        assertThat(platform.rows(TupleSelector.of(StringInt.class)))
                .containsExactly(new StringInt(1, "Free MB on depot", 37_120));
        assertThat(shown()).containsExactly(new Reading("depot", 37_120, NOON));
    }

    @Test
    void withoutAnAgentASentenceSaysWhatToDoAndNothingIsAdded() {
        assertThatThrownBy(readings::addRow)
                .hasMessageContaining("start one (peek --service agent) and try again");
        serve(() -> {
            throw new PeekException(ErrorCode.TIMED_OUT, "no answer in 10 s");
        });
        assertThatThrownBy(readings::addRow)
                .hasMessageContaining("The agent did not answer in time");
        assertThat(platform.rows(TupleSelector.of(StringInt.class))).isEmpty();
    }

    private void serve(Gauge gauge) {
        platform.rpc().serve(Gauge.class, Set.of(ServiceKind.SERVER), gauge);
    }

    private List<Reading> shown() {
        return platform.rows(TupleSelector.of(Reading.class));
    }
}
