package org.peekplatform.plugins.tutorial.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.Negate;
import org.peekplatform.plugins.tutorial.tuples.Negation;
import org.peekplatform.plugins.tutorial.worker.TutorialWorker;

class NegationsTest {
    @TempDir Path folder;
    private FakePlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private List<Negation> shown() {
        return platform.rows(TupleSelector.of(Negation.class));
    }

    @Test
    void aWorkerNegatesOneNumberAfterTheOther() throws Exception {
        platform.start(new TutorialWorker());
        assertThat(shown()).isEmpty();
        for (long number = 1; number <= 2; number++) {
            platform.tick();
            assertThat(shown()).extracting(Negation::state).containsExactly(TaskState.QUEUED);
            platform.queue().work();
            Negation done = shown().getFirst();
            assertThat(done.state()).isEqualTo(TaskState.DONE);
            assertThat(done.number()).isEqualTo(number);
            assertThat(done.result()).isEqualTo(-number);
        }
    }

    @Test
    void withoutAWorkerOneTaskWaitsAndIsNotQueuedTwice() {
        platform.tick();
        platform.tick();
        platform.queue().work();
        assertThat(platform.queue().submitted()).isEqualTo(1);
        assertThat(shown()).extracting(Negation::state).containsExactly(TaskState.QUEUED);
    }

    @Test
    void aTaskThatIsGivenUpIsShownWithItsReasonAndTheNextNumberFollows() {
        platform.capability(TaskEndpoints.class)
                .handle(
                        Negate.class,
                        (task, about) -> {
                            throw new IllegalStateException("no minus sign is left");
                        });
        platform.tick();
        platform.queue().work();
        assertThat(shown().getFirst().state()).isEqualTo(TaskState.DEAD);
        assertThat(shown().getFirst().problem()).isEqualTo("No minus sign is left.");
        platform.tick();
        assertThat(shown().getFirst().number()).isEqualTo(2);
    }
}
