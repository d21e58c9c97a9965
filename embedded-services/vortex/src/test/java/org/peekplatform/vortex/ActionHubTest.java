package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// Handlers that misbehave.
class ActionHubTest {
    private final PlatformThreads threads = new PlatformThreads();
    private final AtomicBoolean committed = new AtomicBoolean();
    private final ObservableHub observables =
            new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
    private ActionHub hub = hub(Duration.ofSeconds(30));

    @TupleType(name = "test.Do")
    record Do(int times) implements ActionTuple {}

    @TupleType(name = "test.Text")
    record Text(String text) implements Tuple {}

    @AfterEach
    void close() {
        hub.close();
        observables.close();
        threads.close();
    }

    private ActionHub hub(Duration patience) {
        Transactions transactions =
                new Transactions() {
                    @Override
                    public <R> R run(String plugin, Work<R> work) throws Exception {
                        R result = work.run(() -> {});
                        committed.set(true);
                        return result;
                    }

                    @Override
                    public void afterCommit(Runnable then) {
                        then.run();
                    }
                };
        return new ActionHub(transactions, observables, Authorisation.asDeclared(), patience);
    }

    private ActionGate.Done act(String json, ActionHandler<Do> handler) throws Exception {
        new PartyActions(hub, Party.platform("test")).handle(Do.class, Audience.DEVICES, handler);
        return hub.act("test.Do", json.getBytes(StandardCharsets.UTF_8), new Caller.Device("d"))
                .get(5, TimeUnit.SECONDS);
    }

    // Symptom: a handler that hangs used up what its senders may have under way, of every plugin.
    // Cause: only its end was an answer. Fix: it is answered for after a while.
    @Test
    void aHandlerThatHangsIsAnsweredFor() throws Exception {
        hub = hub(Duration.ofMillis(20));
        CountDownLatch never = new CountDownLatch(1);
        ActionGate.Done done =
                act(
                        "{}",
                        (action, context) -> {
                            never.await();
                            return new ActionOutcome.Applied();
                        });
        never.countDown();

        assertThat(done.code()).isEqualTo("TIMED_OUT");
        assertThat(done.message()).contains("test.Do").contains("may still be carried out");
    }

    @Test
    void anErrorInAHandlerIsAFaultAndNothingIsCommitted() throws Exception {
        ActionGate.Done done =
                act(
                        "{}",
                        (action, context) -> {
                            throw new StackOverflowError("org.secret.Thing");
                        });

        assertThat(done.code()).isEqualTo("INTERNAL");
        assertThat(done.message())
                .isEqualTo(
                        "The action test.Do failed and changed nothing; the log of the service says why.");
        assertThat(committed).isFalse();
    }

    @Test
    void aHandlerThatAnswersNullIsNamedAndNothingIsCommitted() throws Exception {
        ActionGate.Done done = act("{}", (action, context) -> nothing());

        assertThat(done.message()).isEqualTo("the handler of test.Do answered null");
        assertThat(committed).isFalse();
    }

    @SuppressWarnings("NullAway") // what a plugin compiled without the check may do
    private static ActionOutcome nothing() {
        return null;
    }

    // Symptom: an answer beyond what a frame holds ended the link of whoever had asked. Fix: it is
    // a
    // failure, and the transaction is rolled back.
    @Test
    void anAnswerBeyondWhatAFrameHoldsFails() throws Exception {
        String large = "x".repeat(Frame.MAX_BYTES);
        ActionGate.Done done =
                act("{}", (action, context) -> new ActionOutcome.Applied(new Text(large)));

        assertThat(done.message())
                .isEqualTo("the answer to test.Do is larger than 32 MiB; ask for less at once");
        assertThat(committed).isFalse();
    }

    @Test
    void anActionThatCannotBeReadIsToldWhere() throws Exception {
        ActionGate.Done done =
                act("{\"times\":\"often\"}", (action, context) -> new ActionOutcome.Applied());

        assertThat(done.code()).isEqualTo("BAD_REQUEST");
        assertThat(done.message())
                .isEqualTo("test.Do cannot be read at times: the value does not fit its type");
    }
}
