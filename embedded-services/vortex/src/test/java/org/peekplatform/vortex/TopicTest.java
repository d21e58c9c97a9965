package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TopicTest {
    private final Topic topic = new Topic(Selector.of("a.B", Map.of()));

    @Test
    void whoHoldsNothingGetsTheBaseAndAllDeltasAfterIt() {
        Frame base = snapshot("e", 1, 1_000);
        Frame second = delta("e", 1, 10);
        topic.snapshot(base);
        topic.delta(second);

        assertThat(topic.since(null, 0).frames()).containsExactly(base, second);
        assertThat(topic.since("other epoch", 2).frames()).containsExactly(base, second);
    }

    @Test
    void whoIsALittleBehindGetsTheDeltasOnly() {
        topic.snapshot(snapshot("e", 1, 1_000));
        topic.delta(delta("e", 1, 10));
        Frame third = delta("e", 2, 10);
        topic.delta(third);

        Topic.CatchUp news = topic.since("e", 2);

        assertThat(news.frames()).containsExactly(third);
        assertThat(news.version()).isEqualTo(3);
    }

    @Test
    void whoHoldsTheNewestGetsNothing() {
        topic.snapshot(snapshot("e", 1, 10));

        assertThat(topic.since("e", 1).frames()).isEmpty();
        assertThat(topic.since("e", 1).epoch()).isEqualTo("e");
    }

    @Test
    void aDeltaThatDoesNotContinueIsRefused() {
        topic.snapshot(snapshot("e", 1, 10));

        assertThat(topic.delta(delta("e", 2, 10))).isFalse();
        assertThat(topic.delta(delta("f", 1, 10))).isFalse();
        assertThat(topic.version()).isEqualTo(1);
    }

    @Test
    void aNewBaseOfTheSameVersionKeepsTheDeltasForThoseBehindAndTellsNobody() {
        AtomicInteger told = new AtomicInteger();
        topic.snapshot(snapshot("e", 1, 1_000));
        Frame second = delta("e", 1, 10);
        topic.delta(second);
        topic.add(changed -> told.incrementAndGet());
        Frame newBase = snapshot("e", 2, 1_000);

        topic.snapshot(newBase);

        assertThat(told).hasValue(0);
        assertThat(topic.since("e", 1).frames()).containsExactly(second);
        assertThat(topic.since(null, 0).frames()).containsExactly(newBase);
    }

    @Test
    void theLogIsBoundedOnceThereIsANewBase() {
        topic.snapshot(snapshot("e", 1, 10));
        for (int version = 1; version <= 2 * Topic.MAX_LOG_FRAMES; version++) {
            topic.delta(delta("e", version, 10));
            if (topic.wantsNewBase()) {
                topic.snapshot(snapshot("e", version + 1, 10));
            }
        }

        assertThat(topic.since("e", 1).frames().getFirst().header())
                .isInstanceOf(Header.Snapshot.class);
        assertThat(topic.since(null, 0).frames())
                .hasSizeLessThanOrEqualTo(Topic.MAX_LOG_FRAMES + 1);
    }

    @Test
    void manyDeltasThatWeighMoreThanTheBaseAreReplacedByIt() {
        Frame base = snapshot("e", 1, 500);
        topic.snapshot(base);
        topic.delta(delta("e", 1, 5_000));
        topic.snapshot(snapshot("e", 2, 500));

        assertThat(topic.since("e", 1).frames()).hasSize(1);
        assertThat(topic.since("e", 1).frames().getFirst().header())
                .isInstanceOf(Header.Snapshot.class);
    }

    @Test
    void aProblemIsToldAndLiftedByTheNextRows() {
        topic.snapshot(snapshot("e", 1, 10));
        Frame problem = Frame.of(new Header.Problem("[\"a.B\"]", "INTERNAL", "Broken."));

        topic.problem(problem);
        assertThat(topic.since("e", 1).problem()).isSameAs(problem);

        topic.delta(delta("e", 1, 10));
        assertThat(topic.since("e", 1).problem()).isNull();
    }

    // Symptom: a receiver a few large changes behind was sent a base older than what it held, and
    // all changes once more. Cause: only the sizes of base and deltas were compared. Fix: a base is
    // sent only when it is newer than what is held.
    @Test
    void nobodyIsTakenBackToABaseOlderThanWhatIsHeld() {
        topic.snapshot(snapshot("e", 1, 10));
        topic.delta(delta("e", 1, 10));
        Frame third = delta("e", 2, 5_000);
        Frame fourth = delta("e", 3, 5_000);
        topic.delta(third);
        topic.delta(fourth);

        assertThat(topic.since("e", 2).frames()).containsExactly(third, fourth);
    }

    // See LinkClientTest.aNewBaseOlderThanWhatIsHeldCausesNoFurtherRequests.
    @Test
    void deltasThatLeadNoFurtherAreOldNewsAndLiftAProblem() {
        AtomicInteger told = new AtomicInteger();
        topic.snapshot(snapshot("e", 1, 10));
        topic.delta(delta("e", 1, 10));
        topic.add(changed -> told.incrementAndGet());

        assertThat(topic.delta(delta("e", 1, 10))).isTrue();
        assertThat(told).hasValue(0);
        topic.problem(Frame.of(new Header.Problem("[\"a.B\"]", "INTERNAL", "Broken.")));
        assertThat(topic.delta(delta("e", 1, 10))).isTrue();

        assertThat(told).hasValue(2);
        assertThat(topic.since("e", 2).problem()).isNull();
        assertThat(topic.version()).isEqualTo(2);
        assertThat(topic.since(null, 0).frames()).hasSize(2);
    }

    @Test
    void aLateSnapshotOlderThanTheBaseChangesNothing() {
        Frame base = snapshot("e", 5, 10);
        topic.snapshot(base);
        Frame sixth = delta("e", 5, 10);
        topic.delta(sixth);
        topic.snapshot(snapshot("e", 3, 10));

        assertThat(topic.since(null, 0).frames()).containsExactly(base, sixth);
        assertThat(topic.version()).isEqualTo(6);
    }

    private static Frame snapshot(String epoch, long version, int bytes) {
        return Frame.of(new Header.Snapshot("[\"a.B\"]", epoch, version, false), new byte[bytes]);
    }

    private static Frame delta(String epoch, long from, int bytes) {
        return Frame.of(
                new Header.Delta("[\"a.B\"]", epoch, from, from + 1, false), new byte[bytes]);
    }
}
