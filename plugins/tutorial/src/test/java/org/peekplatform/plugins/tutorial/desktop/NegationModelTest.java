package org.peekplatform.plugins.tutorial.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.worker.TutorialWorker;

class NegationModelTest {
    @TempDir Path folder;

    @Test
    void theTaskIsFollowedFromTheQueueToItsResult() throws Exception {
        try (FakePlatform platform = new FakePlatform(folder).start(new TutorialServer());
                NegationModel model = new NegationModel(platform.observer(), Runnable::run)) {
            assertThat(model.textProperty().get()).isEqualTo("No task has been submitted yet.");
            platform.tick();
            assertThat(model.textProperty().get())
                    .isEqualTo("The task to negate 1 waits for a worker.");
            platform.start(new TutorialWorker());
            platform.queue().work();
            assertThat(model.textProperty().get()).startsWith("A worker negated 1: -1, at ");
        }
    }
}
