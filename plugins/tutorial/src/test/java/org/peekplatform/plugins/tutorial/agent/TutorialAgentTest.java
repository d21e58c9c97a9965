package org.peekplatform.plugins.tutorial.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.Gauge;
import org.peekplatform.plugins.tutorial.calls.Readings;
import org.peekplatform.plugins.tutorial.client.TutorialClient;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AddReading;
import org.peekplatform.plugins.tutorial.tuples.Reading;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

class TutorialAgentTest {
    @TempDir Path folder;

    @Test
    void theAgentReportsWhatItsDiskHasOnceTheServerIsThere() throws Exception {
        try (FakePlatform platform = new FakePlatform(folder)) {
            platform.start(new TutorialAgent());
            Gauge gauge = platform.rpc().client(Gauge.class, RpcTarget.any(ServiceKind.AGENT));
            Readings readings =
                    platform.rpc().client(Readings.class, RpcTarget.any(ServiceKind.SERVER));
            assertThat(TutorialAgent.report(gauge, readings)).isFalse();

            platform.start(new TutorialServer());
            assertThat(TutorialAgent.report(gauge, readings)).isTrue();
            assertThat(platform.rows(TupleSelector.of(Reading.class)))
                    .singleElement()
                    .satisfies(reading -> {
                        assertThat(reading.machine()).isNotBlank();
                        assertThat(reading.freeMegabytes()).isPositive();
                    });
        }
    }

    @Test
    void aReadingOnDemandGoesFromTheClientPartOverTheServerToTheAgentAndBecomesARow()
            throws Exception {
        try (FakePlatform platform = new FakePlatform(folder)) {
            platform.start(new TutorialServer()).start(new TutorialClient());
            assertThat(platform.perform(new AddReading()))
                    .isInstanceOfSatisfying(
                            ActionOutcome.Rejected.class,
                            no -> assertThat(no.code().name()).isEqualTo("TUTORIAL_NO_AGENT"));

            platform.start(new TutorialAgent());
            assertThat(platform.perform(new AddReading())).isEqualTo(new ActionOutcome.Applied());
            assertThat(platform.rows(TupleSelector.of(StringInt.class)))
                    .singleElement()
                    .satisfies(row -> assertThat(row.string1()).startsWith("Free MB on "));
        }
    }
}
