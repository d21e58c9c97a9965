package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.peekplatform.plugins.probe.calls.CallFigures;
import org.peekplatform.plugins.probe.calls.CallLoop;

class CallLoopTest {
    /// Answers at once.
    private record Immediate(UnaryOperator<String> answer) implements CallLoop.Callee {
        @Override
        public String call(String text) {
            return answer.apply(text);
        }

        @Override
        public CompletableFuture<String> callLater(String text) {
            return CompletableFuture.completedFuture(answer.apply(text));
        }
    }

    /// Answers when as many calls as may be in flight have come.
    private static final class Late implements CallLoop.Callee {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private final Set<String> texts = new HashSet<>();
        private final int inFlight;
        private int most;

        Late(int inFlight) {
            this.inFlight = inFlight;
        }

        @Override
        public String call(String text) {
            throw new IllegalStateException("calls are to be in flight together");
        }

        @Override
        public CompletableFuture<String> callLater(String text) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            waiting.add(() -> answer.complete(text));
            texts.add(text);
            most = Math.max(most, waiting.size());
            if (waiting.size() == inFlight) {
                assertThat(texts).as("what is in flight together differs").hasSize(inFlight);
                texts.clear();
                while (!waiting.isEmpty()) {
                    waiting.remove().run();
                }
            }
            return answer;
        }
    }

    @Test
    void callsOneByOneAreTimed() throws Exception {
        CallFigures figures = new CallLoop(new Immediate(text -> text), false).run(200, 1);
        assertThat(figures.p50()).isPositive().isLessThanOrEqualTo(figures.p99());
        assertThat(figures.perSecond()).isPositive();
    }

    @Test
    void asManyCallsAsWantedAreInFlight() throws Exception {
        Late late = new Late(64);
        CallFigures figures = new CallLoop(late, false).run(640, 64);
        assertThat(late.most).isEqualTo(64);
        assertThat(figures.perSecond()).isPositive();
    }

    @Test
    void aWrongAnswerEndsTheLoop() {
        CallLoop loop = new CallLoop(new Immediate(text -> text + "!"), false);
        assertThatThrownBy(() -> loop.run(200, 1))
                .isInstanceOf(CallLoop.WrongAnswerException.class)
                .hasMessageStartingWith("call 0 sent ");
        assertThatThrownBy(() -> loop.run(200, 64))
                .isInstanceOf(CallLoop.WrongAnswerException.class);
    }

    @Test
    void aCallThatFailsEndsTheLoop() {
        CallLoop.Callee failing =
                new CallLoop.Callee() {
                    @Override
                    public String call(String text) {
                        throw new IllegalStateException("gone");
                    }

                    @Override
                    public CompletableFuture<String> callLater(String text) {
                        return CompletableFuture.failedFuture(new IllegalStateException("gone"));
                    }
                };
        assertThatThrownBy(() -> new CallLoop(failing, false).run(200, 64))
                .isInstanceOf(CallLoop.WrongAnswerException.class)
                .hasMessageContaining("gone");
        assertThatThrownBy(() -> new CallLoop(failing, false).run(200, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneAnswerTakenForAnotherIsNoticed() {
        assertThatThrownBy(() -> new CallLoop(new Immediate(text -> text), true).run(200, 1))
                .isInstanceOf(CallLoop.WrongAnswerException.class)
                .hasMessageStartingWith("call 99 sent ");
        assertThatThrownBy(() -> new CallLoop(new Immediate(text -> text), true).run(200, 8))
                .isInstanceOf(CallLoop.WrongAnswerException.class);
    }
}
