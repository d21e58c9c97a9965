package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

    @TupleType(name = "other.Do")
    record Other(int times) implements ActionTuple {}

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

                    @Override
                    public boolean isInUse() {
                        return false;
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

    // Symptom: handlers that hang used up threads and connections without end, and an answer for
    // them
    // made room for more. Fix: a plugin has a share of its own, which it gets back when they end.
    @Test
    void aPluginThatHangsWaitsForItselfOnly() throws Exception {
        hub = hub(Duration.ofMillis(300));
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        new PartyActions(hub, Party.platform("test"))
                .handle(
                        Do.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            begun.incrementAndGet();
                            go.await();
                            return new ActionOutcome.Applied();
                        });
        new PartyActions(hub, Party.platform("other"))
                .handle(
                        Other.class,
                        Audience.DEVICES,
                        (action, context) -> new ActionOutcome.Applied());
        List<CompletableFuture<ActionGate.Done>> answers = new ArrayList<>();
        int all = ActionTurns.RUNNING_OF_A_PLUGIN + ActionTurns.WAITING_OF_A_PLUGIN;
        for (int i = 0; i < all; i++) {
            answers.add(send("test.Do"));
        }

        ActionGate.Done tooMany = send("test.Do").get(5, TimeUnit.SECONDS);
        assertThat(tooMany.code()).isEqualTo("CONFLICT");
        assertThat(tooMany.message())
                .isEqualTo(
                        "The plugin 'test' has too many actions under way; send test.Do again later.");
        assertThat(send("other.Do").get(5, TimeUnit.SECONDS).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(answers.getFirst().get(5, TimeUnit.SECONDS).message())
                .contains("may still be carried out");
        assertThat(answers.getLast().get(5, TimeUnit.SECONDS).message())
                .contains("'test' was busy")
                .contains("test.Do was not begun");
        go.countDown();
        for (CompletableFuture<ActionGate.Done> answer : answers) {
            answer.get(5, TimeUnit.SECONDS);
        }
        assertThat(send("test.Do").get(5, TimeUnit.SECONDS).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(begun).hasValue(ActionTurns.RUNNING_OF_A_PLUGIN + 1);
    }

    @Test
    void whoeverWaitsIsServed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> done = new CopyOnWriteArrayList<>();
        new PartyActions(hub, Party.platform("test"))
                .handle(
                        Do.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            go.await();
                            done.add(action.times());
                            return new ActionOutcome.Applied();
                        });
        List<CompletableFuture<ActionGate.Done>> answers = new ArrayList<>();
        for (int i = 0; i < 3 * ActionTurns.RUNNING_OF_A_PLUGIN; i++) {
            answers.add(send("test.Do", "{\"times\":" + i + "}"));
        }
        go.countDown();
        for (CompletableFuture<ActionGate.Done> answer : answers) {
            assertThat(answer.get(5, TimeUnit.SECONDS).result()).isEqualTo(Header.Result.APPLIED);
        }
        assertThat(done).hasSize(3 * ActionTurns.RUNNING_OF_A_PLUGIN).doesNotHaveDuplicates();
    }

    private CompletableFuture<ActionGate.Done> send(String type) {
        return send(type, "{\"times\":1}");
    }

    private CompletableFuture<ActionGate.Done> send(String type, String json) {
        return hub.act(type, json.getBytes(StandardCharsets.UTF_8), new Caller.Device("d"));
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
