package org.peekplatform.plugins.tutorial.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Audience;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.Summary;

class TutorialClientTest {
    @TempDir Path folder;

    @Test
    void theSummaryFollowsTheRows() throws Exception {
        try (FakePlatform platform = new FakePlatform(folder)) {
            platform.start(new TutorialServer()).start(new TutorialClient());
            List<Summary> seen = new ArrayList<>();
            platform.observer()
                    .observe(TupleSelector.of(Summary.class), update -> seen.addAll(update.rows()));

            platform.create(new StringInt(0, "a", StringInt.LARGEST_NUMBER));
            platform.create(new StringInt(0, "b", StringInt.LARGEST_NUMBER));
            platform.perform(new AddToInt(1, -1));

            assertThat(seen)
                    .containsExactly(
                            new Summary(0, "0"),
                            new Summary(1, "9007199254740991"),
                            new Summary(2, "18014398509481982"),
                            new Summary(2, "18014398509481981"));
            assertThat(platform.audience(Summary.class)).isEqualTo(Audience.DEVICES);
        }
    }
}
